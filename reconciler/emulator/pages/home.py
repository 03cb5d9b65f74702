"""The home page."""

from reconciler.emulator import connector
from reconciler.emulator.accounts import OWN_TOKENS, VIEW
from reconciler.emulator.pages.visit import HOME, Moved, Shown, Visit


def show(visit: Visit) -> Shown:
    application = connector.application_of(visit.world, visit.account.id)
    return Shown("home.html", {"has_own_tokens": visit.by.may(OWN_TOKENS, VIEW), "application": application})


def go_home(visit: Visit) -> Moved:
    return Moved(visit.link(HOME))
