"""Ctrl-C: what is in flight comes to its end, what was done is told, and the code is 130."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interruption import Interruption
from reconciler.core.ending import Ending
from reconciler.core.errors import UnansweredError
from reconciler.core.live import Identity, LiveState, Scope
from reconciler.core.outcome import ApplyReport, Outcome, RolesWritten, StepResult
from reconciler.core.step import Actor
from reconciler.pipeline import Consent, apply
from reconciler.planning import look
from reconciler.ports import EmployeeWriter
from reconciler.render.to_text import apply_to_text
from tests.cli.conftest import Workspace, an_environment
from tests.support.builders import ADMIN, TOOL_ADMIN, a_desired_state, a_live_state, an_integration, email
from tests.support.emulator import Emulator
from tests.support.record import Kept

SECONDS = 30


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def quietly(*_: object) -> None:
    """Nobody watches."""


@dataclass
class FakeReader:
    """An account that shows no change; `during` runs while it is read."""

    live: LiveState
    during: Callable[[int], None] = quietly
    reads: int = 0

    def read(self, scope: Scope) -> LiveState:
        del scope
        self.reads += 1
        self.during(self.reads)
        return self.live


@dataclass
class FakeWriter:
    """A writing login; `during` runs while it writes."""

    during: Callable[[], None] = quietly
    written: list[str] = field(default_factory=list)

    def identity(self) -> Identity:
        return Identity(TOOL_ADMIN.id, ADMIN.id)

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        del expected
        self.during()
        self.written.append(employee_id)
        return RolesWritten(wanted)

    def set_active(self, employee_id: str, *, active: bool) -> None:
        raise AssertionError(employee_id, active)

    def set_access(self, employee_id: str, *, access: bool) -> None:
        raise AssertionError(employee_id, access)


TWO = a_desired_state(
    an_integration(),
    an_integration(key="second", owner=email("lee.wong@example.com"), application="NetSuite Connector"),
)


def applied(
    reader: FakeReader, writer: FakeWriter, tell: Callable[[StepResult], None] = quietly
) -> tuple[ApplyReport, Interruption]:
    interruption = Interruption()
    with interruption.watched():
        report = apply(TWO, reader, lambda: as_writer(writer), Consent(lambda _plan: True), tell, interruption, Kept())
    return report, interruption


def as_writer(writer: FakeWriter) -> EmployeeWriter:
    return writer


def outcomes(report: ApplyReport) -> Sequence[Outcome]:
    return [result.outcome for result in report.results]


def test_there_are_two_steps_to_interrupt() -> None:
    assert len(look(TWO, FakeReader(a_live_state())).plan.ready(Actor.RECONCILER)) == 2


def test_the_first_one_lets_a_write_end_and_nothing_further_begins() -> None:
    writer = FakeWriter(press)
    reader = FakeReader(a_live_state())
    report, interruption = applied(reader, writer)

    assert interruption.happened
    assert len(writer.written) == 1
    assert reader.reads == 1
    assert outcomes(report) == [Outcome.DONE, Outcome.SKIPPED]
    assert report.ending is Ending.UNVERIFIED
    text = apply_to_text(report)
    assert "interrupted before it was tried" in text
    assert text.endswith("not read again afterwards: interrupted. The next plan shows what is done.\n")


def test_the_second_one_stops_a_write_at_once_and_says_that_its_end_is_unknown() -> None:
    def twice() -> None:
        press()
        press()

    writer = FakeWriter(twice)
    report, _ = applied(FakeReader(a_live_state()), writer)

    assert writer.written == []
    assert outcomes(report) == [Outcome.UNKNOWN, Outcome.SKIPPED]


def test_between_two_steps_it_loses_neither() -> None:
    report, _ = applied(FakeReader(a_live_state()), FakeWriter(), tell=lambda _result: press())

    assert outcomes(report) == [Outcome.DONE, Outcome.SKIPPED]


def test_while_looking_again_it_loses_nothing_that_was_done() -> None:
    def second(reads: int) -> None:
        if reads == 2:
            press()

    report, _ = applied(FakeReader(a_live_state(), second), FakeWriter())

    assert outcomes(report) == [Outcome.DONE, Outcome.DONE]


def test_before_the_first_write_there_is_nothing_to_report() -> None:
    writer = FakeWriter()

    with pytest.raises(KeyboardInterrupt):
        applied(FakeReader(a_live_state(), lambda _reads: press()), writer)
    assert writer.written == []


def test_a_failure_of_the_second_look_still_reports() -> None:
    def second(reads: int) -> None:
        if reads == 2:
            raise UnansweredError("gone", sent=True)

    report, interruption = applied(FakeReader(a_live_state(), second), FakeWriter())

    assert not interruption.happened
    assert report.unverified == "gone"


def test_keys_that_are_held_down_do_not_keep_anybody_from_telling() -> None:
    interruption = Interruption()
    told = False
    with interruption.watched():
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                press()
        press()
        with interruption.put_off():
            press()
            told = True

    assert told


def test_the_handler_of_before_is_there_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interruption().watched():
        assert signal.getsignal(signal.SIGINT) != before

    assert signal.getsignal(signal.SIGINT) == before


def test_where_it_is_ignored_as_in_the_background_it_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interruption().watched():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


# The same from outside.


@contextmanager
def silent_server() -> Iterator[tuple[str, socket.socket]]:
    """A server that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        yield f"http://127.0.0.1:{server.getsockname()[1]}", server


@contextmanager
def called(workspace: Workspace, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    call = [sys.executable, "-m", "reconciler", *arguments]
    with subprocess.Popen(  # noqa: S603  our own program
        call, cwd=workspace.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def interrupted_until_it_ends(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Press Ctrl-C again and again, as people do, until the process has ended."""
    for _ in range(SECONDS):
        process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError


def test_a_plan_ends_at_once_although_netsuite_does_not_answer(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    with silent_server() as (url, server):
        workspace.write("stuck", an_environment(url))
        with called(workspace, "plan", "stuck") as process:
            connection, _ = server.accept()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=SECONDS)
            connection.close()

    assert process.returncode == ExitCode.INTERRUPTED
    assert err.endswith("\nInterrupted.\n")
    assert "Error in stuck (account 1234567): Interrupted" in err
    assert "Traceback" not in err


def test_an_interruption_in_one_environment_keeps_the_report_of_another(
    workspace: Workspace, emulator: Emulator
) -> None:
    workspace.production(emulator)
    with silent_server() as (url, server):
        workspace.write("stuck", an_environment(url))
        workspace.write("third", an_environment(url))
        with called(workspace, "apply", "production", "stuck", "third", "--auto-approve") as process:
            connection, _ = server.accept()
            out, err = interrupted_until_it_ends(process)
            connection.close()

    assert process.returncode == ExitCode.INTERRUPTED
    assert "done          grant NetSuite Connector Web Services to dana.ortiz@example.com" in out
    assert "Error in stuck (account 1234567): Interrupted" in err
    assert "Error in third (account 1234567): Interrupted [interrupted]\n  It was not begun." in err
    assert err.endswith("\nInterrupted.\n")
    assert "Traceback" not in err


IMPORTING = """
import signal, sys
class Press:
    def find_spec(self, name, path=None, target=None):
        if name == {!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Press())
sys.argv = ["reconciler", "plan"]
import runpy
runpy.run_module("reconciler", run_name="__main__")
"""


@pytest.mark.parametrize(
    "module", ["typer", "reconciler.cli.exit_codes", "reconciler.cli.app", "reconciler.cli.planning", "requests"]
)
def test_while_it_is_being_loaded_there_is_no_traceback_either(workspace: Workspace, module: str) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", IMPORTING.format(module)],
        check=False,
        capture_output=True,
        text=True,
        cwd=workspace.folder,
        env=surroundings,
    )

    assert (done.returncode, done.stderr) == (ExitCode.INTERRUPTED, "Interrupted.\n")
