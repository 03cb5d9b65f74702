"""What the probes of an account stand on."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.core.examination import LoginLook, TableState, TrailLook
from reconciler.core.live import ADMINISTRATOR, LiveState
from reconciler.netsuite.client import ReadClient

_ANSWERED = {TableState.ROWS, TableState.EMPTY}


@dataclass(frozen=True, slots=True)
class Ground:
    """The reading client, and what it has seen so far."""

    client: ReadClient
    login: LoginLook
    live: LiveState
    tables: Mapping[str, TableState]
    trail: TrailLook

    @property
    def is_administrator(self) -> bool:
        return self.login.role_id == ADMINISTRATOR

    def reads(self, table: str) -> bool:
        return self.tables.get(table) in _ANSWERED
