"""The record service for employees: the list of all, filtered and in pages."""

from typing import Final

from reconciler.emulator import filters
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.paging import Page, page_answer, page_of
from reconciler.emulator.record_requests import EMPLOYEES, check_may_read, parameters
from reconciler.emulator.wire import Answer, RefusedError, Request, not_served

MOST_PAGES: Final = 1000
MOST_RESULTS: Final = 100_000


def collection(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    """Ids and links only, as NetSuite lists records.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1540810951.html
    """
    check_may_read(world, caller)
    found = parameters(world, request, ("q", "limit", "offset", "ids", "expandRecords"))
    for batch in ("ids", "expandrecords"):
        if batch in found:
            raise not_served("reading a batch of records", ("o:errorQueryParam", batch))
    page = page_of(request)
    condition = filters.compiled(world, caller, found.get("q", ""))
    # The condition is made of this package's own SQL; what the caller wrote is bound.
    where = f"FROM employees e WHERE e.account = ? AND ({condition.sql})"
    values = (caller.account.id, *condition.values)
    total = world.database.number(f"SELECT COUNT(*) {where}", *values)
    reachable = _reachable(world, page, total)
    rows = world.database.rows(f"SELECT e.id {where} ORDER BY e.id LIMIT ? OFFSET ?", *values, page.limit, page.offset)
    items = [_item(request, row["id"]) for row in rows]
    return page_answer(request, page, items, total, previous="prev", reachable=reachable)


def _reachable(world: World, page: Page, total: int) -> int:
    """How many results pages of this size can show: a thousand pages, and a hundred thousand results.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156414087576.html
    """
    if world.switches.value("page-beyond-last") == "served":
        return total
    most = min(MOST_PAGES * page.limit, MOST_RESULTS)
    if page.offset >= most:
        detail = f"Invalid value for the query parameter. No more than {MOST_PAGES} pages can be returned."
        raise RefusedError(400, "INVALID_PARAMETER", detail, ("o:errorQueryParam", "offset"))
    return min(total, most)


def _item(request: Request, key: int) -> dict[str, object]:
    return {"links": [{"rel": "self", "href": f"{request.base_url}{EMPLOYEES}/{key}"}], "id": str(key)}
