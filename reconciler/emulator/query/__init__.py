"""SuiteQL: a whitelist over a real parser, compiled to SQLite."""

__all__: list[str] = []
