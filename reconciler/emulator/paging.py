"""limit, offset and the links between pages, which are the same for SuiteQL and for collections of records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import COLLECTION, Answer, RefusedError, Request, json_answer

LARGEST_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """The window of a collection that a request asks for."""

    limit: int
    offset: int


def page_of(request: Request) -> Page:
    values = {name.lower(): value for name, value in query_parameters(request.query)}
    limit = _whole_number(values, "limit", LARGEST_PAGE)
    offset = _whole_number(values, "offset", 0)
    if not 1 <= limit <= LARGEST_PAGE:
        raise _wrong("limit", f"The value of limit must be between 1 and {LARGEST_PAGE}.")
    if offset % limit:
        raise _wrong("offset", "The value of offset must be a multiple of limit.")
    return Page(limit, offset)


def _whole_number(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len("100000000")):
        raise _wrong(name, f"The value of {name} must be a whole number.")
    return int(text)


def _wrong(name: str, sentence: str) -> RefusedError:
    return RefusedError(
        400, "INVALID_PARAMETER", f"Invalid value for the query parameter. {sentence}", ("o:errorQueryParam", name)
    )


def page_answer(
    request: Request, page: Page, items: Sequence[object], total: int, *, previous: str, reachable: int | None = None
) -> Answer:
    """One page of results.

    Args:
        request: what was asked, for the links.
        page: which page it is.
        items: what stands on it.
        total: how many results there are.
        previous: what the link to the page before is called: SuiteQL says `previous`, record collections `prev`.
        reachable: how many of the results pages can show; None for all of them.
    """
    last = total if reachable is None else reachable
    content = {
        "links": _links(request, page, last, previous=previous),
        "count": len(items),
        "hasMore": page.offset + len(items) < last,
        "items": items,
        "offset": page.offset,
        "totalResults": total,
    }
    return json_answer(200, content, COLLECTION)


def _links(request: Request, page: Page, total: int, *, previous: str) -> list[dict[str, str]]:
    """Absolute links in the order of Oracle's sample of a query.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0210123130.html
    """
    last = (max(total - 1, 0) // page.limit) * page.limit
    found = {}
    if page.offset > 0:
        found[previous] = page.offset - page.limit
        found["first"] = 0
    if page.offset + page.limit < total:
        found["next"] = page.offset + page.limit
        found["last"] = last
    found["self"] = page.offset
    return [{"rel": rel, "href": _address(request, page.limit, offset)} for rel, offset in found.items()]


def _address(request: Request, limit: int, offset: int) -> str:
    others = [
        (name, value) for name, value in query_parameters(request.query) if name.lower() not in {"limit", "offset"}
    ]
    pairs = [*others, ("limit", str(limit)), ("offset", str(offset))]
    listed = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    return f"{request.base_url}{request.path}?{listed}"
