"""The ways into an account, each tried by itself."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.core.errors import NetSuiteError, ReconcilerError
from reconciler.netsuite.client import ReadClient


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the account: a client that cannot write, or why there is none. `method` is how it logs in.

    `at_restlets` is the same login at the other host, where it is one with a token.
    """

    key: str
    method: str
    client: ReadClient | None = None
    error: ReconcilerError | None = None
    at_restlets: ReadClient | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A door after the first request through it: the server's time, or why it stayed shut."""

    door: Door
    error: ReconcilerError | None
    answered: datetime | None = None

    @property
    def client(self) -> ReadClient | None:
        return self.door.client if self.error is None else None


def tried(door: Door) -> Tried:
    """Send one request through a door."""
    if door.client is None:
        return Tried(door, door.error or ReconcilerError("There is no such login."))
    try:
        return Tried(door, None, door.client.ping())
    except NetSuiteError as error:
        return Tried(door, error)
