"""The main job as a story in the terminal: a change of owner, from the first plan to the empty one.

Everything here goes through what users have: the `reconciler` command, and the emulator's back door for what people do
in NetSuite. Between any two steps the Connector posts an order; each of them has to succeed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NoReturn

CONNECTOR = "NetSuite Connector"
HELPER = "lee.wong@example.com"
MOST_ROUNDS = 12
INDENT = "    "
INTERRUPTED = 130
WIDTH = max(80, get_terminal_size((120, 40)).columns)


class Story:
    """One run of the demo against one environment."""

    def __init__(self, environment: str, url: str, account: str, known: set[str]) -> None:
        """`known`: the kinds of steps whose instructions were shown before; where there are any, the story is short."""
        self.environment = environment
        self.account = account
        self.known = known
        self._is_brief = bool(known)
        self._base = f"{url}/_emulator"
        self._new_token: dict[str, Any] = {}
        self.posted: Counter[str] = Counter()

    def tell(self) -> None:
        """Run the whole handover; raises SystemExit when anything goes wrong."""
        self.order()
        self.run("plan")
        for _ in range(MOST_ROUNDS):
            steps = self.apply()["steps"]
            self.order()
            if not steps:
                break
            self.act(steps)
        else:
            fail("the handover did not come to its end")
        plan = self.run("plan")
        if plan["steps"] or plan["changes"]:
            fail("the plan is not empty at the end")
        self.proof()

    def apply(self) -> dict[str, Any]:
        return self.run("apply", "--auto-approve")

    def run(self, command: str, *options: str) -> dict[str, Any]:
        """Show a command and what it prints; the same result as JSON comes back."""
        print(f"\n$ reconciler {' '.join((command, self.environment, *options))}\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "result.json")
            both = ("--output", "text", "--output", f"json={file}")
            call = [sys.executable, "-m", "reconciler", command, self.environment, *options, *both]
            surroundings = os.environ | {"COLUMNS": str(WIDTH - len(INDENT))}
            done = subprocess.run(call, check=False, text=True, stdout=subprocess.PIPE, env=surroundings)
            if done.returncode != 0:
                fail(f"reconciler {command} ended with exit code {done.returncode}\n{done.stdout}")
            result: dict[str, Any] = json.loads(file.read_text("utf-8"))
        shown = self.news(result, done.stdout) if self._is_brief and command == "apply" else done.stdout
        print(textwrap.indent(shown, INDENT), end="", flush=True)
        self.known.update(step["kind"] for step in ready_for_people(result["steps"]))
        return result

    def news(self, result: dict[str, Any], text: str) -> str:
        """What is new to somebody who has seen the story once: the step that is ready, and the closing words."""
        lines: list[str] = []
        for step in ready_for_people(result["steps"]):
            lines.append(f"{step['actor']}  {step['summary']}  {step['status']}")
            if step["kind"] not in self.known:
                lines += [f"  {instruction}" for instruction in step["instructions"]]
        closing = text.rstrip("\n").rpartition("\n\n")[2]
        return "\n".join([*lines, *([""] if lines else []), closing, ""])

    def act(self, steps: list[dict[str, Any]]) -> None:
        """Do what waits for a person, or let time pass."""
        ready = ready_for_people(steps)
        if ready:
            for step in ready:
                self.by_hand(step)
                self.order()
        elif any(step["status"] == "waiting" and step["actor"] == "time" for step in steps):
            narrate("A day and an hour pass; the Connector goes on posting orders.")
            for _ in range(5):
                self.ask("POST", "clock", {"advance": "5h"})
                self.order()
        elif not any(step["status"] in {"ready", "waiting"} for step in steps):
            fail("nobody can go on")

    def by_hand(self, step: dict[str, Any]) -> None:
        kind, _, rest = step["id"].partition("/")
        where = "at app.farapp.com" if kind == "enter-credentials" else "in NetSuite"
        narrate(f"Lee Wong, an Administrator, {where}: {step['summary']}.")
        match kind:
            case "grant-role":
                self.change_roles(step, "add", rest)
            case "remove-role":
                self.change_roles(step, "remove", rest)
            case "create-token":
                self._new_token = self.ask("POST", f"{self._account}/tokens", self.token_of(step))
            case "enter-credentials":
                entered = {name: self._new_token[name] for name in ("token_id", "token_secret")}
                path = f"{self._account}/connectors/{quoted(CONNECTOR)}/credentials"
                print(f"{INDENT}app.farapp.com says: {self.ask('POST', path, entered)['message']}")
            case "deactivate-token" | "revoke-token":
                verb = kind.removesuffix("-token")
                self.ask("POST", f"{self._account}/tokens/{rest}/{verb}", {"as": HELPER})
            case _:
                fail(f"the demo does not know how a person does {kind}")

    def token_of(self, step: dict[str, Any]) -> dict[str, str]:
        """What a person types into New Access Token: the values from the plan's own instructions."""
        fields = dict(line.split(": ", 1) for line in step["instructions"] if ": " in line)
        email = fields["User"].partition("(")[2].rstrip(")")
        return {
            "as": HELPER,
            "application": fields["Application Name"],
            "user": email,
            "role": fields["Role"],
            "name": fields["Token Name"],
        }

    def change_roles(self, step: dict[str, Any], verb: str, ids: str) -> None:
        employee = ids.split("/", maxsplit=1)[0]
        role = step["summary"].split(" ", 1)[1].rsplit(" to " if verb == "add" else " from ", 1)[0]
        self.ask("POST", f"{self._account}/employees/{employee}/roles", {"as": HELPER, verb: [role]})

    def order(self) -> None:
        """Some minutes later the Connector posts an order, as it does all day."""
        self.ask("POST", "clock", {"advance": "10m"})
        answer = self.ask("POST", f"{self._account}/connectors/{quoted(CONNECTOR)}/orders", {})
        if not answer["posted"]:
            fail(f"an order was refused: {answer}")
        self.posted[answer["set_by"]] += 1
        print(f"{INDENT}✓ order {answer['order']['tranid']} posted, Set By {answer['set_by']}", flush=True)

    def proof(self) -> None:
        total = sum(self.posted.values())
        by = ", ".join(f"{number} by {who}" for who, number in self.posted.items())
        narrate(f"{total} of {total} orders were posted while the owner changed: {by}.")

    @property
    def _account(self) -> str:
        return f"accounts/{self.account}"

    def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._base}/{path}",
            data=json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            fail(f"{method} {path}: {error.read().decode()}")


def ready_for_people(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [step for step in steps if step["status"] == "ready" and step["actor"] == "person"]


def quoted(name: str) -> str:
    return urllib.parse.quote(name, safe="")


def narrate(text: str) -> None:
    print()
    print(textwrap.fill(text, WIDTH, initial_indent="» ", subsequent_indent="  "), flush=True)


def fail(why: str) -> NoReturn:
    sys.exit(f"demo: {why}")


def title(text: str) -> None:
    print(f"\n{'━' * WIDTH}\n{textwrap.fill(text, WIDTH)}\n{'━' * WIDTH}", flush=True)


@contextmanager
def emulator(environment: str) -> Iterator[tuple[str, str]]:
    """A fresh emulator for one environment: its address and its account."""
    program = [sys.executable, "-m", "reconciler", "emulator"]
    reset = subprocess.run([*program, "reset", environment], check=False, text=True, capture_output=True)
    if reset.returncode != 0:
        fail(reset.stderr.strip())
    with subprocess.Popen([*program, "serve", environment], stdout=subprocess.PIPE, text=True) as server:
        try:
            first = server.stdout.readline() if server.stdout else ""
            if not first.startswith("listening on "):
                fail(f"the emulator of {environment} did not start; is another one still running?")
            url = first.removeprefix("listening on ").strip()
            with urllib.request.urlopen(f"{url}/_emulator/health", timeout=30) as answer:
                yield url, json.load(answer)["accounts"][0]
        finally:
            server.terminate()
            # After a Ctrl-C the block around it would not wait.
            server.wait()


ACTS = {
    "local": (
        "Ann Keller owns the token that NetSuite Connector logs in with, and will leave. environments/local.yaml names "
        "Dana Ortiz as the new owner. The tool may write as an Administrator: it does what an API can do, tells people "
        "what only they can do, and sees in NetSuite itself when they have done it."
    ),
    "local-read-only": (
        "The same change of owner with a login that can only read (environments/local-read-only.yaml): every step is a "
        "person's, and the tool plans, instructs and watches. After the plan, only what is ready is shown."
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environments", nargs="*", metavar="ENV", help=f"one of {', '.join(ACTS)}; both by default")
    known: set[str] = set()
    environments = parser.parse_args().environments or list(ACTS)
    for environment in environments:
        title(ACTS[environment])
        with emulator(environment) as (url, account):
            Story(environment, url, account, known).tell()
    again(environments[0])


def again(environment: str) -> None:
    """How to be Lee oneself: the emulator keeps what happened, so its plans are empty now."""
    program = Path(sys.executable).with_name("reconciler")
    called = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    narrate("The emulator keeps what happened, so there is nothing left to plan. To begin anew and try it yourself:")
    print(f"{INDENT}{called} emulator reset {environment}")
    print(f"{INDENT}{called} plan {environment}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("\ndemo: interrupted; it begins anew each time.\n")
        sys.exit(INTERRUPTED)
