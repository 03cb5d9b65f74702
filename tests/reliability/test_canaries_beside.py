"""The same secrets, for the commands that only look: what NetSuite repeats of a login, what a file holds by mistake."""

import logging
import traceback

import pytest
import requests

from reconciler.cli.main import main
from tests.reliability.test_canaries import ECHOES, MISTAKES, account, left_behind, logins_of, require_none, said_by
from tests.support.in_process import URL, Handler, InProcess

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
        seen = [0]

        def through(
            request: requests.PreparedRequest, pass_on: Handler, number: int = number, seen: list[int] = seen
        ) -> requests.Response:
            seen[0] += 1
            true = pass_on(request)
            header: str | bytes = request.headers.get("Authorization", "")
            shown = header.decode() if isinstance(header, bytes) else header
            login = [value for name, value in account.environ.items() if name.startswith("NETSUITE_")]
            return true if seen[0] < number else ECHOES[how](request, true, " ".join([shown, *login]))

        account.wire.through = through
        more = ("--report", "report.json") if command[0] == "doctor" else ()
        text = said_by(account, *command, *more)
        account.wire.through = None
        assert seen[0] >= number
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
    ("reconciler.netsuite.live_state.read_access", ("review", "north")),
    ("reconciler.inspection.verify", ("verify", "north")),
    ("reconciler.inspection.handover_records", ("history", "north", "--handover")),
    ("reconciler.inspection.drafted", IMPORTING),
    ("reconciler.netsuite.examiner.looked_around", ("doctor", "north")),
    ("reconciler.netsuite.examiner._who", ("doctor", "north")),
    ("reconciler.pipeline.build_plan", ("drift", "north")),
)


@pytest.mark.parametrize(("where", "command"), BREAKS)
def test_a_traceback_of_who_only_looks_holds_no_secret(
    account: InProcess,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    command: tuple[str, ...],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nobody planned this")

    monkeypatch.setattr(where, broken)
    monkeypatch.chdir(account.folder)
    for name, value in account.environ.items():
        monkeypatch.setenv(name, value)
    with caplog.at_level(logging.DEBUG), pytest.raises(ZeroDivisionError) as caught:
        main(command)

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in frames if "/reconciler/" in frame.filename and "/emulator/" not in frame.filename]
    text = "".join(f"{frame.name} {frame.locals}\n" for frame in ours)
    assert len(ours) > 3
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))
