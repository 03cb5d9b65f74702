"""The token of a forge: whatever the forge repeats of it, no command says, writes or logs it."""

import json
import logging
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from reconciler.forge.upsert import upsert_comments, upsert_issue
from reconciler.render.marker import marker
from reconciler.wiring.forge import Forge, forge_of
from tests.cli.conftest import Result, Workspace, an_environment, workspace
from tests.forge.conftest import COMMIT, WORKFLOW, github_job, gitlab_job
from tests.reliability.applying import PUBLISHED
from tests.reliability.test_canaries import IN_SURROUNDINGS, left_behind, require_none, shown_with_variables
from tests.support.documents import ROOT
from tests.support.forge_server import GITHUB_TOKEN, GITLAB_TOKEN, Asked, ForgeServer, Reply

__all__ = ["workspace"]

SAVED = (ROOT / "tests/scenarios/token-nobody-used/plan.json").read_text("utf-8")
KINDS = {"github": GITHUB_TOKEN, "gitlab": GITLAB_TOKEN}
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("forge", "comment", "plans"),
    ("forge", "issue", "drift.md", "--exit-code", "2"),
    ("forge", "reviewed", "plans"),
    ("forge", "approved", "got"),
)
MOST_REQUESTS = 4


def _message(status: int, **headers: str) -> Callable[[str], Reply]:
    return lambda echo: Reply(
        status,
        {"message": f"Refused: {echo}", "errors": [echo]},
        {name: f"{told}{echo}" for name, told in headers.items()},
    )


ECHOES: Mapping[str, Callable[[str], Reply]] = {
    "400": _message(400),
    "401": _message(401, **{"WWW-Authenticate": "Bearer "}),
    "403": _message(403, **{"Retry-After": ""}),
    "404": _message(404),
    "429": _message(429),
    "500": _message(500),
    "no JSON": lambda echo: Reply(200, f"<html>{echo}</html>".encode(), {"Content-Type": "text/html"}),
    "other JSON": lambda echo: Reply(200, {echo: echo, "id": echo, "login": {}, "message": echo}),
    "redirect": lambda echo: Reply(302, {}, {"Location": f"http://example.com/?{echo}"}),
    "dropped": lambda echo: Reply(0, echo, drop=True),
}


class Echoing(ForgeServer):
    """A forge that from one request on answers nothing but what it was sent."""

    how: Callable[[str], Reply]
    first: float = math.inf

    def _reply(self, asked: Asked) -> Reply:
        if len(self.asked) < self.first:
            return super()._reply(asked)
        token = KINDS[self.kind]
        return self.how(f"{dict(asked.headers)} Bearer {token}")


@pytest.fixture(params=KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Echoing]:
    with Echoing(request.param) as server:
        environ = gitlab_job(server) if server.kind == "gitlab" else github_job(server, tmp_path)
        for name, value in {**IN_SURROUNDINGS, **environ}.items():
            monkeypatch.setenv(name, value)
        for patient in (upsert_comments, upsert_issue):
            monkeypatch.setitem(patient.__kwdefaults__ or {}, "rest", lambda _: None)
        monkeypatch.setattr("reconciler.cli.forging.forge_of", _without_rest)
        yield server


def _without_rest(environ: Mapping[str, str]) -> Forge:
    return forge_of(environ, lambda _: None)


def prepared(server: Echoing, workspace: Workspace) -> None:
    """What each command finds: a saved plan, its comment, drift, and a plan that was let through."""
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    plans = workspace.folder / "plans"
    plans.mkdir(exist_ok=True)
    (plans / "production.json").write_text(json.dumps({**json.loads(SAVED), "environment": "production"}), "utf-8")
    (plans / "production.md").write_text(f"**production**: a plan\n\n{marker('production')}\n", "utf-8")
    (workspace.folder / "drift.md").write_text("# drift\n", "utf-8")
    name = "reconciler-apply" if server.kind == "gitlab" else "reconciler-approved"
    server.state.keep({"production.json": b"{}"}, branch="main", event="push", workflow=WORKFLOW, name=name)
    server.state.merged[COMMIT] = [12]


def said_by(workspace: Workspace, command: tuple[str, ...]) -> str:
    result: Result = workspace.run(*command)
    assert result.code in PUBLISHED
    assert "Traceback" not in result.out + result.err
    return result.out + result.err


def test_no_command_for_a_forge_leaves_its_token_anywhere(
    server: Echoing, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    prepared(server, workspace)
    with caplog.at_level(logging.DEBUG):
        text = "".join(said_by(workspace, command) for command in COMMANDS)

    assert "Comment on production: added." in text
    assert "Issue: added." in text
    require_none({KINDS[server.kind]}, text + caplog.text + left_behind(workspace.folder))


@pytest.mark.parametrize("how", ECHOES)
def test_what_a_forge_repeats_of_its_token_is_not_repeated_here(
    server: Echoing, workspace: Workspace, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    prepared(server, workspace)
    server.how = ECHOES[how]
    caplog.set_level(logging.DEBUG)
    for command in COMMANDS:
        for number in range(1, MOST_REQUESTS + 1):
            server.asked.clear()
            server.first = number
            text = said_by(workspace, command) + caplog.text + left_behind(workspace.folder)
            require_none({KINDS[server.kind]}, text, (command, number))
            caplog.clear()


BREAKS = (
    ("reconciler.forge.http._json", COMMANDS[0]),
    ("reconciler.forge.http._asked_to_wait", COMMANDS[1]),
    ("reconciler.cli.forging._not_reviewed", COMMANDS[2]),
    ("reconciler.forge.archive.ZipFile", COMMANDS[3]),
)


@pytest.mark.parametrize(("where", "command"), BREAKS)
def test_a_traceback_with_all_its_variables_holds_no_token_of_a_forge(
    server: Echoing, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, where: str, command: tuple[str, ...]
) -> None:
    prepared(server, workspace)
    text = shown_with_variables(monkeypatch, where, *command)
    require_none({KINDS[server.kind]}, text)
