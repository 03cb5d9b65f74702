"""A refused login: tried once, diagnosed from here, and tried again only where it may be overload."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reconciler.core.errors import LoginRefusedError, UnreadableAnswerError
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.login_check import checked, shown_length
from reconciler.netsuite.transport import Limits
from tests.netsuite.stub import Reply, Stub, page, refusal

TIME = Reply(200, {"serverTime": "2026-11-22T09:00:00.000Z"})
REFUSED = refusal(401, "INVALID_LOGIN", "Invalid login attempt.")
PARTS = tuple(map(Secret, ("a1", "b2", "c3", "d4")))


def refused_message(client: ReadClient) -> str:
    with pytest.raises(LoginRefusedError) as raised:
        client.ping()
    return raised.value.message


def diagnosis(account: Account, parts: tuple[Secret, ...] = PARTS, ahead: timedelta | None = None) -> str:
    found = checked(LoginRefusedError("Refused.", status=401), account, parts, ahead, was_accepted=False)
    assert isinstance(found, LoginRefusedError)
    return found.message


def dated(reply: Reply, ahead: timedelta) -> Reply:
    return replace(reply, headers={"Date": format_datetime(datetime.now(UTC) + ahead, usegmt=True)})


# How often


def test_a_wrong_login_makes_exactly_one_request(stub: Stub, reader: ReadClient) -> None:
    stub.otherwise = lambda _: REFUSED

    refused_message(reader)

    assert len(stub.asked) == 1
    assert stub.waited == []


def test_a_login_that_worked_before_is_tried_once_more_and_signed_anew(stub: Stub, reader: ReadClient) -> None:
    stub.script = [TIME, REFUSED, TIME]

    reader.ping()
    reader.ping()

    assert stub.waited == [5.0]
    assert len({asked.headers["Authorization"] for asked in stub.asked}) == 3


def test_never_more_than_one_second_try_in_a_run(stub: Stub, reader: ReadClient) -> None:
    stub.script = [TIME]
    stub.otherwise = lambda _: REFUSED
    reader.ping()

    for _ in range(5):
        assert "accepted earlier in this run" in refused_message(reader)

    assert len(stub.asked) == 1 + 5 + 1


def test_a_slow_refusal_may_be_overload(stub: Stub) -> None:
    stub.script = [REFUSED, TIME]

    with stub.reader(limits=Limits(slow_login=0.0)) as client:
        client.ping()

    assert len(stub.asked) == 2


def test_a_slow_refusal_that_stays_is_tried_twice_only(stub: Stub) -> None:
    stub.otherwise = lambda _: REFUSED

    with stub.reader(limits=Limits(slow_login=0.0)) as client:
        refused_message(client)

    assert len(stub.asked) == 2


@pytest.mark.parametrize(("status", "attempts"), [(500, 2), (501, 1), (502, 4), (503, 4), (504, 4), (520, 4)])
def test_failures_of_the_server_are_tried_again_and_a_500_once(
    stub: Stub, reader: ReadClient, status: int, attempts: int
) -> None:
    stub.otherwise = lambda _: Reply(status, {})

    with pytest.raises(Exception, match=str(status)):
        reader.ping()

    assert len(stub.asked) == attempts


# What is said


def test_what_was_looked_at_is_said() -> None:
    usual = Account("1234567_SB1", "https://1234567-sb1.suitetalk.api.netsuite.com")

    said = diagnosis(usual, ahead=timedelta(seconds=20))

    assert "realm 1234567_SB1; host 1234567-sb1.suitetalk.api.netsuite.com; clocks 20 seconds apart" in said
    assert "consumer_key, consumer_secret, token_id, token_secret are all set" in said
    assert "a refresh deletes every token" in said


def test_in_production_nobody_speaks_of_refreshes() -> None:
    said = diagnosis(Account("1234567", "https://1234567.suitetalk.api.netsuite.com"))

    assert "refresh" not in said
    assert "clocks unknown" in said


@pytest.mark.parametrize("account", ["acme", "1234567-SB", "1234567 "])
def test_an_account_id_that_looks_wrong(account: str) -> None:
    said = diagnosis(Account(account, "http://127.0.0.1:1"))

    assert ("does not look like an account id" in said) == (account != "1234567-SB")


def test_a_host_of_another_account() -> None:
    said = diagnosis(Account("1234567", "https://7654321.suitetalk.api.netsuite.com"))

    assert "while that of this account is usually 1234567.suitetalk.api.netsuite.com" in said


def test_parts_that_were_pasted_wrongly() -> None:
    said = diagnosis(Account("1234567", "http://127.0.0.1:1"), tuple(map(Secret, ("a1", "b2\n", "a1", "d4"))))

    assert "consumer_secret begins or ends with white space" in said
    assert "consumer_key and token_id have the same value" in said


def test_a_login_of_another_kind_has_other_parts() -> None:
    assert "consumer_key" not in diagnosis(Account("1234567", "http://127.0.0.1:1"), (Secret("x "),))


def test_only_refused_logins_are_diagnosed() -> None:
    error = UnreadableAnswerError("x")

    assert checked(error, Account("1", "http://127.0.0.1:1"), PARTS, None, was_accepted=True) is error


@pytest.mark.parametrize(("minutes", "direction"), [(6, "behind"), (-6, "ahead of")])
def test_a_wrong_clock_is_seen_on_the_refusal_itself(
    stub: Stub, reader: ReadClient, minutes: int, direction: str
) -> None:
    stub.otherwise = lambda _: dated(REFUSED, timedelta(minutes=minutes))

    said = refused_message(reader)

    assert f"{direction} NetSuite's, and signatures are refused beyond 5 minutes" in said


def test_the_clocks_are_compared_on_every_answer(stub: Stub, reader: ReadClient) -> None:
    before = reader.clock_ahead
    stub.script = [dated(TIME, timedelta(minutes=-2)), TIME]
    reader.ping()
    reader.ping()

    assert before is None
    assert reader.clock_ahead is not None
    assert timedelta(seconds=118) < -reader.clock_ahead < timedelta(seconds=123)


def test_a_date_that_is_none_says_nothing(stub: Stub, reader: ReadClient) -> None:
    stub.script = [replace(TIME, headers={"Date": "soon"})]
    reader.ping()

    assert reader.clock_ahead is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (61, "1 minute 1 second"), (-120, "2 minutes"), (400, "6 minutes 40 seconds")],
)
def test_lengths_in_words(seconds: int, words: str) -> None:
    assert shown_length(timedelta(seconds=seconds)) == words


# Accounts before 2026.2 take no bound parameters


def asking(client: ReadClient, *params: str | int) -> object:
    marks = ", ".join("?" for _ in params)
    text = f"SELECT id FROM role WHERE name IN ({marks}) ORDER BY id"  # noqa: S608 - marks only
    return client.suiteql(text, params, limit=1000, offset=0, about="a query")


def without_parameters(stub: Stub) -> None:
    old = refusal(400, "INVALID_REQUEST", "The request could not be understood by the server due to malformed syntax.")
    stub.otherwise = lambda asked: old if "params" in asked.body else Reply(200, page([]))


def test_bound_parameters_that_are_refused_become_literals_once_for_all(stub: Stub, reader: ReadClient) -> None:
    without_parameters(stub)

    for _ in range(3):
        asking(reader, "O'Hara?", 7)

    assert ["params" in asked.body for asked in stub.asked] == [True, False, False, False]
    assert stub.asked[3].body == {"q": "SELECT id FROM role WHERE name IN ('O''Hara?', 7) ORDER BY id"}


def test_a_refusal_for_another_reason_stays_what_it_was(stub: Stub, reader: ReadClient) -> None:
    stub.otherwise = lambda asked: refusal(400, "X", f"no: {'bound' if 'params' in asked.body else 'literal'}")

    with pytest.raises(Exception, match="no: bound"):
        asking(reader, "a")


@pytest.mark.parametrize("detail", ["Unknown identifier 'x'.", "Record 'role' was not found."])
def test_a_missing_name_is_not_asked_for_twice(stub: Stub, reader: ReadClient, detail: str) -> None:
    stub.otherwise = lambda _: refusal(400, "INVALID_PARAMETER", detail)

    with pytest.raises(Exception, match=r"role|Unknown"):
        asking(reader, "a")

    assert len(stub.asked) == 1


def test_parameters_that_worked_are_not_doubted_later(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(200, page([])), refusal(400, "X", "no")]
    asking(reader, "a")
    with pytest.raises(Exception, match="no"):
        asking(reader, "b")

    assert len(stub.asked) == 2


def test_a_name_that_shows_to_be_missing_only_without_parameters(stub: Stub, reader: ReadClient) -> None:
    stub.script = [refusal(400, "X", "malformed"), refusal(400, "INVALID_PARAMETER", "Unknown identifier 'x'.")]
    with pytest.raises(Exception, match="Unknown identifier"):
        asking(reader, "a")
    stub.otherwise = lambda _: Reply(200, page([]))
    asking(reader, "a")

    assert "params" not in stub.asked[-1].body
