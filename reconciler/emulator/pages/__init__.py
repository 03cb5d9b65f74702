"""A person's side: NetSuite's menus and the Connector's form as plain web pages.

Loaded with the first page that is asked for; it needs jinja2, from the extra `emulator`.
"""

from reconciler.emulator.pages.site import Pages, bare

__all__ = ["Pages", "bare"]
