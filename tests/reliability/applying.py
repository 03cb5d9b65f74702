"""Commands of several reconcilers under disturbance; each of their writes is judged by what was before and after it."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

import requests

from reconciler import planning
from reconciler.cli.exit_codes import ExitCode
from reconciler.core.desired import DesiredState
from reconciler.core.live import LiveState
from reconciler.core.plan import Plan, build_plan
from reconciler.core.step import Actor, Step
from reconciler.emulator.client import BEGINNING
from reconciler.netsuite.client import EMPLOYEE, SERVER_TIME, SUITEQL
from reconciler.store.folder import Folder
from reconciler.store.journal_file import read_journal
from tests.reliability.files import LEAST_ADMINISTRATORS, PROTECTED, RECENT_DAYS
from tests.reliability.truth import Truth, require_seen, truth
from tests.support.in_process import NOON, Handler, InProcess, Said, response

PUBLISHED: Final = frozenset(ExitCode)


class Killed(BaseException):
    """The process is gone at this moment."""


@dataclass
class Disturbance:
    """What happens at the n-th request of a command."""

    at: int
    what: Callable[["Frame", requests.PreparedRequest, Handler], requests.Response]


@dataclass
class Frame:
    """One command at work. Commands may be nested: one runs while a request of another is under way."""

    environment: str
    may_write: bool
    disturbance: Disturbance | None = None
    requests: int = 0
    user_agent: str = ""
    acts_at_look: int = 0
    least_acts: int = 0
    """What people had done by the time that a person agreed; facts read before that are too old."""
    desired: DesiredState | None = None
    live: LiveState | None = None
    plan: Plan | None = None
    is_dead: bool = False
    written: int = 0

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.plan.steps if self.plan is not None else ()


@dataclass
class Everything:
    """The account and all who are at work on it."""

    account: InProcess
    frames: list[Frame] = field(default_factory=list)
    acts: int = 0
    """How many things people have done so far."""
    journal_is_damaged: bool = False
    """Whether a test has damaged it; nothing else may."""
    counted: Counter[str] = field(default_factory=Counter)
    """What was done in all examples together."""

    def begin(self) -> None:
        """The account as it was seeded, and nothing kept of earlier commands."""
        self.account.door(f"snapshots/{BEGINNING}/restore", {})
        self.account.seconds = NOON
        self.acts = 0
        self.journal_is_damaged = False
        self.frames.clear()
        self.counted["examples"] += 1
        shutil.rmtree(self.account.folder / ".reconciler", ignore_errors=True)

    def true(self) -> Truth:
        return truth(self.account.world)

    def command(self, environment: str, *arguments: str, disturbance: Disturbance | None = None) -> tuple[Said, Frame]:
        frame = Frame(environment, arguments[0] == "apply", disturbance)
        self.frames.append(frame)
        kept = self.account.folder / ".reconciler"
        try:
            said = self.account.run(*arguments)
        except Killed:
            # Nothing that a process does on its way out has happened.
            shutil.rmtree(kept, ignore_errors=True)
            (self.account.folder / ".at-death").rename(kept)
            said = Said(-9, "", "")
        finally:
            self.frames.remove(frame)
        self.counted[f"{arguments[0]}: {said.code}"] += 1
        assert said.code == -9 or said.code in PUBLISHED, said
        assert "Traceback" not in said.out + said.err
        entries, damage = read_journal(Folder(kept), environment)
        assert damage == () or self.journal_is_damaged
        assert all(entry.run.environment == environment for entry in entries)
        return said, frame

    def kill(self) -> Killed:
        """Keep what is on the disk at this moment, for nothing is done after it."""
        folder = self.account.folder
        shutil.rmtree(folder / ".at-death", ignore_errors=True)
        shutil.copytree(folder / ".reconciler", folder / ".at-death", copy_function=shutil.copyfile)
        self.frames[-1].is_dead = True
        return Killed()

    def through(self, request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        frame = self.frames[-1]
        if frame.is_dead:
            raise Killed
        frame.requests += 1
        path = (request.path_url).partition("?")[0]
        agent = str(request.headers["User-Agent"])
        frame.user_agent = frame.user_agent or agent
        if path == SERVER_TIME and agent == frame.user_agent:
            frame.acts_at_look = self.acts
        if frame.disturbance is not None and frame.requests == frame.disturbance.at:
            return frame.disturbance.what(frame, request, self._judged(frame, pass_on))
        return self._judged(frame, pass_on)(request)

    def _judged(self, frame: Frame, pass_on: Handler) -> Handler:
        def handle(request: requests.PreparedRequest) -> requests.Response:
            if request.method in {"GET", "HEAD"} or (request.method, request.path_url.partition("?")[0]) == (
                "POST",
                SUITEQL,
            ):
                return pass_on(request)
            before = self.true()
            answer = pass_on(request)
            frame.written += 1
            self._judge(frame, request, before, self.true())
            return answer

        return handle

    def _judge(self, frame: Frame, request: requests.PreparedRequest, before: Truth, after: Truth) -> None:
        """Whether one write of ours was rightly made, whatever people did since the facts were read."""
        assert frame.acts_at_look >= frame.least_acts, "it rests on facts that are older than the answer of a person"
        assert frame.may_write, f"{request.method} {request.path_url}"
        found = re.fullmatch(rf"{re.escape(EMPLOYEE)}/([0-9]+)(\?replace=roles)?", request.path_url)
        assert request.method == "PATCH"
        assert found is not None
        employee = int(found[1])
        changed = _changes(before, after)
        assert {one for one, *_ in changed} <= {employee}, changed
        assert len(changed) <= 1, changed
        assert frame.plan is not None
        steps = [step for step in frame.plan.ready(Actor.RECONCILER) if _is_of(step, employee)]
        assert steps, "it was in no plan"
        if not changed:
            return
        _, what, value = changed[0]
        self.counted[what] += 1
        assert any(_leads_to(step, what, value) for step in steps), (changed, steps)
        if what in {"loses", "inactive", "no access"}:
            assert before.people[employee].email != PROTECTED
        if self.acts == frame.acts_at_look:
            # Nobody acted since the facts were read that the step rests on, so what comes of it is ours.
            assert len(after.administrators()) >= min(LEAST_ADMINISTRATORS, len(before.administrators()))
            self.require_working(frame, before, after)

    def require_working(self, frame: Frame, before: Truth, after: Truth) -> None:
        """Every application that worked still works.

        What a file asks to take from a person may go, and with it what nobody declares, when no token of theirs has
        logged in for so long (design, section 5).
        """
        assert frame.desired is not None
        declared = {one.application for one in frame.desired.integrations}
        for application in before.working() - after.working():
            token = before.tokens[before.saved[application] or 0]
            silence = before.now - before.last_login.get(token.owner, 0)
            assert application not in declared, application
            assert silence >= timedelta(days=RECENT_DAYS).total_seconds(), application


@contextmanager
def everything(account: InProcess) -> Iterator[Everything]:
    """While the block lasts, every request of every command is looked at."""
    made = Everything(account)
    account.door(f"snapshots/{BEGINNING}", {})

    def kept(desired: DesiredState, live: LiveState, **more: Any) -> Plan:
        frame = made.frames[-1]
        frame.desired, frame.live, frame.plan = desired, live, build_plan(desired, live, **more)
        if not live.gaps and made.acts == frame.acts_at_look and frame.disturbance is None:
            require_seen(live, made.true())
        return frame.plan

    with patch.object(planning, "build_plan", kept), patch.object(account.wire, "through", made.through):
        yield made


def fault(how: str) -> Callable[[Frame, requests.PreparedRequest, Handler], requests.Response]:
    """One of the faults that a network or a server has."""

    def happens(frame: Frame, request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        del frame
        done = pass_on(request) if how.endswith("after") else None
        if how.startswith("drop"):
            raise requests.exceptions.ConnectionError("gone")
        if how == "cut after" and done is not None:
            return response(request, done.status_code, done.content[:20], done.headers)
        status = int(how[:3])
        return response(request, status, b"<html>", {"Content-Type": "text/html"})

    return happens


FAULTS: Final = ("drop before", "drop after", "cut after", "401", "403", "429", "500", "500 after", "503", "200")


def _changes(before: Truth, after: Truth) -> list[tuple[int, str, int]]:
    """Each difference in people and grants; nothing else may differ at all."""
    assert (before.tokens, before.saved, before.enabled, before.active_roles) == (
        after.tokens,
        after.saved,
        after.enabled,
        after.active_roles,
    )
    assert before.people.keys() == after.people.keys()
    found = [(employee, "gains", role) for employee, role in after.grants - before.grants]
    found += [(employee, "loses", role) for employee, role in before.grants - after.grants]
    for one, person in after.people.items():
        was = before.people[one]
        found += [(one, "active" if person.active else "inactive", 0)] if was.active != person.active else []
        found += [(one, "access" if person.access else "no access", 0)] if was.access != person.access else []
    return found


def _is_of(step: Step, employee: int) -> bool:
    return getattr(getattr(step.operation, "employee", None), "id", None) == str(employee)


_WORDS: Final = {"gains": "grant-role", "loses": "remove-role", "active": "activate", "inactive": "inactivate"}


def _leads_to(step: Step, what: str, role: int) -> bool:
    kind = _WORDS.get(what, "remove-access" if what == "no access" else "give-access")
    of_role = getattr(step.operation, "role", None)
    return step.kind == kind and (of_role is None or of_role.id == str(role))
