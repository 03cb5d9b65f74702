"""SuiteQL for orders and the notes of their creation (netsuite-2.md 1)."""

# ruff: noqa: S608 - every name in a text is one of ours; what comes from outside is a bound parameter
from collections.abc import Sequence

from reconciler.netsuite.queries import TIME, numbers
from reconciler.netsuite.suiteql import Query, marks

ORDER_PERMISSION = "Find Transaction (View) and Sales Order (View)"
NOTE_PERMISSION = "System Notes for Analytics and REST (View)"


def orders(days: int) -> list[Query]:
    """One row per author and day, with the first and the last order of each: their notes are asked for by id.

    The day is that of the clock on which the column shows its times, likely the calling user's (netsuite-2.md 2).
    """
    day = "TO_CHAR(createddate, 'YYYY-MM-DD')"
    text = (
        f"SELECT createdby, {day} AS day, COUNT(*) AS number, TO_CHAR(MIN(createddate), {TIME}) AS firstat, "
        f"TO_CHAR(MAX(createddate), {TIME}) AS lastat, MIN(id) AS firstid, MAX(id) AS lastid FROM transaction "
        f"WHERE type = 'SalesOrd' AND createddate >= SYSDATE - {days} "
        f"GROUP BY createdby, {day} ORDER BY createdby, {day}"
    )
    return [Query("transaction", text, ("createdby", "day"), ORDER_PERMISSION)]


def creations(order_ids: Sequence[str]) -> list[Query]:
    """The notes that say how these orders came into being; asked for alone, for joins with this table time out."""
    text = (
        "SELECT id, recordid, role, context FROM systemnote "
        f"WHERE recordtypeid = -30 AND type = 1 AND recordid IN ({marks(order_ids)}) ORDER BY id ASC"
    )
    return [Query("systemnote", text, ("id",), NOTE_PERMISSION, numbers(order_ids))]
