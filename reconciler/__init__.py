"""Plan and apply who owns the tokens of NetSuite integrations."""

__version__ = "0.1.0"
