"""Carrying out: each step once, failures apart, nothing built upon what is in doubt."""

from dataclasses import dataclass, field, replace

from reconciler.core.errors import (
    ContradictionError,
    NetSuiteError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.live import Identity, LiveState
from reconciler.core.outcome import Outcome, RolesWritten, StepResult
from reconciler.core.plan_building import build_plan
from reconciler.core.step import Activate, GrantRole, Inactivate, Operation, RemoveAccess, RemoveRole, Step
from reconciler.executor import execute
from tests.support.builders import ADMIN, ANN, CONNECTOR, DANA, LEE, READER, a_desired_state, a_live_state

REFUSED = RefusedError("no", status=400)


@dataclass
class Account:
    """An account by hand: remembers what was written, and fails where it is told to."""

    failures: dict[str, NetSuiteError] = field(default_factory=dict)
    written: list[tuple[str, str, object]] = field(default_factory=list)
    others: frozenset[str] = frozenset()
    remark: str = ""

    def identity(self) -> Identity | None:
        return None

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        self._write("roles", employee_id, (sorted(expected), sorted(wanted)))
        return RolesWritten(wanted | self.others, self.remark)

    def set_active(self, employee_id: str, *, active: bool) -> None:
        self._write("active", employee_id, active)

    def set_access(self, employee_id: str, *, access: bool) -> None:
        self._write("access", employee_id, access)

    def _write(self, what: str, employee_id: str, value: object) -> None:
        if employee_id in self.failures:
            raise self.failures[employee_id]
        self.written.append((what, employee_id, value))


A_STEP = build_plan(a_desired_state(), a_live_state()).steps[0]


def steps(*operations: Operation) -> list[Step]:

    return [replace(A_STEP, operation=operation) for operation in operations]


def outcomes(account: Account, *operations: Operation, live: LiveState | None = None) -> list[StepResult]:
    return list(execute(steps(*operations), live or a_live_state(), account))


def test_each_kind_of_step_writes_what_it_says() -> None:
    account = Account()
    results = outcomes(
        account,
        Activate(LEE),
        GrantRole(DANA, CONNECTOR, for_token=True),
        RemoveRole(ANN, CONNECTOR, ()),
        RemoveAccess(LEE),
        Inactivate(LEE),
    )

    assert {result.outcome for result in results} == {Outcome.DONE}
    assert account.written == [
        ("active", LEE.id, True),
        ("roles", DANA.id, ([ADMIN.id], sorted([ADMIN.id, CONNECTOR.id]))),
        ("roles", ANN.id, (sorted([ADMIN.id, CONNECTOR.id]), [ADMIN.id])),
        ("access", LEE.id, False),
        ("active", LEE.id, False),
    ]


def test_two_steps_on_one_person_build_on_each_other() -> None:
    account = Account()
    outcomes(account, GrantRole(DANA, CONNECTOR, for_token=True), GrantRole(DANA, READER, for_token=False))

    assert account.written[1] == (
        "roles",
        DANA.id,
        (sorted([ADMIN.id, CONNECTOR.id]), sorted([ADMIN.id, CONNECTOR.id, READER.id])),
    )


def test_what_somebody_else_gave_meanwhile_is_built_upon_and_told() -> None:
    account = Account(others=frozenset({"77"}), remark="somebody else changed roles")
    first, _ = outcomes(account, GrantRole(DANA, CONNECTOR, for_token=True), GrantRole(DANA, READER, for_token=False))

    assert (first.outcome, first.message) == (Outcome.DONE, "somebody else changed roles")
    assert account.written[1] == (
        "roles",
        DANA.id,
        (sorted([ADMIN.id, CONNECTOR.id, "77"]), sorted([ADMIN.id, CONNECTOR.id, READER.id, "77"])),
    )


def test_a_failure_stops_its_person_and_nobody_else() -> None:
    account = Account({DANA.id: REFUSED})
    results = outcomes(
        account,
        GrantRole(DANA, CONNECTOR, for_token=True),
        GrantRole(DANA, READER, for_token=False),
        GrantRole(LEE, READER, for_token=False),
    )

    assert [result.outcome for result in results] == [Outcome.FAILED, Outcome.SKIPPED, Outcome.DONE]


def test_every_error_has_its_outcome() -> None:
    expected = {
        REFUSED: (Outcome.FAILED, False),
        UnreadableAnswerError("odd"): (Outcome.FAILED, False),
        UnansweredError("lost", sent=True): (Outcome.UNKNOWN, False),
        UnansweredError("never left", sent=False): (Outcome.FAILED, False),
        ContradictionError("not there"): (Outcome.FAILED, True),
    }
    for error, outcome in expected.items():
        (result,) = outcomes(Account({DANA.id: error}), GrantRole(DANA, READER, for_token=False))
        assert (result.outcome, result.contradicted) == outcome
        assert error.message in result.message


def test_a_step_without_an_operation_is_never_carried_out() -> None:
    """Such a step comes from a file."""

    account = Account()

    assert list(execute([replace(A_STEP, operation=None)], a_live_state(), account)) == []
    assert account.written == []
