"""Setup > Company > Company Information."""

from reconciler.emulator.pages.visit import Shown, Visit


def show(visit: Visit) -> Shown:
    """The account's id, its zone, and the address where all of it is served."""
    return Shown("company.html", {"served": visit.request.base_url})
