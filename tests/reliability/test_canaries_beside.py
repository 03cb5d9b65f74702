"""The same secrets, for the commands that only look: what NetSuite repeats of a login, what a file holds by mistake."""

import pytest

from tests.reliability.test_canaries import (
    ECHOES,
    MISTAKES,
    account,
    echoing,
    enter,
    left_behind,
    logins_of,
    require_none,
    said_by,
    shown_with_variables,
)
from tests.support.in_process import URL, InProcess

__all__ = ["account"]

IMPORTING = ("import", "--account", "1234567", "--login", "tba", "--endpoint", URL)
LOOKING: tuple[tuple[str, ...], ...] = (
    ("review", "north"),
    ("verify", "north"),
    ("history", "north", "--handover"),
    IMPORTING,
    ("doctor", "north"),
    ("drift", "north"),
)
MORE_LOOKING: tuple[tuple[str, ...], ...] = (
    *LOOKING,
    *(("review", "north", "--output", one) for one in ("json", "csv", "markdown", "html", "sarif")),
    ("review", "north", "--output", "json=review.json"),
    ("review", "north", "--compare", "review.json", "--fail-on", "info"),
    ("review", "north", "--decisions", "nowhere.yaml"),
    *(("verify", "north", "--output", one) for one in ("json", "markdown", "html")),
    ("history", "north", "--handover", "--output", "json"),
    (*IMPORTING, "--employees", "--without-tokens", "--out", "environments/new.yaml"),
    (*IMPORTING, "--out", "environments/new.yaml"),
    (*IMPORTING, "--reference", "token_secret=Canary7f3a9c51e8b2"),
    ("import", "north", "--diff"),
    ("doctor", "north", "--output", "json", "--report", "report.json"),
    ("doctor", "north", "--profile", "nothing"),
    *(("drift", "north", "--output", one) for one in ("json", "markdown", "html", "sarif", "github")),
)
FIRST_REQUESTS = 12
"""No command asks less; what it asks later it asks in the same way."""


def test_no_command_that_looks_leaves_a_secret_anywhere(account: InProcess, caplog: pytest.LogCaptureFixture) -> None:
    said_by(account, "apply", "north", "--auto-approve")

    text = "\n".join(said_by(account, *arguments) for arguments in MORE_LOOKING)
    text += caplog.text + left_behind(account.folder)
    assert "Connector of Ann" in text
    assert (account.folder / "report.json").exists()
    assert (account.folder / "review.json").exists()
    require_none(logins_of(account), text)


@pytest.mark.parametrize("command", LOOKING, ids=lambda one: one[0])
@pytest.mark.parametrize("how", ECHOES)
def test_what_netsuite_repeats_of_a_login_is_not_repeated_by_who_only_looks(
    account: InProcess, caplog: pytest.LogCaptureFixture, how: str, command: tuple[str, ...]
) -> None:
    """From each request on nothing but answers that hold the header, its parts and the secrets behind it."""
    secrets = logins_of(account)
    for number in range(1, FIRST_REQUESTS + 1):
        more = ("--report", "report.json") if command[0] == "doctor" else ()
        with echoing(account, how, number) as seen:
            text = said_by(account, *command, *more)
        assert len(seen) >= number
        require_none(secrets, text + caplog.text + left_behind(account.folder), number)
        caplog.clear()


@pytest.mark.parametrize("what", MISTAKES)
def test_a_secret_in_a_file_by_mistake_is_not_repeated_by_who_only_looks(
    account: InProcess, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    file = account.write("wrong", MISTAKES[what]())
    commands = [tuple("wrong" if part == "north" else part for part in one) for one in ON_MISTAKES]
    text = "".join(said_by(account, *command) for command in commands)
    file.unlink()

    assert text
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))


ON_MISTAKES = tuple(one for one in (*LOOKING, ("import", "north")) if "north" in one)
BREAKS = (
    ("reconciler.inspection.review", ("review", "north")),
    ("reconciler.netsuite.access.read_access", ("review", "north")),
    ("reconciler.inspection.verify", ("verify", "north")),
    ("reconciler.inspection.handover_records", ("history", "north", "--handover")),
    ("reconciler.inspection.drafted", IMPORTING),
    ("reconciler.netsuite.examiner.looked_around", ("doctor", "north")),
    ("reconciler.netsuite.examiner._who", ("doctor", "north")),
    ("reconciler.planning.build_plan", ("drift", "north")),
)


@pytest.mark.parametrize(("where", "command"), BREAKS)
def test_a_traceback_of_who_only_looks_holds_no_secret(
    account: InProcess,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    command: tuple[str, ...],
) -> None:
    enter(account, monkeypatch)
    text = shown_with_variables(monkeypatch, where, *command)
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))
