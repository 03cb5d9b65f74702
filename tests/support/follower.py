"""Somebody who follows a page: types its commands, edits its files, and does in NetSuite what a plan asks of people."""

import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from scripts.demo import Story, ready_for_people

RUNNABLE = ("reconciler", "git", "curl", "cd", "cp", "diff", "mkdir", "echo")
"""The programs of commands that are run; a page may show others, and what they print is not looked at."""
# Commands with a placeholder in place of a name are not for running, nor is one that writes into somebody's shell.
_SHAPE = re.compile(r"[\[<]|\bENV\b|--install-completion")
_VARIABLE = re.compile(r"[A-Z_]+=\S*")
_CUT = re.compile(r" \| (head|tail) -(\d+)$")
_HOST = re.compile(rf"(?<=[ ,]){re.escape(socket.gethostname())}\b")
_SHOWN_ONCE = re.compile(r'("(?:token_id|token_secret)": ")[^"]+')
_WHO = {"LOGNAME": "lee", "USER": "lee"}
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d")
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_NAME": "Lee Wong" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "lee.wong@example.com" for who in ("AUTHOR", "COMMITTER")},
}
_SERVE = ("emulator", "serve")


def is_runnable(command: str) -> bool:
    """Whether a follower can do what stands behind the dollar sign."""
    words = shlex.split(command, comments=True)
    while words and _VARIABLE.fullmatch(words[0]):
        del words[0]
    is_shape = words[:1] == ["reconciler"] and _SHAPE.search(command)
    return bool(words) and words[0] in RUNNABLE and not is_shape


@dataclass
class Follower:
    """One reader of one page, in a folder of their own; leaving stops the emulators that the page started."""

    folder: Path
    written_on: date | None = None
    """The page's own today: days that it writes are as far from ours. None: days are to be taken as they are."""
    code: int = 0
    served: dict[str, str] = field(default_factory=dict)
    """Where each emulator really listens, by the address that the page shows."""
    _until_the_end: ExitStack = field(default_factory=ExitStack)
    _stories: dict[str, Story] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._until_the_end.close()

    def type(self, command: str) -> str:
        """What the command prints, both streams in one, as a terminal shows them."""
        cut = _CUT.search(command)
        words = shlex.split(_CUT.sub("", self._really(command)), comments=True)
        variables: dict[str, str] = {}
        while _VARIABLE.fullmatch(words[0]):
            name, _, value = words.pop(0).partition("=")
            variables[name] = value
        program, *arguments = words
        ways: Mapping[str, Callable[[], str]] = {
            "cd": partial(self._change_folder, *arguments),
            "echo": lambda: f"{self.code}\n",
            "curl": partial(self._ask, arguments),
            "reconciler": partial(self._reconciler, arguments, variables),
        }
        output = self._shown(ways.get(program, partial(self._run, words, variables))())
        if not cut:
            return output
        lines, number = output.splitlines(keepends=True), int(cut[2])
        return "".join(lines[:number] if cut[1] == "head" else lines[-number:])

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._of_today(text), encoding="utf-8")

    def edit(self, difference: str) -> None:
        """Do what a difference in a page shows: the file's name behind `---`, then lines out, in, and as they are."""
        head, *lines = difference.splitlines()
        file = self.folder / head.removeprefix("--- ")
        old = self._of_today("".join(f"{line[1:]}\n" for line in lines if not line.startswith("+")))
        new = self._of_today("".join(f"{line[1:]}\n" for line in lines if not line.startswith("-")))
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{file.name} does not hold exactly once:\n{old}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def do_what_waits_for_people(self, environment: str) -> None:
        """Click, by the back door, what the plan of an environment has ready for people."""
        result = self.folder / "follower.json"
        self._reconciler(["plan", environment, "--output", f"json={result.name}"], {})
        plan = json.loads(result.read_text("utf-8"))
        result.unlink()
        if environment not in self._stories:
            (address,) = self.served.values()
            self._stories[environment] = Story(environment, address, plan["account"], set())
        with redirect_stdout(io.StringIO()):
            for step in ready_for_people(plan["steps"]):
                self._stories[environment].by_hand(step)

    def _reconciler(self, arguments: list[str], variables: Mapping[str, str]) -> str:
        if tuple(arguments[:2]) == _SERVE:
            return self._serve(arguments)
        return self._run([sys.executable, "-m", "reconciler", *arguments], variables)

    def _serve(self, arguments: list[str]) -> str:
        place = arguments.index("--port") + 1
        shown = f"http://127.0.0.1:{arguments[place]}"
        free = [*arguments[:place], "0", *arguments[place + 1 :], "--until-stdin-closes"]
        command = [sys.executable, "-m", "reconciler", *free]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        server = subprocess.Popen(command, cwd=self.folder, env=self._surroundings({}), text=True, **pipes)  # type: ignore[call-overload]  # noqa: S603  our own program
        self._until_the_end.enter_context(server)
        self._until_the_end.callback(server.stdin.close)
        said: str = server.stdout.readline()
        self.served[shown] = said.removeprefix("listening on ").strip()
        return said

    def _run(self, command: list[str], variables: Mapping[str, str]) -> str:
        done = subprocess.run(  # noqa: S603  what a page of this repository shows
            command,
            cwd=self.folder,
            env=self._surroundings(variables),
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.code = done.returncode
        return done.stdout

    def _ask(self, arguments: list[str]) -> str:
        """What curl sends with -d, or without; no more of it is known here."""
        *options, address = arguments
        body = options[options.index("-d") + 1].encode() if options else None
        with urllib.request.urlopen(address, data=body, timeout=60) as answer:  # noqa: S310  an emulator of ours
            text = _SHOWN_ONCE.sub(r"\1…", answer.read().decode())
        return text if text.endswith("\n") else f"{text}\n"

    def _change_folder(self, name: str) -> str:
        self.folder = self.folder / name
        return ""

    def _of_today(self, text: str) -> str:
        if self.written_on is None:
            return text
        since = datetime.now(UTC).date() - self.written_on
        return _DAY.sub(lambda day: str(date.fromisoformat(day[0]) + since), text)

    def _really(self, command: str) -> str:
        for shown, address in self.served.items():
            command = command.replace(shown, address)
        return command

    def _shown(self, output: str) -> str:
        for shown, address in self.served.items():
            output = output.replace(address, shown)
        return _HOST.sub("laptop", output)

    def _surroundings(self, variables: Mapping[str, str]) -> dict[str, str]:
        return {key: value for key, value in os.environ.items() if key != "COLUMNS"} | _GIT | _WHO | dict(variables)
