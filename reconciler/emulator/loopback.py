"""Who may speak to the emulator's own doors: this machine, and no page of another origin."""

from typing import Final
from urllib.parse import urlsplit

from reconciler.emulator.wire import ActError, Request

BACK_DOOR: Final = "/_emulator/"
STATE: Final = f"{BACK_DOOR}state"
HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def check(request: Request, door: str) -> None:
    """Refuse a foreign caller: a page in a browser may reach loopback under a name of its own; Host gives it away.

    Args:
        request: what came in.
        door: the subject of the sentence that refuses.
    """
    if urlsplit(request.base_url).hostname not in HOSTS:
        raise ActError(403, f"{door} to the host 127.0.0.1 or localhost.")
    if "origin" in request.headers and request.headers["origin"] != request.base_url:
        raise ActError(403, f"{door} to no page of another origin.")
