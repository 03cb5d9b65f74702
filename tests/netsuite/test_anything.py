"""Whatever comes over the wire, only our own exceptions come out."""

import json
import string
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import NetSuiteError, UnreadableAnswerError
from reconciler.core.secret import Secret
from reconciler.netsuite import rows
from reconciler.netsuite.answers import is_busy, json_in, raise_refusal, refusal_in
from reconciler.netsuite.audit_clock import AuditClock, calibrate
from reconciler.netsuite.suiteql import Row
from reconciler.netsuite.transport import Answer, _retry_after

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "o:errorDetails", "detail", "x"]), inner),
)
COLUMNS = sorted(
    {"id", "name", "scriptid", "isinactive", "giveaccess", "email", "entityid", "employeeid", "role", "userid"}
    | {"status", "oauthappname", "firstat", "lastat", "created", "entity_name", "role_name", "state", "statetext"}
)
VALUES = st.text() | st.sampled_from(["T", "F", "7", "-5", "Success", "2026-11-22 09:00:00", "0001-01-01 00:00:00"])


@given(st.integers(100, 599), st.text(string.printable), st.binary())
def test_any_bytes(status: int, content_type: str, body: bytes) -> None:
    answer = Answer(status, content_type, body)
    refusal = refusal_in(answer, (Secret("x"),))
    is_busy(answer, refusal)

    with pytest.raises(NetSuiteError):
        raise_refusal(answer, refusal, "something")


@given(JSON)
def test_any_json_as_a_refusal(body: object) -> None:
    answer = Answer(400, "application/json", json.dumps(body).encode())
    refusal = refusal_in(answer, ())

    assert refusal.detail.isprintable()
    with pytest.raises(NetSuiteError):
        raise_refusal(answer, refusal, "something")


@given(st.binary())
def test_any_bytes_as_json(body: bytes) -> None:
    with suppress(UnreadableAnswerError):
        json_in(Answer(200, "application/json", body), "something")


@pytest.mark.parametrize(
    "parse", [rows.employee, rows.role, rows.grant, rows.token, rows.integration, rows.login, rows.own_login]
)
@given(row=st.dictionaries(st.sampled_from(COLUMNS), VALUES))
def test_any_row(parse: Callable[[Row], object], row: dict[str, str]) -> None:
    try:
        fact = parse(row)
    except UnreadableAnswerError:
        return
    if isinstance(fact, rows.LoginRow):
        fact.at(AuditClock(timedelta(hours=14)))


@given(st.text(), st.text())
def test_any_retry_after(wait: str, date: str) -> None:
    seconds = _retry_after({"Retry-After": wait, "Date": date})

    assert seconds is None or seconds >= 0


@given(st.integers(-60, 60), st.integers(-290, 290))
def test_every_zone_is_found_though_clocks_differ_by_minutes(quarters: int, seconds: int) -> None:
    answer = datetime(2026, 11, 22, 9, tzinfo=UTC)
    row = (answer + quarters * timedelta(minutes=15) + timedelta(seconds=seconds)).replace(tzinfo=None)

    assert calibrate(row, answer).offset == quarters * timedelta(minutes=15)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(-60, 60))  # noqa: DTZ001 - the trail has none
def test_utc_is_right_or_up_to_an_hour_late(moment: datetime, quarters: int) -> None:
    answer = datetime(2026, 11, 22, 9, tzinfo=UTC)
    offset = quarters * timedelta(minutes=15)
    clock = calibrate((answer + offset).replace(tzinfo=None), answer)

    assert timedelta() <= clock.utc(moment + offset) - moment.replace(tzinfo=UTC) <= timedelta(hours=1)


ZONES = st.sampled_from(
    [
        "America/Denver",
        "America/Los_Angeles",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Phoenix",
        "Africa/Lagos",
    ]
)
DAYS = st.datetimes(datetime(2025, 11, 1), datetime(2026, 11, 22), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is given


@given(ZONES, DAYS, st.lists(DAYS, min_size=1))
def test_across_a_change_of_clocks_silence_is_never_longer_than_it_was(
    zone: str, now: datetime, moments: list[datetime]
) -> None:
    """And rows keep the order in which their own clocks show them."""

    def written(moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    clock = calibrate(written(now), now)
    past = [moment for moment in moments if moment <= now]
    assert all(timedelta() <= clock.utc(written(moment)) - moment <= timedelta(hours=1) for moment in past)
    in_order = sorted(past, key=written)
    assert [clock.utc(written(moment)) for moment in in_order] == sorted(clock.utc(written(one)) for one in past)


def test_without_a_database_of_zones_an_hour_is_always_allowed_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.netsuite.audit_clock.available_timezones", set)
    now = datetime(2026, 3, 3, 9, 20, tzinfo=UTC)
    clock = calibrate(datetime(2026, 3, 3, 9, 20), now)  # noqa: DTZ001 - the trail has none
    rows = [now.replace(tzinfo=None) - timedelta(minutes=minutes) for minutes in range(0, 600, 7)]

    told = [clock.utc(row) for row in rows]

    assert told == sorted(told, reverse=True)
    assert all(
        timedelta() <= moment - row.replace(tzinfo=UTC) <= timedelta(hours=1)
        for row, moment in zip(rows, told, strict=True)
    )
    assert told[-1] - rows[-1].replace(tzinfo=UTC) == timedelta(hours=1)
