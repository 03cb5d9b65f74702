"""Notes which queries a read asked and how many rows came, for those who have to show what they rest on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from threading import Lock

from reconciler.core.access import QueryRead
from reconciler.netsuite.suiteql import Pages

_Asked = tuple[str, tuple[str | int, ...]]


class Noted:
    """Reads through another client, and notes what was answered; safe to use from several threads."""

    def __init__(self, client: Pages, passed: Callable[[], timedelta]) -> None:
        self._client = client
        self._passed = passed
        self._lock = Lock()
        self._rows: dict[_Asked, int] = {}
        self._after: dict[_Asked, timedelta] = {}

    def suiteql(self, text: str, params: Sequence[str | int], *, limit: int, offset: int, about: str) -> object:
        answer = self._client.suiteql(text, params, limit=limit, offset=offset, about=about)
        items = answer.get("items") if isinstance(answer, Mapping) else None
        asked = text, tuple(params)
        with self._lock:
            self._rows[asked] = self._rows.get(asked, 0) + (len(items) if isinstance(items, list) else 0)
            self._after[asked] = self._passed()
        return answer

    def queries(self) -> tuple[QueryRead, ...]:
        """Everything that was answered, in the order of the texts: equal reads give equal notes but for their times."""
        with self._lock:
            return tuple(
                QueryRead(*asked, self._rows[asked], self._after[asked]) for asked in sorted(self._rows, key=repr)
            )
