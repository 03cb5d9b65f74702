"""Writing roles and flags of one employee."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from reconciler.core.errors import (
    ContradictionError,
    LoginRefusedError,
    NetSuiteError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.live import Identity
from reconciler.netsuite.employee_writer import NetSuiteEmployeeWriter
from reconciler.ports import EmployeeWriter
from tests.netsuite.stub import Reply, Stub, refusal

DONE = Reply(204)
SILENCE = Reply(raw=b"")


def record(*roles: str, **changes: object) -> Reply:
    items = [{"links": [], "selectedRole": {"links": [], "id": role, "refName": f"Role {role}"}} for role in roles]
    sublist = {"links": [], "count": len(items), "hasMore": False, "offset": 0, "totalResults": len(items)}
    return Reply(200, {"links": [], "id": "4172", "roles": sublist | {"items": items} | changes})


@pytest.fixture
def roles(stub: Stub) -> Iterator[EmployeeWriter]:
    with stub.writer() as client:
        yield NetSuiteEmployeeWriter(client, look_every=None)


def give(roles: EmployeeWriter, *wanted: str, expected: tuple[str, ...] = ("3",)) -> None:
    roles.set_roles("4172", frozenset(expected), frozenset(wanted))


def methods(stub: Stub) -> list[str]:
    return [asked.method for asked in stub.asked]


def test_a_complete_set_is_written_in_order_and_read_again(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [record("3"), DONE, record("1047", "3", "205")]

    give(roles, "1047", "3", "205")

    assert methods(stub) == ["GET", "PATCH", "GET"]
    get, patch, _ = stub.asked
    assert get.path == patch.path == "/services/rest/record/v1/employee/4172"
    assert get.query == {"expandSubResources": "true"}
    assert patch.query == {"replace": "roles"}
    assert patch.headers["X-NetSuite-PropertyNameValidation"] == "Error"
    assert patch.body == {"roles": {"items": [{"selectedRole": {"id": role}} for role in ("3", "205", "1047")]}}


def test_nobody_is_left_without_a_role(stub: Stub, roles: EmployeeWriter) -> None:
    with pytest.raises(RefusedError, match="without any role"):
        give(roles)

    assert stub.asked == []


def test_a_set_that_moved_is_not_overwritten(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [record("3", "14")]

    with pytest.raises(RefusedError, match=r"expected 3, 5, found 3, 14. Nothing was written") as raised:
        give(roles, "3", "1047", expected=("3", "5"))

    assert "Access > History" in (raised.value.hint or "")
    assert methods(stub) == ["GET"]


@pytest.mark.parametrize(
    "before",
    [
        record("3", hasMore=True),
        record("3", offset=1),
        record("3", totalResults=2),
        record("3", count=2),
        record("3", "3"),
        record("3", items=None),
        record("3", items=[{"selectedRole": {"id": 3}}]),
        record("3", items=[{"selectedRole": {}}]),
        record("3", items=[{"links": []}]),
        Reply(200, {"id": "4172"}),
        Reply(200, {"id": "4173", "roles": {"items": [], "hasMore": False}}),
        Reply(200, {"id": "4172", "roles": {"links": []}}),
        Reply(200, []),
    ],
)
def test_a_set_that_is_not_complete_is_no_ground_to_write_on(stub: Stub, roles: EmployeeWriter, before: Reply) -> None:
    stub.script = [before]

    with pytest.raises(UnreadableAnswerError, match="4172"):
        give(roles, "3", "1047")

    assert methods(stub) == ["GET"]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(400, "USER_ERROR", "Only an administrator is allowed to edit an administrator record."), RefusedError),
        (refusal(403, "INSUFFICIENT_PERMISSION", "no"), RefusedError),
        (refusal(401, "INVALID_LOGIN", "no"), LoginRefusedError),
        (refusal(404, "NONEXISTENT_ID", "no"), RefusedError),
    ],
)
def test_no_is_no(stub: Stub, roles: EmployeeWriter, reply: Reply, kind: type[NetSuiteError]) -> None:
    stub.script = [record("3"), reply, reply]

    with pytest.raises(kind):
        give(roles, "3", "1047")

    # A login that was accepted a moment ago is tried once more: whose login is refused, for them nothing was done.
    again = ["PATCH"] if kind is LoginRefusedError else []
    assert methods(stub) == ["GET", "PATCH", *again]


def test_a_confirmed_write_that_is_not_there_is_a_contradiction(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [record("3"), DONE, record("3")]

    with pytest.raises(ContradictionError, match=r"Roles 3, 1047 was written.*a second look finds 3"):
        give(roles, "3", "1047")


@pytest.mark.parametrize("reply", [SILENCE, Reply(500, {}), Reply(503, {}), Reply(200, {}), Reply(202), Reply(302)])
def test_a_write_without_an_answer_is_settled_by_looking(stub: Stub, roles: EmployeeWriter, reply: Reply) -> None:
    stub.script = [record("3"), reply, record("1047", "3")]

    give(roles, "3", "1047")

    assert methods(stub) == ["GET", "PATCH", "GET"]


@pytest.mark.parametrize("reply", [SILENCE, Reply(500, {}), Reply(202)])
def test_a_write_without_an_answer_stays_unknown_when_nothing_shows(
    stub: Stub, roles: EmployeeWriter, reply: Reply
) -> None:
    stub.script = [record("3"), reply, record("3")]

    with pytest.raises(UnansweredError, match="unchanged so far") as raised:
        give(roles, "3", "1047")

    assert raised.value.sent
    assert methods(stub) == ["GET", "PATCH", "GET"]


def test_a_write_without_an_answer_may_show_something_else(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [record("3"), SILENCE, record("14")]

    with pytest.raises(UnansweredError, match="Somebody else changed it to Roles 14; the write may still") as raised:
        give(roles, "3", "1047")

    assert raised.value.sent
    assert "Access > History" in (raised.value.hint or "")


@pytest.mark.parametrize("reply", [DONE, SILENCE])
@pytest.mark.parametrize("second", [refusal(401, "X", "no"), Reply(404, {}), Reply(200, {})])
def test_a_write_that_nobody_could_look_at_is_unknown(
    stub: Stub, roles: EmployeeWriter, reply: Reply, second: Reply
) -> None:
    stub.script = [record("3"), reply, second]

    with pytest.raises(UnansweredError, match="could not be read again") as raised:
        give(roles, "3", "1047")

    assert raised.value.sent


def test_a_write_that_never_left_is_certain(stub: Stub, roles: EmployeeWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    send = requests.Session.send

    def gone(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        if request.method == "PATCH":
            raise requests.ConnectionError(NewConnectionError(HTTPConnection("127.0.0.1"), "refused"))
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", gone)
    stub.script = [record("3")]

    with pytest.raises(UnansweredError) as raised:
        give(roles, "3", "1047")

    assert not raised.value.sent
    assert methods(stub) == ["GET"]
    assert len(stub.waited) == 3


def test_too_many_requests_are_tried_again(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [record("3"), refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", "busy"), DONE, record("3", "1047")]

    give(roles, "3", "1047")

    assert methods(stub) == ["GET", "PATCH", "PATCH", "GET"]


TIME = Reply(200, {"serverTime": "2026-11-22T09:00:00.000Z"})


def test_the_writing_login_is_recognised_by_its_user_agent(stub: Stub) -> None:
    stub.script = [TIME] * 3

    def hidden(_: str) -> Identity | None:
        raise NetSuiteError("hidden")

    with stub.writer() as client:
        known = {client.user_agent: Identity("1", "3")}
        assert NetSuiteEmployeeWriter(client, known.get).identity() == Identity("1", "3")
        assert NetSuiteEmployeeWriter(client, hidden).identity() is None
        assert NetSuiteEmployeeWriter(client).identity() is None


def test_a_writing_login_that_does_not_work_is_nobody(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [refusal(401, "INVALID_LOGIN", "no")]

    with pytest.raises(LoginRefusedError):
        roles.identity()


FLAGS = {
    "isInactive": lambda writer, on: writer.set_active("4172", active=not on),
    "giveAccess": lambda writer, on: writer.set_access("4172", access=on),
}


def flagged(field: str, value: object) -> Reply:
    return Reply(200, {"links": [], "id": "4172", field: value})


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("field", FLAGS)
def test_a_flag_is_written_alone_and_read_again(stub: Stub, roles: EmployeeWriter, field: str, value: bool) -> None:
    stub.script = [flagged(field, not value), DONE, flagged(field, value)]

    FLAGS[field](roles, value)

    assert methods(stub) == ["GET", "PATCH", "GET"]
    patch = stub.asked[1]
    assert patch.query == {}
    assert patch.body == {field: value}
    assert patch.headers["X-NetSuite-PropertyNameValidation"] == "Error"


@pytest.mark.parametrize("field", FLAGS)
def test_a_flag_that_somebody_else_has_set_is_not_written_again(stub: Stub, roles: EmployeeWriter, field: str) -> None:
    stub.script = [flagged(field, True)]

    with pytest.raises(RefusedError, match="changed since it was read: expected False, found True"):
        FLAGS[field](roles, True)
    assert methods(stub) == ["GET"]


@pytest.mark.parametrize("field", FLAGS)
def test_a_record_without_the_flag_is_unreadable_and_nothing_is_written(
    stub: Stub, roles: EmployeeWriter, field: str
) -> None:
    stub.script = [flagged(field, "T")]

    with pytest.raises(UnreadableAnswerError, match=f"came without {field}"):
        FLAGS[field](roles, True)
    assert methods(stub) == ["GET"]


@pytest.mark.parametrize("field", FLAGS)
def test_a_flag_whose_answer_is_lost_is_settled_by_reading(stub: Stub, roles: EmployeeWriter, field: str) -> None:
    stub.script = [flagged(field, False), SILENCE, flagged(field, True)]
    FLAGS[field](roles, True)

    stub.script = [flagged(field, False), SILENCE, flagged(field, False)]
    with pytest.raises(UnansweredError, match="unchanged so far"):
        FLAGS[field](roles, True)


def test_a_read_before_the_write_that_gets_no_answer_has_written_nothing(stub: Stub, roles: EmployeeWriter) -> None:
    stub.script = [SILENCE] * 12

    with pytest.raises(UnansweredError, match=r"Nothing was written\.") as raised:
        give(roles, "3", "1047")
    assert raised.value.sent is False
    assert set(methods(stub)) == {"GET"}
