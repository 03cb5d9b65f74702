"""Asking before writing: the plan is shown once, and only `yes` is a yes."""

import io
import signal

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.cli.conftest import Workspace
from tests.support.emulator import Emulator


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("answer", ["no\n", "y\n", "YES\n", "", "\n"])
def test_after_a_no_the_plan_is_not_shown_again(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    workspace.production(emulator)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    result = workspace.run("apply", "production")

    assert result.code == 1
    assert result.err.count("Plan: 1 to create") == 1
    assert result.out == "Declined: nothing was written to production, account 1234567.\n"
    assert emulator.writes() == []


def test_after_a_yes_only_what_is_there_afterwards_is_shown(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.production(emulator)
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    result = workspace.run("apply", "production")

    assert result.code == 0
    assert (result.out + result.err).count("Plan: 1 to create, 1 to replace") == 1
    assert result.out.startswith("Applied\n  done")


def test_ctrl_c_is_no_answer_and_nothing_is_written(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            signal.raise_signal(signal.SIGINT)
            return "yes"

    workspace.production(emulator)
    monkeypatch.setattr("sys.stdin", Interrupting())
    result = workspace.run("apply", "production")

    assert result.code == ExitCode.INTERRUPTED
    assert "Nothing was written there." in result.err
    assert result.err.endswith("\nInterrupted.\n")
    assert emulator.writes() == []


def test_what_others_do_while_the_question_stands_is_seen_before_anything_is_written(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Thinking(Terminal):
        def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]  # typeshed has text and bytes in one
            emulator.act("employees/ann@example.com", active=False)
            return "yes\n"

    workspace.production(emulator)
    monkeypatch.setattr("sys.stdin", Thinking())
    result = workspace.run("apply", "production")

    assert result.code == ExitCode.STALE
    assert "employee ann@example.com was: id 4101, active" in result.err
    assert emulator.writes() == []
