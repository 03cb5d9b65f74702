"""Setup > Company > Company Information."""

from reconciler.emulator.pages.visit import Shown, Visit


def show(visit: Visit) -> Shown:
    """The account's id, zone and addresses; those that NetSuite would have are named, the emulator's own can be used."""
    return Shown("company.html", {"served": visit.request.base_url})
