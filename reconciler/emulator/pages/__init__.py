"""A person's side: NetSuite's menus and the Connector's form as plain web pages.

Loaded with the first page that is asked for, and jinja2 with it.
"""

from reconciler.emulator.pages.site import Pages, bare

__all__ = ["Pages", "bare"]
