"""The whole handover in a real browser: every step a person has to do is clicked as the plan's instructions say."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.hand import Hand
from tests.browser.people import log_in
from tests.browser.screenshot import kept
from tests.support.documents import ROOT
from tests.support.emulator import ACCOUNT, LISTENING, Emulator

LEE = "Lee Wong"
MOST_ROUNDS = 12


@dataclass
class Story:
    """One environment, its emulator, and Lee Wong at the browser."""

    folder: Path
    environment: str
    emulator: Emulator
    lee: Hand
    done_by_hand: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> dict[str, Any]:
        """What a command says as JSON."""
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-m", "reconciler", *arguments, "--output", "json"],
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def order(self) -> None:
        """The Connector posts an order; while the owner changes, none may fail."""
        self.emulator.later("10m")
        answer = self.emulator.order()
        assert answer["posted"], answer
        self.authors.append(answer["set_by"])

    def act(self, steps: list[dict[str, Any]]) -> None:
        ready = [step for step in steps if step["actor"] == "person" and step["status"] == "ready"]
        for step in ready:
            self.lee.follow(step["instructions"])
            self.done_by_hand.append(step["kind"])
            self.order()
        if not ready:
            # Nothing but time is left: a day passes, and the Connector goes on.
            assert any(step["status"] == "waiting" for step in steps), steps
            for _ in range(5):
                self.emulator.later("5h")
                self.order()

    def tell(self) -> None:
        for _ in range(MOST_ROUNDS):
            steps = self.run("apply", self.environment, "--auto-approve")["steps"]
            self.order()
            if not steps:
                return
            self.act(steps)
        raise AssertionError("the handover did not come to its end")


@contextmanager
def a_story(folder: Path, environment: str, browser: Chrome) -> Iterator[Story]:
    command = [sys.executable, "-m", "reconciler", "emulator", "serve", environment, "--until-stdin-closes"]
    with subprocess.Popen(  # noqa: S603  our own program
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        first = server.stdout.readline()
        assert first.startswith(LISTENING), first
        emulator = Emulator(first.removeprefix(LISTENING).strip())
        yield Story(folder, environment, emulator, log_in(browser, emulator.url, LEE))
        server.stdin.close()
        server.wait(timeout=10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "by_hand"),
    [
        ("local", ["create-token", "enter-credentials", "deactivate-token", "revoke-token"]),
        (
            "local-read-only",
            ["grant-role", "create-token", "enter-credentials", "deactivate-token", "revoke-token", "remove-role"],
        ),
    ],
)
def test_a_handover_clicked_as_the_plan_says(
    folder: Path, browser: Chrome, environment: str, by_hand: list[str]
) -> None:
    with a_story(folder, environment, browser) as story:
        story.order()
        assert story.run("plan", environment)["summary"]["manual"] >= 4
        story.tell()

        assert story.done_by_hand == by_hand
        assert story.run("plan", environment)["changes"] == []
        assert story.authors == sorted(story.authors), "Ann's orders first, then Dana's, never back again"
        assert set(story.authors) == {"Ann Keller", "Dana Ortiz"}


EVERYTHING_ELSE = {
    "version": 1,
    "netsuite": {"account": ACCOUNT, "endpoint": "emulator"},
    "integrations": {
        "netsuite-connector": {
            "application": "NetSuite Connector",
            "owner": "ann@example.com",
            "token_role": "NetSuite Connector Web Services",
        }
    },
    "employees": {
        "victor.lund@example.com": {"active": True, "access": True},
        "tom.becker@example.com": {"roles": {"exactly": ["Buyer"]}},
        "marco.silva@example.com": {"access": False},
        "ingrid.dahl@example.com": {"active": False},
    },
}


def test_every_other_step_of_a_person_is_clicked_as_the_plan_says(folder: Path, browser: Chrome) -> None:
    (folder / "environments" / "people.yaml").write_text(json.dumps(EVERYTHING_ELSE))
    with a_story(folder, "people", browser) as story:
        story.emulator.act("integrations/NetSuite%20Connector", state="Blocked")
        for _ in range(MOST_ROUNDS):
            steps = story.run("plan", "people")["steps"]
            ready = [step for step in steps if step["status"] == "ready"]
            if not ready:
                break
            for step in ready:
                story.lee.follow(step["instructions"])
                story.done_by_hand.append(step["kind"])

        assert set(story.done_by_hand) == {
            "activate",
            "enable-integration",
            "give-access",
            "grant-role",
            "inactivate",
            "remove-access",
            "remove-role",
        }
        assert story.run("plan", "people")["steps"] == []


def test_the_pictures_in_the_documents_show_the_pages_as_they_are(folder: Path, browser: Chrome) -> None:
    """The step of the plan that the README shows, typed in and not yet saved."""
    with a_story(folder, "local", browser) as story:
        story.emulator.door("clock", {"set": "2026-11-22T09:00:00Z"})
        story.run("apply", "local", "--auto-approve")
        (step,) = [step for step in story.run("plan", "local")["steps"] if step["status"] == "ready"]
        browser.set_window_size(1100, 800)
        story.lee.follow([line for line in step["instructions"] if not line.startswith("Save")])
        kept(browser, "new-access-token")


def test_ci_does_not_leave_the_browser_out() -> None:
    if os.environ.get("REQUIRE_BROWSER"):
        assert shutil.which("chromium")
        assert shutil.which("chromedriver")
