"""The embedded emulator: a child process on loopback that an environment with `endpoint: emulator` talks to."""

import fcntl
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.core.errors import EmulatorError, LoginRefusedError

# With -P, nothing in the folder of the command is taken for a part of it: what a pull request brings is never executed.
EMULATOR: Final = (sys.executable, "-P", "-m", "reconciler.emulator")
_START_SECONDS = 20.0
_PAUSE_SECONDS = 0.1
_LISTENING = "listening on "
_LOCKED = "is served already"
_HINT = "hint: "


@dataclass(frozen=True, slots=True)
class EmulatorFiles:
    """Where the emulator of one environment keeps a database for each account, and says where it listens."""

    folder: Path
    environment: str

    def database(self, account: str) -> Path:
        return self.folder / f"{self.environment}-{account}.sqlite"

    def registration(self, account: str) -> Path:
        return self.folder / f"{self.environment}-{account}.json"


def emulator_files(folder: Path, environment: str) -> EmulatorFiles:
    """The files of an environment's emulator below the state folder."""
    return EmulatorFiles(folder / "emulator", environment)


def serve_command(files: EmulatorFiles, account: str, *more: str) -> list[str]:
    """The command line that serves the emulator of an environment.

    Raises:
        EmulatorError: its folder cannot be made.
    """
    _make(files.folder)
    return [
        *EMULATOR,
        "serve",
        *("--database", str(files.database(account)), "--account", account),
        *more,
    ]


def _make(folder: Path) -> None:
    state = folder.parent
    try:
        if not state.exists():
            # Another process may come first, and then does the same.
            with suppress(FileExistsError):
                state.mkdir(parents=True)
                # As the store writes it: what is kept there is about one checkout and never belongs into its history.
                (state / ".gitignore").write_text("*\n", encoding="utf-8")
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise EmulatorError(
            f"{folder}, where the emulator keeps its databases, cannot be made: {error.strerror}.",
            hint="make the repository's folder writable, or work in a copy that you may write to",
        ) from error


def remove(files: EmulatorFiles, account: str) -> tuple[Path, ...]:
    """Remove the database, and return what was there.

    Raises:
        EmulatorError: a server has it, or it cannot be removed.
    """
    database = files.database(account)
    # SQLite keeps what is not yet in the database beside it. The lock file stays: it is what a server waits for.
    candidates = (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")))
    try:
        with _locked(database.with_name(f"{database.name}.lock")):
            found = tuple(path for path in candidates if path.exists())
            for path in found:
                path.unlink()
    except BlockingIOError as error:
        raise EmulatorError(
            f"{database} is being served, so it was not removed.", hint="stop `reconciler emulator serve` first"
        ) from error
    except OSError as error:
        raise EmulatorError(f"{database} cannot be removed: {error.strerror}.") from error
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep servers away, by the lock that each of them takes on its database."""
    if not path.exists():
        yield
        return
    with path.open("a", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def running(files: EmulatorFiles, account: str) -> Iterator[str]:
    """The base URL of the environment's emulator: the server that is registered there, else a child of this process.

    The child ends when this process does, however it ends: it watches the pipe that it got as its standard input.

    Raises:
        EmulatorError: it did not start, or serves another account.
    """
    url = _registered(files, account)
    if url is not None:
        yield url
        return
    child, url = _started(files, account)
    try:
        yield url
    finally:
        _stop(child)


def login_of(url: str, account: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """The credentials that the emulator hands out for one of its people, or for its default reader.

    Args:
        url: base URL of the emulator.
        account: whose people.
        wanted: `employee` and `role`, or nothing.

    Raises:
        LoginRefusedError: it has no such login, or none that works any more; the message names those it has.
        EmulatorError: it does not answer.
    """
    try:
        return _asked(url, f"/_emulator/accounts/{account}/login", dict(wanted))
    except _AnsweredNoError as error:
        who = f"{wanted['employee']} as {wanted['role']}" if wanted else "its reader"
        raise LoginRefusedError(
            f"The emulator has no login for {who}. {error.message}", status=error.status, hint=_LOGIN_HINT
        ) from error


_LOGIN_HINT = (
    "correct acts_as; where the logins are gone, as after a sandbox refresh, "
    "`reconciler emulator reset ENV` begins anew"
)


class _AnsweredNoError(EmulatorError):
    """The back door said no; `status` is its own."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def _registered(files: EmulatorFiles, account: str) -> str | None:
    try:
        url = str(json.loads(files.registration(account).read_text("utf-8"))["url"])
        health = _asked(url, "/_emulator/health", None)
    except (OSError, ValueError, KeyError, EmulatorError):
        return None
    if account not in health.get("accounts", ()):
        raise EmulatorError(
            f"The emulator at {url} serves other accounts than {account}.",
            hint="stop it; the next command then starts one of its own",
        )
    return url


def _started(files: EmulatorFiles, account: str) -> tuple[subprocess.Popen[str], str]:
    """A child and its base URL; waits while another command of the same environment has the database."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            child = subprocess.Popen(  # noqa: S603  our own interpreter, and arguments that no shell sees
                serve_command(files, account, "--until-stdin-closes"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # Ctrl-C is for this process, which still needs an answer to the request in flight.
                start_new_session=True,
            )
            first = child.stdout.readline() if child.stdout else ""
            if first.startswith(_LISTENING):
                return child, first.removeprefix(_LISTENING).strip()
            _stop(child)
            errors.seek(0)
            said = errors.read()
        if _LOCKED not in said or time.monotonic() > deadline:
            raise _did_not_start(said, files.environment)
        time.sleep(_PAUSE_SECONDS)


def _stop(child: subprocess.Popen[str]) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout:
        child.stdout.close()


def _did_not_start(said: str, environment: str) -> EmulatorError:
    lines = [line.strip() for line in said.strip().splitlines()]
    if not lines or not lines[0].startswith("Error: "):
        return EmulatorError(f"The embedded emulator did not start: {lines[-1] if lines else 'it said nothing'}")
    told = " ".join(line for line in lines[1:] if not line.startswith(_HINT))
    hint = next((line.removeprefix(_HINT) for line in lines if line.startswith(_HINT)), "")
    if not hint or "--" in hint:
        # Its options were not given by whoever called.
        hint = f"`reconciler emulator reset {environment}` begins anew; its folder has to be writable"
    return EmulatorError(f"The embedded emulator did not start: {told}", hint=hint)


def _asked(url: str, path: str, body: object) -> dict[str, Any]:
    """An answer of the emulator's back door; never through a proxy, for it is this machine."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  the address is loopback: it comes from our own child or its file
        url + path, data=data, headers={"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(10_000).decode("utf-8", "replace")
        raise _AnsweredNoError(_sentence(said), error.code) from error
    except (OSError, ValueError) as error:
        raise EmulatorError(f"The embedded emulator at {url} does not answer: {error}") from error
    if not isinstance(found, dict):
        raise EmulatorError(f"The embedded emulator at {url} answered something else than an object.")
    return found


def _sentence(said: str) -> str:
    try:
        return str(json.loads(said)["error"])
    except (ValueError, KeyError, TypeError):
        return said
