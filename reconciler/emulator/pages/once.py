"""What is shown a single time: the credentials of a new token."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST_WAITING: Final = 100


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token whose secret is still to be shown, once."""

    account: str
    key: str
    token_id: str
    token_secret: str


@dataclass(slots=True)
class Once:
    """Kept in memory only, and forgotten when it is looked at."""

    _waiting: OrderedDict[str, NewToken] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, token: NewToken) -> str:
        """Keep it for the page that shows it; answers under which key."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._waiting[key] = token
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
        return key

    def take(self, key: str) -> NewToken | None:
        with self._lock:
            return self._waiting.pop(key, None)
