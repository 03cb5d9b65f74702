"""Comments and pages from the command line: links, permissions, saved plans, and what a terminal shows."""

import json
import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.surroundings import forge_base
from tests.cli.conftest import Workspace, an_environment
from tests.support.documents import ROOT
from tests.support.emulator import Emulator

ACCOUNTANT = {"employees": {"ben.adams@example.com": {"roles": {"at_least": ["Accountant", "Sales Person"]}}}}
CI = {
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REPOSITORY": "company/config",
    "GITHUB_SHA": "abc123",
}


@pytest.fixture
def people(workspace: Workspace, emulator: Emulator) -> Workspace:
    """A file in which somebody who is no Administrator gets a role."""
    workspace.production(emulator)
    workspace.write("production", an_environment(emulator.url) | ACCOUNTANT)
    return workspace


def test_what_a_role_brings_is_read_for_comments_and_pages_and_is_no_part_of_the_digest(
    people: Workspace, emulator: Emulator
) -> None:
    plain = json.loads(people.run("plan", "--output", "json").out)
    counted = len(emulator.requests())
    result = people.run("plan", "--output", "markdown", "--output", "json=plan.json", "--output", "html=plan.html")
    document = json.loads((people.folder / "plan.json").read_text())

    assert "permissions" not in plain
    assert len(emulator.requests()) - counted == counted + 1
    assert document["digest"] == plain["digest"]
    (ben,) = [one for one in document["permissions"] if one["person"] == "ben.adams@example.com"]
    assert (ben["gains"], ben["loses"], ben["notes"]) == (["Accountant"], [], [])
    assert [(move["before"], move["after"]) for move in ben["moves"]] == [("none", "view")]
    assert f"- {ben['moves'][0]['permission']}: none → **view**" in result.out
    assert ben["moves"][0]["permission"] in (people.folder / "plan.html").read_text()


def test_permissions_that_cannot_be_read_are_said_to_be_unknown(people: Workspace, emulator: Emulator) -> None:
    people.run("plan")
    queries = sum("suiteql" in row["path"] for row in emulator.requests())
    # They are asked for when everything else is known.
    emulator.fault("POST .*/suiteql.*", status=403, skip=queries)
    result = people.run("plan", "--output", "markdown")

    assert result.code == ExitCode.OK
    assert "- The permissions of Accountant are not known: " in result.out


@pytest.mark.parametrize("form", ["text", "markdown", "html", "sarif", "github", "json"])
def test_a_saved_plan_is_shown_in_every_format_as_it_was_made(people: Workspace, form: str) -> None:
    made = people.run("plan", "--output", form, "--output", "json=plan.json", "--output", "markdown=plan.md")
    if form == "json":
        made = people.run("plan", "--output", "json", "--output", "markdown=plan.md")
        (people.folder / "plan.json").write_text(made.out)
    elif form == "markdown":
        made = people.run("plan", "--output", "markdown", "--output", "json=plan.json")
    shown = people.run("show", "plan.json", "--output", form)

    assert shown.code == ExitCode.OK
    # A saved plan does not know its environment's file, which is where a finding without a place is shown.
    assert (
        shown.out.replace("file=environments/production.yaml,line=1,col=1,", "")
        == made.out.replace("file=environments/production.yaml,line=1,col=1,", "")
        or form == "sarif"
    )


def test_links_lead_to_the_commit_that_a_job_runs_on(people: Workspace) -> None:
    for name, value in CI.items():
        people.environ(name, value)
    said = people.run("plan", "--output", "markdown").out

    assert "](<https://github.example/company/config/blob/abc123/environments/production.yaml#L" in said


def test_an_option_says_where_files_can_be_opened(people: Workspace) -> None:
    people.run("plan", "--output", "json=plan.json")
    for command in (["plan"], ["show", "plan.json"], ["apply", "production", "--auto-approve"]):
        said = people.run(*command, "--output", "html", "--link-base", "https://git.example/x/").out
        assert 'href="https://git.example/x/environments/production.yaml#L' in said


@pytest.mark.parametrize(
    "base", ["javascript:alert(1)", "x", "https://", "https://a b", "https://[", 'https://a"b', "file:///etc"]
)
def test_what_is_no_address_is_no_link_base(workspace: Workspace, base: str) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    result = workspace.run("plan", "--link-base", base)

    assert result.code == ExitCode.USAGE
    assert "--link-base" in result.err
    assert forge_base({"GITHUB_SERVER_URL": "https://g"}) is None
    assert forge_base({}) is None
    assert forge_base({"CI_PROJECT_URL": "https://l/p", "CI_COMMIT_SHA": "s"}) == "https://l/p/-/blob/s"


def test_a_job_whose_address_is_none_gets_no_links(people: Workspace) -> None:
    for name, value in (CI | {"GITHUB_SERVER_URL": "javascript:alert(1)//"}).items():
        people.environ(name, value)

    assert "javascript" not in people.run("plan", "--output", "markdown").out


def test_changes_are_annotated_at_their_lines(people: Workspace) -> None:
    said = people.run("plan", "--output", "github").out

    assert "::notice file=environments/production.yaml,line=" in said
    assert "title=replace integrations.netsuite-connector.token [owner-differs]::owner ann@example.com -> " in said


def test_an_apply_is_shown_as_a_comment_and_a_page(people: Workspace) -> None:
    outputs = ("--output", "markdown", "--output", "html={environment}.html")
    result = people.run("apply", "production", "--auto-approve", *outputs)
    page = (people.folder / "production.html").read_text()

    assert result.out.startswith("**production**: Waiting for a person: create a token for dana.ortiz@example.com")
    assert "### Applied\n\n- **done**: grant Accountant to ben.adams@example.com" in result.out
    assert "<h1>Apply for production</h1>" in page
    assert "grant Accountant to ben.adams@example.com" in page


def test_an_environment_that_failed_has_its_part_beside_the_others(people: Workspace) -> None:
    people.write("broken", an_environment("http://127.0.0.1:9"))
    result = people.run("plan", "--output", "markdown", "--output", "html=all.html")

    assert "**broken**: Nothing can be said: " in result.out
    assert "**production**: " in result.out
    assert "<h1>Plan for 2 environments</h1>" in (people.folder / "all.html").read_text()


class Screen:
    """A terminal of so many columns, on which a command runs."""

    def __init__(self, folder: Path, columns: int, **surroundings: str) -> None:
        self.folder, self.columns, self.surroundings = folder, columns, surroundings

    def run(self, *arguments: str) -> str:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, self.columns))
        kept = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR"}}
        environ = kept | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)} | self.surroundings
        call = [sys.executable, "-m", "reconciler", *arguments]
        running = subprocess.Popen(  # noqa: S603  our own program
            call, cwd=self.folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs
        )
        with running:
            os.close(theirs)
            told = b""
            try:
                while part := os.read(ours, 65536):
                    told += part
            except OSError:
                pass  # Linux says so when the other side is closed.
            running.wait()
        os.close(ours)
        return told.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_progress_and_no_line_that_is_too_long(people: Workspace) -> None:
    told = Screen(people.folder, 80).run("plan", "production")
    progress, _, plan = told.rpartition("\x1b[K")

    assert "Reading production (account 1234567) …" in progress
    assert "\x1b[1;32mready\x1b[0m" in plan
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in plan.split("\n")) <= 80


def test_no_color_and_dumb_terminals_get_no_colour(people: Workspace) -> None:
    told = ""
    for surroundings in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        told = Screen(people.folder, 100, **surroundings).run("plan", "production")
        assert re.search(r"\x1b\[[0-9;]*m", told) is None
        assert "ready" in told
        # A line is erased where one can be; colour is another matter.
        assert ("\x1b[K" in told) == ("NO_COLOR" in surroundings)
    assert "\x1b" not in told


def test_several_environments_are_counted_while_they_are_read(people: Workspace) -> None:
    people.write("broken", an_environment("http://127.0.0.1:9"))
    told = Screen(people.folder, 100).run("plan")

    assert "Reading 2 environments: 2 done …" in told


def test_without_a_terminal_there_is_neither_colour_nor_progress(people: Workspace) -> None:
    result = people.run("plan")

    assert "\x1b" not in result.out + result.err
    assert result.err == ""
