"""The SuiteQL endpoint: POST /services/rest/query/v1/suiteql."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.accounts import REST_WEB_SERVICES, Caller, World
from reconciler.emulator.paging import Page, page_answer, page_of
from reconciler.emulator.query.dialect import parsed
from reconciler.emulator.query.execution import ROW_CAP, Row, page_of_rows
from reconciler.emulator.query.number_functions import LARGEST_WHOLE
from reconciler.emulator.query.scope import Bindings, Output, QueryError
from reconciler.emulator.query.select import Selects, Settings
from reconciler.emulator.query.statement import Statement
from reconciler.emulator.query.tables import visible
from reconciler.emulator.query.values import (
    DAY,
    DIGITS,
    Kind,
    Scalar,
    UnsupportedError,
    as_datetime,
    digits_of,
    number_text,
)
from reconciler.emulator.query.zones import Zone, Zones
from reconciler.emulator.record_requests import parameters
from reconciler.emulator.wire import Answer, RefusedError, Request, parsed_json

PREAMBLE: Final = "Invalid search query. Detailed unprocessed description follows. "
UNSUPPORTED: Final = "Search error occurred: Invalid or unsupported search."


@dataclass(frozen=True, slots=True)
class _Query:
    """A query as it came, with the values of its marks."""

    text: str
    params: tuple[Scalar, ...]


def answer(world: World, caller: Caller, request: Request) -> Answer:
    _check_access(caller)
    _check_headers(world, request)
    parameters(world, request, ("limit", "offset"))
    page = page_of(request)
    query = _query(world, request)
    try:
        statement, bindings, zones = _compiled(world, caller, query)
        columns = dict(zip(_names(world, statement), statement.outputs, strict=True))
        total, rows = page_of_rows(world, statement, bindings, zones, page)
        return _result(world, columns, rows, request, page, _capped(world, total))
    except QueryError as error:
        raise _invalid(str(error)) from error
    except (UnsupportedError, RecursionError, OverflowError) as error:
        raise _invalid(UNSUPPORTED, str(error)) from error


def _capped(world: World, total: int) -> int:
    if total > ROW_CAP and world.switches.value("suiteql-row-cap") == "refused":
        raise UnsupportedError(f"the query has more than {ROW_CAP} rows, and no more can be had")
    return min(total, ROW_CAP)


def _check_access(caller: Caller) -> None:
    for permission, name in ((REST_WEB_SERVICES, "REST Web Services"), ("REPO_ANALYTICS", "SuiteAnalytics Workbook")):
        if not caller.may(permission):
            raise RefusedError(
                403,
                "INSUFFICIENT_PERMISSION",
                f"Permission Violation: You need the '{name}' permission to access this page. "
                "Please contact your account administrator.",
            )


def _check_headers(world: World, request: Request) -> None:
    preferences = {preference.strip().lower() for preference in request.headers.get("prefer", "").split(",")}
    if "transient" not in preferences:
        raise RefusedError(
            400, "INVALID_REQUEST", "The request must have the header Prefer: transient.", ("o:errorHeader", "Prefer")
        )
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if world.switches.value("suiteql-content-type") == "checked" and not media_type.endswith(("/json", "+json")):
        raise RefusedError(
            415, "INVALID_REQUEST", "The body of a query must be application/json.", ("o:errorHeader", "Content-Type")
        )


def _query(world: World, request: Request) -> _Query:
    try:
        content = parsed_json(request.body)
    except ValueError as error:
        raise _malformed("the body is not JSON") from error
    if not isinstance(content, dict) or not isinstance(content.get("q"), str):
        raise _malformed("the body must be an object with the query in q")
    if unknown := set(content) - {"q", "params"}:
        raise _malformed(f"the body has unknown keys: {', '.join(sorted(unknown))}")
    params = content.get("params", [])
    if "params" in content and world.switches.value("suiteql-params") == "refused":
        raise _malformed("this account is older than 2026.2 and knows no params (behaviour suiteql-params)")
    if not isinstance(params, list):
        raise _malformed("params must be a list")
    others_count = world.switches.value("suiteql-other-params") == "accepted"
    return _Query(content["q"], tuple(_param(value, others_count=others_count) for value in params))


def _param(value: object, *, others_count: bool) -> Scalar:
    """A bound value; an empty text is NULL, as everywhere."""
    if isinstance(value, bool) and others_count:
        return "T" if value else "F"
    if value is None and others_count:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _malformed("params must be a list of texts and numbers (behaviour suiteql-other-params)")
    if isinstance(value, str):
        return value or None
    number = Decimal(repr(value))
    is_whole = number == number.to_integral_value()
    if (abs(number) > LARGEST_WHOLE) if is_whole else (digits_of(number) > DIGITS):
        raise _malformed("a number in params has more digits than can be kept")
    return int(number) if is_whole else value


def _malformed(reason: str) -> RefusedError:
    return RefusedError(
        400,
        "INVALID_REQUEST",
        "The request could not be understood by the server due to malformed syntax.",
        reason=reason,
    )


def _invalid(text: str, reason: str = "") -> RefusedError:
    return RefusedError(400, "INVALID_PARAMETER", PREAMBLE + text, ("o:errorQueryParam", "q"), reason)


def _compiled(world: World, caller: Caller, query: _Query) -> tuple[Statement, dict[str, Scalar], Zones]:
    select, marks = parsed(query.text)
    if marks != len(query.params):
        raise UnsupportedError(f"the query has {marks} parameter marks and params {len(query.params)} values")
    now = world.clock.now()
    zones = _zones(world, caller, now)
    bound: dict[str, Scalar] = {
        "account": caller.account.id,
        "caller": caller.employee,
        "now": zones.sysdate.wall_clock(now),
        "until": now - world.switches.number("loginaudit-delay"),
    }
    bindings = Bindings(bound, query.params)
    statement = Selects(visible(world, caller), bindings, zones, _settings(world)).statement(select)
    return statement, bound, zones


def _settings(world: World) -> Settings:
    return Settings(
        count_of_audit_is_zero=world.switches.value("loginaudit-count") == "zero",
        fetches_first=world.switches.value("suiteql-fetch-first") == "served",
        missing=_missing(world.switches.value("suiteql-missing-record")),
    )


def _missing(wanted: str) -> Callable[[str], QueryError]:
    """A table that is not there, or not for this role: NetSuite was seen to say it in two ways."""
    if wanted == "invalid-search-type":
        return lambda record: QueryError(f"Invalid search type: {record}.")
    return lambda record: QueryError(f"Search error occurred: Record '{record}' was not found.")


def _zones(world: World, caller: Caller, now: int) -> Zones:
    switches = world.switches
    usual = switches.value("suiteql-zone")

    def chosen(value: str, function: str) -> Zone:
        return Zone(_zone(caller, usual if value == "same" else value), now, function)

    return Zones(
        usual=chosen(usual, "ora_local"),
        audit=chosen(switches.value("loginaudit-zone"), "ora_local_audit"),
        token=chosen(switches.value("token-date-zone"), "ora_local_token"),
        sysdate=chosen(switches.value("suiteql-sysdate-zone"), "ora_local_sysdate"),
    )


def _zone(caller: Caller, chosen: str) -> ZoneInfo:
    match chosen:
        case "utc":
            return ZoneInfo("UTC")
        case "account":
            return ZoneInfo(caller.account.time_zone)
        case "pacific":
            return ZoneInfo("America/Los_Angeles")
        case _:
            return ZoneInfo(caller.time_zone)


def _result(
    world: World, columns: Mapping[str, Output], rows: Sequence[Row], request: Request, page: Page, total: int
) -> Answer:
    style = world.switches.value("suiteql-date-format")
    dates = frozenset(name for name, output in columns.items() if output.value.kind is Kind.DATE)
    items = [_item(columns, row, dates, style) for row in rows]
    return page_answer(request, page, items, total, previous="previous")


def _names(world: World, statement: Statement) -> list[str]:
    unnamed = sum(output.name is None for output in statement.outputs)
    if unnamed and world.switches.value("suiteql-unnamed") == "refused":
        raise _invalid(UNSUPPORTED, "an expression has no alias")
    numbers = iter(range(1, unnamed + 1))
    names = [output.name or f"expr{next(numbers)}" for output in statement.outputs]
    if len({"links", *names}) <= len(names):
        raise UnsupportedError("two columns have the same name, or one is called links; give each its own alias")
    return names


def _item(names: Iterable[str], row: Row, dates: Container[str], style: str) -> dict[str, object]:
    """A row as it is answered: everything is text, and what is NULL is left out."""
    item: dict[str, object] = {"links": []}
    for name, value in zip(names, row, strict=True):
        if isinstance(value, str):
            if value:
                item[name] = value
        elif value is not None:
            item[name] = local_date(value, style) if name in dates else number_text(value)
    return item


def local_date(seconds: float, style: str) -> str:
    """A datetime nobody formatted comes back as a bare date."""
    return _day_text(int(seconds // DAY), style)


@lru_cache(maxsize=4096)
def _day_text(day: int, style: str) -> str:
    moment = as_datetime(day * DAY)
    parts = {"YYYY": f"{moment.year:04}", "MM": f"{moment:%m}", "DD": f"{moment:%d}"}
    parts |= {"M": str(moment.month), "D": str(moment.day)}
    separator = next(character for character in style if not character.isalpha())
    return separator.join(parts[part] for part in style.split(separator))
