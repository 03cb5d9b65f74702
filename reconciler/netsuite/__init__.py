"""The only room that talks to NetSuite: a signed client, SuiteQL into `LiveState`, and role writes."""
