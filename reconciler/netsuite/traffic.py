"""Reading who creates orders, and how each of them came into being."""

from collections.abc import Iterator

from reconciler.core.live import Gap, Gapped
from reconciler.core.traffic import Traffic
from reconciler.netsuite import traffic_queries, traffic_rows
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.own_view import Needed, View, lacking
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.side_by_side import Starter
from reconciler.netsuite.suiteql import chunks

# Without the first two rows are missing, without the third those of others are, and no error says so (netsuite-2.md 1).
_NEEDED: tuple[Needed, ...] = (
    (Gapped.ORDERS, frozenset({"TRAN_FIND", "Find Transaction"}), "Find Transaction (View)"),
    (Gapped.ORDERS, frozenset({"TRAN_SALESORD", "Sales Order"}), "Sales Order (View)"),
    (
        Gapped.NOTES,
        frozenset({"LIST_SYSTEMNOTES", traffic_queries.NOTE_PERMISSION.removesuffix(" (View)")}),
        traffic_queries.NOTE_PERMISSION,
    ),
)


def read_traffic(start: Starter, clock: AuditClock, view: View | None, days: int) -> Traffic:
    """Orders of so many days, with gaps for what could not be read or may be hidden.

    Args:
        start: starts reads.
        clock: on which the trail runs; columns of orders are likely on the same (netsuite-2.md 2).
        view: the login's own role; None where it is not known, which has a gap of its own.
        days: how far to look back.
    """
    orders = start(Gapped.ORDERS, [traffic_queries.orders(days)], traffic_rows.order)()
    samples = sorted({sample for order in orders.facts for sample in order.samples}, key=int)
    notes = start(Gapped.NOTES, map(traffic_queries.creations, chunks(samples)), traffic_rows.creation)()
    origins = traffic_rows.origins_of(notes.facts)
    groups = sorted((row.at(clock, origins) for row in orders.facts), key=lambda one: (one.day, one.author_id))
    return Traffic(tuple(groups), clock.offset, tuple(_gaps(orders, notes, view)))


def _gaps(
    orders: Reading[traffic_rows.OrderRow], notes: Reading[traffic_rows.Creation], view: View | None
) -> Iterator[Gap]:
    read = {*orders.gaps, *notes.gaps}
    yield from sorted(read)
    if view is not None:
        yield from lacking(view, _NEEDED, {gap.what for gap in read})
