"""System notes: who changed what of which record, and the one place that writes them."""

from dataclasses import dataclass
from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.database import Value

# Types of records; that of an integration record is not known.
EMPLOYEE: Final = -9
TRANSACTION: Final = -30
INTEGRATION: Final = None
CREATED: Final = 1
CHANGED: Final = 4
USER_INTERFACE: Final = "UIF"
COLUMNS: Final = "account at record_type record_id record field type name role context old new"
Record = tuple[int | None, int, str]  # its type, id and name
Change = tuple[str, str, str]  # of which field, and both values
NOTHING: Final[Change] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Author:
    """An employee in a role, and the way they came."""

    employee: int
    role: int
    context: str


def row(account: str, at: int, author: Author, record: Record, change: Change, kind: int) -> tuple[Value, ...]:
    """The columns COLUMNS of a note."""
    field, old, new = change
    return account, at, *record, field, kind, author.employee, author.role, author.context, old, new


def write(world: World, account: str, author: Author, record: Record, change: Change, kind: int = CHANGED) -> None:
    rows = [row(account, world.clock.now(), author, record, change, kind)]
    world.database.insert_all("system_notes", COLUMNS, rows)
