"""From rows about orders to the types they stand for."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.core.traffic import OrderGroup, Origin
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.rows import count_in, id_in, id_or_nothing, time_in
from reconciler.netsuite.suiteql import Row


@dataclass(frozen=True, slots=True)
class OrderRow:
    """Orders of one author and day, whose times have no zone yet, with the ids of the first and the last of them."""

    author_id: str
    number: int
    first: datetime
    last: datetime
    samples: tuple[str, ...]

    def at(self, clock: AuditClock, origins: dict[str, Origin]) -> OrderGroup:
        seen = tuple(origins[sample] for sample in self.samples if sample in origins)
        return OrderGroup(
            self.first.date(), self.author_id, self.number, clock.utc(self.first), clock.utc(self.last), seen
        )


@dataclass(frozen=True, slots=True)
class Creation:
    """How one order was made."""

    order_id: str
    origin: Origin


def order(row: Row) -> OrderRow:
    return OrderRow(
        author_id=id_or_nothing(row, "createdby"),
        number=count_in(row, "number"),
        first=time_in(row, "firstat"),
        last=time_in(row, "lastat"),
        samples=tuple(dict.fromkeys((id_in(row, "firstid"), id_in(row, "lastid")))),
    )


def creation(row: Row) -> Creation:
    return Creation(id_in(row, "recordid"), Origin(row.get("context", ""), id_or_nothing(row, "role")))


def origins_of(found: tuple[Creation, ...]) -> dict[str, Origin]:
    """By order, the oldest note: NetSuite may leave several when an order is made."""
    origins: dict[str, Origin] = {}
    for one in found:
        origins.setdefault(one.order_id, one.origin)
    return origins
