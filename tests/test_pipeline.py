"""Plan and apply as one path, against an account that people and time act on between reads."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

import pytest

from reconciler.core.approval import Approval
from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.ending import Ending
from reconciler.core.errors import KeepingError, LostLockError, NetSuiteError, UnansweredError, WrongLoginError
from reconciler.core.live import Grant, Identity, LiveState, Scope
from reconciler.core.outcome import ApplyReport, Outcome, RolesWritten, StepResult
from reconciler.core.plan import Plan, scope_of
from reconciler.core.step import Step
from reconciler.pipeline import Consent, apply
from reconciler.planning import look
from tests.support.builders import (
    ADMIN,
    CONNECTOR,
    DANA,
    LEE,
    TOOL_ADMIN,
    a_desired_state,
    a_live_state,
    an_integration,
    email,
    with_grants,
)
from tests.support.record import Kept


@dataclass
class Account:
    """Reader and writer over one live state; `effect` says whether a write that is confirmed also happens."""

    live: LiveState = field(default_factory=a_live_state)
    effect: bool = True
    lose_answers: bool = False
    fail_reads_after: int | None = None
    who: Identity | None = None
    reads: int = 0
    writes: int = 0
    scopes: list[Scope] = field(default_factory=list)

    def read(self, scope: Scope) -> LiveState:
        self.reads += 1
        self.scopes.append(scope)
        if self.fail_reads_after is not None and self.reads > self.fail_reads_after:
            raise NetSuiteError("the account is gone")
        return self.live

    def identity(self) -> Identity | None:
        return self.who

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        assert expected == self.live.roles_of[employee_id]
        self.writes += 1
        if self.effect:
            others = [grant for grant in self.live.grants if grant.employee_id != employee_id]
            self.live = replace(self.live, grants=(*others, *(Grant(employee_id, role) for role in sorted(wanted))))
        if self.lose_answers:
            raise UnansweredError("no answer", sent=True)
        return RolesWritten(wanted)

    def set_active(self, employee_id: str, *, active: bool) -> None:
        raise AssertionError(f"{employee_id} is not listed: {active}")

    def set_access(self, employee_id: str, *, access: bool) -> None:
        raise AssertionError(f"{employee_id} is not listed: {access}")


@dataclass
class Calm:
    """Nobody interrupts."""

    happened: bool = False

    def put_off(self) -> AbstractContextManager[None]:
        return nullcontext()


def applied(
    account: Account,
    desired: DesiredState | None = None,
    approve: Callable[[Plan], bool] = lambda _: True,
    record: Kept | None = None,
) -> tuple[ApplyReport, list[StepResult]]:
    told: list[StepResult] = []
    kept = record or Kept()
    report = apply(desired or a_desired_state(), account, lambda: account, Consent(approve), told.append, Calm(), kept)
    return report, told


def test_a_plan_reads_what_the_file_asks_for_and_nothing_is_written() -> None:
    account = Account()
    found = look(a_desired_state(), account)

    assert account.scopes == [scope_of(a_desired_state())]
    assert found.plan.applyable
    assert account.writes == 0


def test_what_can_be_done_now_is_done_and_the_rest_waits() -> None:
    report, told = applied(Account())

    assert [result.outcome for result in report.results] == [Outcome.DONE]
    assert told == list(report.results)
    assert report.ending is Ending.WAITING


def test_what_becomes_possible_by_it_is_done_in_the_same_run() -> None:
    """A first step that is done may make a second one ready."""
    reader = replace(CONNECTOR, id="1100", name="Second Role", script_id=None)
    live = a_live_state(roles=(*a_live_state().roles, reader))
    desired = a_desired_state(an_integration(required_roles=(ADMIN.name, reader.name)))
    report, _ = applied(Account(live), desired)

    assert [result.step.id for result in report.results] == ["grant-role/20/1047", "grant-role/20/1100"]


@dataclass
class Robbed(Account):
    """Somebody else takes a role away just after the first write."""

    taken: Grant = field(default_factory=lambda: Grant("20", "1100"))

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        written = super().set_roles(employee_id, expected, wanted)
        if self.writes == 1:
            self.live = replace(self.live, grants=tuple(one for one in self.live.grants if one != self.taken))
        return written


@pytest.mark.parametrize("approved", [True, False])
def test_what_a_saved_plan_does_not_list_is_not_carried_out_when_it_becomes_possible(*, approved: bool) -> None:
    second = replace(CONNECTOR, id="1100", name="Second Role", script_id=None)
    live = with_grants(a_live_state(roles=(*a_live_state().roles, second)), (DANA, second))
    desired = a_desired_state(an_integration(required_roles=(ADMIN.name, second.name)))
    account = Robbed(live)
    saved = Approval(look(desired, account).plan) if approved else None
    consent = Consent(lambda _: True, saved)
    report = apply(desired, account, lambda: account, consent, lambda _: None, Calm(), Kept())

    assert [result.step.id for result in report.results] == [
        "grant-role/20/1047",
        *([] if approved else ["grant-role/20/1100"]),
    ]


def test_nothing_is_written_after_a_no() -> None:
    account = Account()
    report, _ = applied(account, approve=lambda _: False)

    assert report.ending is Ending.DECLINED
    assert (account.writes, account.reads) == (0, 1)


def test_nobody_is_asked_when_there_is_nothing_to_write() -> None:
    def never(_: Plan) -> bool:
        raise AssertionError("asked")

    account = Account()
    report, _ = applied(account, a_desired_state(can_write=False, writer=None), never)

    assert report.ending is Ending.WAITING
    assert account.reads == 1


def test_a_login_that_is_somebody_else_writes_nothing() -> None:
    account = Account(who=Identity(LEE.id, ADMIN.id))

    with pytest.raises(WrongLoginError, match="logs in as lee"):
        applied(account)
    assert account.writes == 0
    right = Account(who=Identity(TOOL_ADMIN.id, ADMIN.id))
    assert applied(right)[0].ending is Ending.WAITING


def test_a_login_that_is_declared_to_be_nobody_writes_nothing() -> None:
    writer = ActsAs(email("svc.admim@example.com"), ADMIN.name)
    account = Account()

    with pytest.raises(WrongLoginError, match="declared to act as svc"):
        applied(account, a_desired_state(writer=writer))
    assert account.writes == 0


def test_a_lost_answer_is_settled_by_the_next_read() -> None:
    report, _ = applied(Account(lose_answers=True))

    (result,) = report.results
    assert result.outcome is Outcome.DONE
    assert "a fresh read shows that it took effect" in result.message


def test_a_lost_answer_without_effect_stays_unknown() -> None:
    report, _ = applied(Account(lose_answers=True, effect=False))

    assert [result.outcome for result in report.results] == [Outcome.UNKNOWN]
    assert report.ending is Ending.FAILED


def test_a_confirmed_write_that_a_fresh_read_does_not_show_is_a_contradiction() -> None:
    report, _ = applied(Account(effect=False))

    (result,) = report.results
    assert (result.outcome, result.contradicted) == (Outcome.FAILED, True)
    assert report.ending is Ending.CONTRADICTED


def test_an_account_that_goes_away_after_a_write_loses_no_result() -> None:
    report, _ = applied(Account(fail_reads_after=1))

    assert [result.outcome for result in report.results] == [Outcome.DONE]
    assert report.unverified == "the account is gone"
    assert report.ending is Ending.UNVERIFIED


def test_an_end_is_called_one() -> None:
    live = a_live_state(tokens=(), logins=())
    desired = replace(a_desired_state(), integrations=())

    assert applied(Account(live), desired)[0].ending is Ending.NOTHING_TO_DO
    assert DANA.id in live.employees_by_id


def test_a_reading_login_that_is_somebody_else_writes_nothing_either() -> None:
    account = Account(a_live_state(reader=Identity(LEE.id, ADMIN.id)))

    with pytest.raises(WrongLoginError, match="login of environment test is declared to act as svc"):
        applied(account)
    assert account.writes == 0


def test_every_step_is_kept_before_and_after_it_is_carried_out() -> None:
    account, kept = Account(), Kept()
    kept.watch = lambda: account.writes
    applied(account, record=kept)

    assert kept.events == ["begin", "before grant-role/20/1047", "after grant-role/20/1047 done", "end waiting"]
    assert kept.seen == [0, 0, 1, 1]


def test_nothing_is_kept_where_nobody_agrees() -> None:
    kept = Kept()
    applied(Account(), approve=lambda _: False, record=kept)

    assert kept.events == []


def test_what_waits_for_people_is_kept_once_also_where_nothing_can_be_written() -> None:
    kept, desired = Kept(), a_desired_state(can_write=False, writer=None)
    applied(Account(), desired, record=kept)

    assert kept.events == ["begin", "end waiting"]
    assert [(one.step.kind, one.outcome) for one in kept.news] == [("grant-role", Outcome.WAITING)]
    kept.waiting = {one.step.id: one.step for one in kept.news}
    applied(Account(), desired, record=kept)
    assert kept.events == ["begin", "end waiting"], "nothing is news"


def test_what_waits_after_a_write_is_kept_with_it() -> None:
    kept = Kept()
    applied(Account(), record=kept)

    assert [(one.step.kind, one.outcome) for one in kept.news] == [("create-token", Outcome.WAITING)]


def test_what_was_not_read_again_is_no_news() -> None:
    kept, account = Kept(), Account(fail_reads_after=1)
    applied(account, record=kept)

    assert kept.events[-1] == "end unverified"
    assert kept.news == []


def test_a_journal_that_cannot_be_begun_keeps_everything_from_being_written() -> None:
    account = Account()

    with pytest.raises(KeepingError):
        applied(account, record=Kept(fail_at="begin"))
    assert account.writes == 0


def test_a_lock_that_is_lost_before_the_first_step_ends_it_with_nothing_written() -> None:
    account = Account()

    with pytest.raises(KeepingError, match="before fails"):
        applied(account, record=Kept(fail_at="before"))
    assert account.writes == 0


TWO = a_desired_state(an_integration(), an_integration(key="second", owner=email("lee.wong@example.com")))


@dataclass
class Losing(Kept):
    """The lock is lost after the first step."""

    def before(self, step: Step) -> None:
        if any(event.startswith("after") for event in self.events):
            self.fail_at = "before"
        super().before(step)


def test_a_lock_that_is_lost_between_two_steps_stops_before_the_next_one() -> None:
    account = Account()
    report, _ = applied(account, TWO, record=Losing())

    assert account.writes == 1
    assert [(result.outcome, result.message) for result in report.results] == [
        (Outcome.DONE, ""),
        (Outcome.SKIPPED, "before fails"),
    ]
    assert report.ending is Ending.UNVERIFIED


@dataclass
class Refusing(Account):
    """The lock is lost while a step is in flight, before its write is sent."""

    writes_left: int = 0

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        if self.writes == self.writes_left:
            raise LostLockError("lost in flight")
        return super().set_roles(employee_id, expected, wanted)


def test_a_lock_that_is_lost_in_a_step_leaves_it_as_not_tried() -> None:
    with pytest.raises(LostLockError):
        applied(Refusing())
    report, _ = applied(Refusing(writes_left=1), TWO)

    assert [(result.outcome, result.message) for result in report.results] == [
        (Outcome.DONE, ""),
        (Outcome.SKIPPED, "lost in flight"),
    ]


@pytest.mark.parametrize("at", ["after", "end"])
def test_what_was_written_is_told_although_the_journal_fails(at: str) -> None:
    report, _ = applied(Account(), record=Kept(fail_at=at))

    assert [result.outcome for result in report.results] == [Outcome.DONE]
    assert report.unverified == f"{at} fails"


def test_what_the_file_declared_last_is_asked_for_and_what_it_declares_now_is_kept() -> None:
    kept = Kept(declared=frozenset({"application gone"}))
    applied(Account(), record=kept)

    assert kept.declared == {"application NetSuite Connector"}
    assert kept.overrides == {}
