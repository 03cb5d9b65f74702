"""Pages come from an index: what SQLite plans for the queries that matter, and that the shortcuts lose no row."""

# ruff: noqa: S608 - all queries are written in this file

import json
import random
import sqlite3
import threading
import time
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.emulator import accounts
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Database
from reconciler.emulator.query import service
from reconciler.emulator.query.execution import make_known
from reconciler.emulator.query.functions import zoned
from reconciler.emulator.query.narrowing import KELVIN
from reconciler.emulator.query.values import wall_clock
from reconciler.emulator.query.zones import Zone
from reconciler.emulator.wire import RefusedError, Request
from tests.emulator.clients import ACCOUNT, Emulator, Start
from tests.emulator.older_formats import made_older

NOW = 1_795_000_000  # 2026-11-18
AT = "TO_CHAR(date, 'YYYY-MM-DD HH24:MI:SS') AS at"


def reader(world: World, zone: str = "America/New_York") -> Caller:
    account = accounts.account(world, ACCOUNT)
    assert account is not None
    world.database.run("UPDATE employees SET time_zone = ? WHERE id = 4191", zone)
    found = accounts.caller(world, account, (4191, 1052), ("ADMI_LOGIN_OAUTH",), "Reconciler")
    assert found is not None
    return found


def plans(world: World, query: str, *params: str | int) -> list[str]:
    """What SQLite does for a page of the query."""
    compiled = service._compiled(world, reader(world), service._Query(query, params))  # noqa: SLF001 - its SQL
    statement, bound, zones = compiled
    with world.database.reading() as connected:
        make_known(connected, zones)
        window = {"page_limit": 1000, "page_offset": 2000, "page_end": 2999}
        sql = statement.paged if statement.is_plain else statement.sql
        return [row[3] for row in connected.connection.execute(f"EXPLAIN QUERY PLAN {sql}", {**bound, **window})]


@pytest.mark.parametrize(
    ("query", "params", "index"),
    [
        ("SELECT * FROM employee ORDER BY id", [], "sqlite_autoindex_employees_1 (account=?)"),
        ("SELECT id FROM employee WHERE id > ? ORDER BY id", [5], "employees_1 (account=? AND id>?)"),
        ("SELECT id FROM employee WHERE id IN (?, ?) ORDER BY id", [5, 6], "employees_1 (account=? AND id=?)"),
        ("SELECT id FROM transaction ORDER BY id DESC", [], "sqlite_autoindex_transactions_1 (account=?)"),
        ("SELECT id FROM systemnote ORDER BY id DESC", [], "system_notes_by_account (account=?)"),
        ("SELECT entity, role FROM employeerolesforsearch ORDER BY entity, role", [], "grants_1 (account=?)"),
        (f"SELECT {AT} FROM loginaudit WHERE oauthappname = ? AND date >= SYSDATE - 7", ["x"],
         "login_audit_by_application (account=? AND application=? AND at>? AND at<?)"),
    ],
)  # fmt: skip
def test_a_page_comes_from_an_index_in_its_order(
    story: Emulator, query: str, params: list[str | int], index: str
) -> None:
    plan = plans(story.server.world, query, *params)

    assert any(index in step for step in plan), plan
    assert not any(step.startswith("SCAN x") or "ORDER BY" in step for step in plan), plan


@pytest.mark.parametrize(
    ("query", "params", "index"),
    [
        ("SELECT id FROM employee WHERE email = ? ORDER BY id", ["a@example.com"], "employees_by_lower_email"),
        ("SELECT id FROM employee WHERE LOWER(email) IN (?, ?) ORDER BY id", ["a", "kb"], "employees_by_lower_email"),
        ("SELECT id FROM employee WHERE entityid IN (?, ?) ORDER BY id", ["a", "b"], "employees_by_entityid"),
        ("SELECT entity FROM employeerolesforsearch WHERE role = ? ORDER BY entity", [3], "grants_by_role"),
        ("SELECT id FROM transaction WHERE tranid = ?", ["SO1"], "transactions_by_number"),
        ("SELECT id FROM transaction WHERE createddate >= SYSDATE - 30 AND type = 'SalesOrd' ORDER BY id DESC", [],
         "transactions_by_time (account=? AND created>?)"),
        ("SELECT id FROM transaction WHERE trandate = TRUNC(SYSDATE)", [], "transactions_by_time"),
        ("SELECT name FROM systemnote WHERE recordtypeid = -30 AND type = 1 AND recordid IN (1, 2) ORDER BY id DESC",
         [], "system_notes_by_record (account=? AND record_type=? AND record_id=?)"),
        (f"SELECT {AT} FROM loginaudit ORDER BY date DESC", [], "login_audit_by_time (account=? AND at>? AND at<?)"),
        (f"SELECT {AT} FROM loginaudit WHERE date BETWEEN SYSDATE - 7 AND SYSDATE", [],
         "login_audit_by_time (account=? AND at>? AND at<?)"),
        ("SELECT MAX(date) AS d FROM loginaudit WHERE loginaudit.user = 4101", [], "login_audit_by_employee"),
        ("SELECT oauthappname, COUNT(*) AS n FROM loginaudit WHERE date >= SYSDATE - 400 GROUP BY oauthappname", [],
         "login_audit_by_time (account=? AND at>? AND at<?)"),
    ],
)  # fmt: skip
def test_a_condition_is_looked_up_in_an_index(story: Emulator, query: str, params: list[str | int], index: str) -> None:
    plan = plans(story.server.world, query, *params)

    assert any(index in step for step in plan), plan
    assert not any(step.startswith("SCAN x") for step in plan), plan


def test_no_row_costs_a_call_of_python(story: Emulator) -> None:
    """Zones and the usual formats are plain SQL; only what is the same for all rows is computed here."""
    query = (
        "SELECT oauthappname, TO_CHAR(date, 'YYYY-MM-DD') AS day, TO_CHAR(MAX(date), 'YYYY-MM-DD HH24:MI:SS') AS last,"
        " TRUNC(date, 'MM') AS month FROM loginaudit WHERE date >= SYSDATE - 400"
        " GROUP BY oauthappname, TO_CHAR(date, 'YYYY-MM-DD'), TRUNC(date, 'MM')"
    )
    world = story.server.world
    statement, _, _ = service._compiled(world, reader(world), service._Query(query, ()))  # noqa: SLF001 - its SQL

    assert "ora_to_char" not in statement.sql
    assert "ora_trunc" not in statement.sql
    assert "WHEN x.at >= " in statement.sql


def test_the_days_of_a_zone_are_grouped_as_numbers(story: Emulator) -> None:
    query = "SELECT TO_CHAR(date, 'YYYY-MM-DD') AS day FROM loginaudit GROUP BY status, TO_CHAR(date, 'YYYY-MM-DD')"
    world = story.server.world
    statement, _, _ = service._compiled(world, reader(world), service._Query(query, ()))  # noqa: SLF001 - its SQL

    assert statement.sql.endswith('GROUP BY (t1."date" + 62135596800) / 86400, t1."status"')


ZONES = sorted(zoneinfo.available_timezones())


@settings(max_examples=300)
@given(zone=st.sampled_from(ZONES), moment=st.integers(min_value=-10_000_000_000, max_value=10_000_000_000))
@example(zone="America/New_York", moment=1_793_512_799)
@example(zone="America/New_York", moment=1_793_512_800)
@example(zone="Africa/Casablanca", moment=1_771_120_800)
def test_a_zone_in_sql_is_the_zone_in_python(zone: str, moment: int) -> None:
    info = ZoneInfo(zone)
    connection = sqlite3.connect(":memory:")
    connection.create_function("ora_local", 1, zoned(info))

    shown = connection.execute(f"SELECT {Zone(info, NOW, 'ora_local').local('?1')}", (moment,)).fetchone()[0]

    assert shown == wall_clock(moment, info)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_a_zone_in_sql_knows_every_hour_around_now(zone: str) -> None:
    info = ZoneInfo(zone)
    start = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
    hours = range(start, start + 3 * 366 * 86_400, 1800)
    connection = sqlite3.connect(":memory:")
    connection.create_function("ora_local", 1, zoned(info))
    connection.execute("CREATE TABLE moments (at INTEGER)")
    connection.executemany("INSERT INTO moments VALUES (?)", ((hour,) for hour in hours))

    rows = connection.execute(f"SELECT at, {Zone(info, NOW, 'ora_local').local('at')} FROM moments")

    assert all(local == wall_clock(at, info) for at, local in rows)


def opened(file: Path) -> World:
    """A world of its own, with the story's people."""
    from reconciler.emulator.__main__ import open_world  # noqa: PLC0415 - the program is heavy for two fixtures
    from reconciler.emulator.behaviours import Switches  # noqa: PLC0415 - as above

    return open_world(file, Switches(), None, ACCOUNT)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Logins around the hour that comes twice (1 November 2026 in New York), and other nights."""
    world = opened(tmp_path_factory.mktemp("night") / "night.sqlite")
    world.database.run("DELETE FROM login_audit")
    world.clock.move_to(NOW)
    fall_back = int(datetime(2026, 11, 1, 6, 0, tzinfo=UTC).timestamp())
    generator = random.Random(11)  # noqa: S311 - a seed makes the test the same each time
    with world.database.transaction():
        for _ in range(600):
            near = generator.choice([fall_back, fall_back - 86_400, NOW - 3 * 86_400])
            world.database.insert(
                "login_audit",
                account=ACCOUNT,
                at=near + generator.randint(-20_000, 20_000),
                status=generator.choice(["Success", "Failure"]),
                application=generator.choice(["", "A", "a", "B"]),
                token="",
                employee=generator.choice([4101, 4172, None]),
                detail=generator.choice(["", "token_rejected"]),
            )
    yield world
    world.database.close()


def asked(world: World, query: str, page: str = "", params: Sequence[str | int] = ()) -> dict[str, Any]:
    headers = {"prefer": "transient", "host": "127.0.0.1"}
    body = json.dumps({"q": query, "params": params}).encode()
    request = Request("POST", f"/services/rest/query/v1/suiteql{page}", headers, body)
    answered: dict[str, Any] = json.loads(service.answer(world, reader(world), request).body)
    return answered


def local_times(world: World) -> list[str]:
    zone = ZoneInfo("America/New_York")
    rows = world.database.rows("SELECT at FROM login_audit")
    return [f"{datetime.fromtimestamp(row['at'], zone):%Y-%m-%d %H:%M:%S}" for row in rows]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(("limit", "offset"), [(7, 0), (7, 21), (100, 200), (1000, 0), (500, 500)])
def test_pages_by_wall_clock_time_keep_the_hour_that_comes_twice(
    night: World, direction: str, limit: int, offset: int
) -> None:
    expected = sorted(local_times(night), reverse=direction == "DESC")[offset : offset + limit]

    answered = asked(night, f"SELECT {AT} FROM loginaudit ORDER BY date {direction}", f"?limit={limit}&offset={offset}")

    assert [item["at"] for item in answered["items"]] == expected
    assert answered["totalResults"] == 600


@pytest.mark.parametrize("day", ["TO_CHAR(date, 'YYYY-MM-DD')", "TO_CHAR(TRUNC(date), 'YYYY-MM-DD')"])
def test_days_are_grouped_as_the_zone_has_them(night: World, day: str) -> None:
    key = day.replace("TO_CHAR(TRUNC(date), 'YYYY-MM-DD')", "TRUNC(date)")
    expected = Counter(time[:10] for time in local_times(night))

    answered = asked(night, f"SELECT {day} AS day, COUNT(*) AS n FROM loginaudit GROUP BY {key} ORDER BY 1")

    assert [(item["day"], int(item["n"])) for item in answered["items"]] == sorted(expected.items())


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operator=st.sampled_from(["=", "<", "<=", ">", ">=", "<>"]),
    minutes=st.integers(min_value=-26 * 60, max_value=26 * 60),
    mirrored=st.booleans(),
)
def test_comparing_wall_clock_times_loses_no_row_to_the_index(
    night: World, operator: str, minutes: int, mirrored: bool
) -> None:
    value = f"TO_DATE('2026-11-01 01:30:00', 'YYYY-MM-DD HH24:MI:SS') + {minutes} / 1440"
    plain, hidden = ("{1} {2} {0}", "{1} {2} {0} + 0") if mirrored else ("{0} {2} {1}", "{0} + 0 {2} {1}")
    query = "SELECT COUNT(*) AS n FROM loginaudit WHERE {}"

    narrow = asked(night, query.format(plain.format("date", value, operator)))
    # Arithmetic on the column keeps any index away.
    wide = asked(night, query.format(hidden.format("date", value, operator)))

    assert narrow["items"] == wide["items"]


@pytest.mark.parametrize(
    "condition",
    ["{} = 'A'", "NOT ({} = 'A')", "{} IN ('A', 'B')", "NOT ({} IN ('A', NULL))", "{} = 'A' OR status = 'Failure'"],
)
def test_comparing_texts_loses_no_row_to_the_index(night: World, condition: str) -> None:
    query = "SELECT COUNT(*) AS n FROM loginaudit WHERE {}"

    narrow = asked(night, query.format(condition.format("oauthappname")))
    wide = asked(night, query.format(condition.format("(oauthappname || '')")))

    assert narrow["items"] == wide["items"]


def test_lower_case_finds_every_character_that_has_it(start: Start) -> None:
    emulator = start()
    emulator.run("UPDATE employees SET email = 'Ma\N{KELVIN SIGN}ko@Example.com' WHERE id = 4172")

    rows = emulator.reader.items("SELECT id FROM employee WHERE LOWER(email) IN ('makko@example.com', 'nobody')")

    assert rows == [{"id": "4172"}]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which e-mail addresses are hard to compare: a Kelvin sign, odd characters, one before a NUL."""
    world = opened(tmp_path_factory.mktemp("people") / "people.sqlite")
    world.database.run("UPDATE employees SET email = ? WHERE id = 4172", f"Ma{KELVIN}Ko@Example.com")
    world.database.run("UPDATE employees SET email = ? WHERE id = 4191", 'o"\u00e9,\\]@Example.com')
    world.database.run("UPDATE employees SET email = ? WHERE id = 4101", "o")
    yield world
    world.database.close()


MEMBERS = ["makko@example.com", f"ma{KELVIN}ko@example.com", 'o"\u00e9,\\]@example.com', "o\0", "4172", "K" * 9]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("LOWER(email)", ["makko@example.com", "nobody"])
@example("LOWER(email)", ['o"\u00e9,\\]@example.com', "o\0"])
@example("id", [4172, 4191])
@example("id", ["4172", 4191])
@given(
    st.sampled_from(["email", "LOWER(email)", "entityid", "id", "UPPER(email)"]),
    st.lists(st.sampled_from([*MEMBERS, "", "Dana.Ortiz@example.com", 4172, 4191, -1, 2**63 - 1]), min_size=1),
)
def test_a_list_of_marks_finds_what_each_of_them_finds(people: World, column: str, members: list[str | int]) -> None:
    alternatives = " OR ".join(f"{column} = ?" for _ in members)
    marks = ", ".join("?" for _ in members)

    def found(condition: str) -> object:
        try:
            return asked(people, f"SELECT id FROM employee WHERE {condition} ORDER BY id", params=members)["items"]
        except RefusedError:
            return "refused: a text that is no number stands beside a number"

    assert found(f"{column} IN ({marks})") == found(alternatives)


@pytest.mark.parametrize(("column", "member"), [("entityid", "x"), ("LOWER(email)", "k"), ("id", 4172)])
def test_a_list_of_marks_is_the_same_sql_however_long(story: Emulator, column: str, member: str | int) -> None:
    def sql(members: int) -> str:
        query = f"SELECT id FROM employee WHERE {column} IN ({', '.join('?' * members)})"
        compiled = service._compiled(  # noqa: SLF001 - its SQL
            story.server.world,
            reader(story.server.world),
            service._Query(query, (member,) * members),  # noqa: SLF001
        )
        return compiled[0].sql

    assert sql(1) == sql(2) == sql(1000)


@pytest.mark.parametrize(("limit", "more"), [(1, True), (2, True), (3, False), (4, False)])
def test_a_page_knows_whether_it_is_the_last(story: Emulator, limit: int, more: bool) -> None:
    query = "SELECT id FROM employee WHERE id IN (4172, 4191, 4101) ORDER BY id"

    page = asked(story.server.world, query, f"?limit={limit}")

    assert (page["count"], page["totalResults"], page["hasMore"]) == (min(limit, 3), 3, more)


def test_a_long_query_keeps_nobody_waiting(start: Start, tmp_path: Path) -> None:
    emulator = start(database=tmp_path / "file.sqlite")
    client = emulator.reader
    answers: list[int] = []
    slow = (
        "SELECT COUNT(*) AS n FROM loginaudit a, loginaudit b, loginaudit c WHERE a.date < b.date AND b.date < c.date"
    )
    waiting = requests.Session()

    thread = threading.Thread(target=lambda: answers.append(client.with_(session=waiting).suiteql(slow).status_code))
    thread.start()
    began = time.monotonic()
    while thread.is_alive() and time.monotonic() - began < 1:
        assert client.send("GET", "/services/rest/system/v1/serverTime").status_code == 200
    emulator.run("DELETE FROM login_audit")

    thread.join(30)
    waiting.close()
    assert answers in ([200], [400])


def test_an_older_file_gets_the_indexes(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    world = Database(file)
    world.create()
    names = [row["name"] for row in world.rows("SELECT name FROM sqlite_master WHERE name LIKE '%_by_%'")]
    world.close()
    made_older(file, 2)

    upgraded = Database(file)

    found = [row["name"] for row in upgraded.rows("SELECT name FROM sqlite_master WHERE name LIKE '%_by_%'")]
    assert sorted(found) == sorted(names)
    assert upgraded.number("SELECT COUNT(*) FROM sqlite_stat1") > 10
    upgraded.close()
