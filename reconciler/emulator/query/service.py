"""The SuiteQL endpoint: POST /services/rest/query/v1/suiteql."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.accounts import REST_WEB_SERVICES, Caller, World
from reconciler.emulator.paging import Page, links, page_of
from reconciler.emulator.query.dialect import parsed
from reconciler.emulator.query.functions import FUNCTIONS, zoned
from reconciler.emulator.query.scope import Bindings, QueryError
from reconciler.emulator.query.select import Selects, Statement
from reconciler.emulator.query.tables import AUDIT_LOCAL, LOCAL, TOKEN_LOCAL, visible
from reconciler.emulator.query.values import Kind, Scalar, UnsupportedError, as_datetime, number_text, wall_clock
from reconciler.emulator.wire import COLLECTION, Answer, RefusedError, Request, json_answer, parsed_json

ROW_CAP: Final = 100_000
LONGEST_RUN: Final = 20.0
PREAMBLE: Final = "Invalid search query. Detailed unprocessed description follows. "
UNSUPPORTED: Final = "Search error occurred: Invalid or unsupported search."
# What a compiled query may do: read, and call functions. Anything else SQLite refuses by itself.
ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


@dataclass(frozen=True, slots=True)
class _Query:
    text: str
    params: tuple[Scalar, ...]


def answer(world: World, caller: Caller, request: Request) -> Answer:
    _check_access(caller)
    if "transient" not in request.headers.get("prefer", "").lower():
        raise RefusedError(
            400, "INVALID_REQUEST", "The request must have the header Prefer: transient.", ("o:errorHeader", "Prefer")
        )
    page = page_of(request)
    query = _query(world, request)
    try:
        statement, bindings, zones = _compiled(world, caller, query)
        total, rows = _run(world, statement, bindings, zones, page)
        return _result(world, statement, rows, request, page, _capped(world, total))
    except QueryError as error:
        raise _invalid(str(error)) from error
    except (UnsupportedError, RecursionError, OverflowError) as error:
        raise _invalid(UNSUPPORTED, str(error)) from error


def _capped(world: World, total: int) -> int:
    if total > ROW_CAP and world.switches.value("suiteql-row-cap") == "refused":
        raise UnsupportedError(f"the query has {total} rows, and no more than {ROW_CAP} can be had")
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
    if not isinstance(params, list) or any(isinstance(p, bool) or not isinstance(p, str | int | float) for p in params):
        raise _malformed("params must be a list of texts and numbers")
    if any(isinstance(p, int) and abs(p) >= 1 << 63 for p in params):
        raise _malformed("a number in params is too large")
    return _Query(content["q"], tuple(None if value == "" else value for value in params))


def _malformed(reason: str) -> RefusedError:
    return RefusedError(
        400,
        "INVALID_REQUEST",
        "The request could not be understood by the server due to malformed syntax.",
        reason=reason,
    )


def _invalid(text: str, reason: str = "") -> RefusedError:
    return RefusedError(400, "INVALID_PARAMETER", PREAMBLE + text, ("o:errorQueryParam", "q"), reason)


def _compiled(world: World, caller: Caller, query: _Query) -> tuple[Statement, dict[str, Scalar], dict[str, ZoneInfo]]:
    select, marks = parsed(query.text)
    if marks != len(query.params):
        raise UnsupportedError(f"the query has {marks} parameter marks and params {len(query.params)} values")
    zones = _zones(world, caller)
    now = world.clock.now()
    bound: dict[str, Scalar] = {
        "account": caller.account.id,
        "caller": caller.employee,
        "now": wall_clock(now, zones["sysdate"]),
        "until": now - world.switches.number("loginaudit-delay"),
    }
    bindings = Bindings(bound, query.params)
    count_is_zero = world.switches.value("loginaudit-count") == "zero"
    statement = Selects(visible(world, caller), bindings, count_is_zero).statement(select)
    names = [output.name for output in statement.outputs if output.name]
    if len(set(names)) < len(names):
        raise UnsupportedError("two columns have the same name; give each its own alias")
    return statement, bound, zones


def _zones(world: World, caller: Caller) -> dict[str, ZoneInfo]:
    """The zone of SYSDATE, and of each function of tables.py that makes a moment local."""
    switches = world.switches
    own = {
        "sysdate": switches.value("suiteql-sysdate-zone"),
        AUDIT_LOCAL: switches.value("loginaudit-zone"),
        TOKEN_LOCAL: switches.value("token-date-zone"),
    }
    usual = switches.value("suiteql-zone")
    chosen = {name: usual if value == "same" else value for name, value in own.items()}
    return {name: _zone(caller, value) for name, value in {LOCAL: usual, **chosen}.items()}


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


def _run(
    world: World, statement: Statement, bound: Mapping[str, Scalar], zones: Mapping[str, ZoneInfo], page: Page
) -> tuple[int, list[Sequence[Scalar]]]:
    with _restricted(world, zones) as execute:
        counted = f"SELECT COUNT(*) FROM ({statement.sql})"  # noqa: S608 - compiled here, with every value bound
        total = int(str(execute(counted, bound)[0][0]))
        limited = {**bound, "page_limit": max(0, min(page.limit, ROW_CAP - page.offset)), "page_offset": page.offset}
        inner = ("SELECT * FROM (", statement.sql, ")") if statement.is_limited else (statement.sql,)
        paged = " ".join((*inner, "LIMIT :page_limit OFFSET :page_offset"))
        return total, execute(paged, limited)


@contextmanager
def _restricted(
    world: World, zones: Mapping[str, ZoneInfo]
) -> Iterator[Callable[[str, Mapping[str, Scalar]], list[Sequence[Scalar]]]]:
    """A connection that can only read, has Oracle's functions, and gives up on an endless query."""
    problems: list[UnsupportedError] = []
    deadline = time.monotonic() + LONGEST_RUN

    def execute(sql: str, bound: Mapping[str, Scalar]) -> list[Sequence[Scalar]]:
        try:
            return [tuple(row) for row in connection.execute(sql, dict(bound))]
        except (sqlite3.Error, OverflowError) as error:
            raise problems[0] if problems else UnsupportedError(f"the query cannot be run: {error}") from error

    with world.database.exclusive() as connection:
        local = {name: zoned(zones[name]) for name in (LOCAL, AUDIT_LOCAL, TOKEN_LOCAL)}
        for name, function in {**FUNCTIONS, **local}.items():
            connection.create_function(name, -1, _remembering(function, problems), deterministic=True)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY)
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
        try:
            yield execute
        finally:
            connection.set_authorizer(None)
            connection.set_progress_handler(None, 0)


def _remembering(function: Callable[..., Scalar], problems: list[UnsupportedError]) -> Callable[..., Scalar]:
    """SQLite drops the text of an exception; keep it for the answer."""

    def called(*values: Scalar) -> Scalar:
        try:
            return function(*values)
        except UnsupportedError as error:
            problems.append(error)
            raise
        except (ArithmeticError, ValueError, TypeError) as error:
            problems.append(UnsupportedError(f"a function got a value it cannot take: {error}"))
            raise

    return called


def _result(
    world: World, statement: Statement, rows: list[Sequence[Scalar]], request: Request, page: Page, total: int
) -> Answer:
    names = _names(world, statement)
    kinds = [output.value.kind for output in statement.outputs]
    style = world.switches.value("suiteql-date-format")
    items = []
    for row in rows:
        texts = (_text(value, kind, style) for value, kind in zip(row, kinds, strict=True))
        item = {name: text for name, text in zip(names, texts, strict=True) if text is not None}
        items.append({"links": [], **item})
    content = {
        "links": links(request, page, total, previous="previous"),
        "count": len(items),
        "hasMore": page.offset + len(items) < total,
        "items": items,
        "offset": page.offset,
        "totalResults": total,
    }
    return json_answer(200, content, COLLECTION)


def _names(world: World, statement: Statement) -> list[str]:
    unnamed = sum(output.name is None for output in statement.outputs)
    if unnamed and world.switches.value("suiteql-unnamed") == "refused":
        raise _invalid(UNSUPPORTED, "an expression has no alias")
    numbers = iter(range(1, unnamed + 1))
    return [output.name or f"expr{next(numbers)}" for output in statement.outputs]


def _text(value: Scalar, kind: Kind, style: str) -> str | None:
    if value is None or value == "":
        return None
    if kind is Kind.DATE and not isinstance(value, str):
        return local_date(value, style)
    return value if isinstance(value, str) else number_text(value)


def local_date(seconds: float, style: str) -> str:
    """A datetime nobody formatted comes back as a bare date."""
    moment = as_datetime(seconds)
    parts = {"YYYY": f"{moment:%Y}", "MM": f"{moment:%m}", "DD": f"{moment:%d}"}
    parts |= {"M": str(moment.month), "D": str(moment.day)}
    separator = next(character for character in style if not character.isalpha())
    return separator.join(parts[part] for part in style.split(separator))
