"""The command line of the emulator: `python -m reconciler.emulator serve`."""

import argparse
import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from reconciler.emulator.accounts import STORY_ACCOUNT, World
from reconciler.emulator.behaviours import Switches, UnknownBehaviourError
from reconciler.emulator.database import Clock, Database, UnusableError
from reconciler.emulator.extra import INSTALLING
from reconciler.emulator.holder import Holder, registered
from reconciler.emulator.server import EmulatorServer, serve_in_thread

if TYPE_CHECKING:
    from reconciler.emulator.likeness import Likeness

WRONG_USAGE: Final = 64
LONGEST_LATENCY: Final = 600_000
LAST_PORT: Final = 65_535


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # Without the usage, which would name this program to whoever came from `reconciler emulator`.
        self.exit(_failed(f"{message[:1].upper()}{message[1:]}.", WRONG_USAGE, "--help tells what there is"))


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    # It is loaded with the first query only, for that takes longer than the start; that it is there is known now.
    if chosen.command == "serve" and find_spec("sqlglot") is None:
        return _failed("The emulator needs sqlglot, which is not installed.", 1, INSTALLING)
    try:
        return _list_behaviours(chosen) if chosen.command == "behaviours" else _serve(chosen)
    except UnknownBehaviourError as error:
        return _failed(str(error), WRONG_USAGE)
    except UnusableError as error:
        return _failed(str(error), 1, error.hint)
    except OSError as error:
        return _failed(f"The emulator cannot start: {error}.", 1)


def _failed(message: str, code: int, hint: str = "") -> int:
    """Say it as `reconciler` says whatever is wrong, for that is what most people called."""
    heading = "Wrong usage [usage]" if code == WRONG_USAGE else "Emulator unavailable [emulator]"
    lines = [
        f"Error: {heading}",
        *(f"  {line}" for line in message.splitlines()),
        *([f"  hint: {hint}"] if hint else []),
    ]
    sys.stderr.write("\n".join([*lines, ""]))
    return code


def _parser() -> _Parser:
    parser = _Parser(prog="python -m reconciler.emulator", description="A NetSuite in the box, on loopback.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser(
        "behaviours",
        help="list what is known about NetSuite and what is assumed, with sources",
        description="List every behaviour with how sure it is and its sources; one with a default is a switch.",
    )
    listing.add_argument("names", nargs="*", metavar="NAME", help="only these; * and ? stand for other characters")
    listing.add_argument("--assumed", action="store_true", help="only what is likely or unknown")
    form = listing.add_mutually_exclusive_group()
    form.add_argument("--summary", action="store_true", help="only how many there are, by area")
    form.add_argument("--json", action="store_true", help="as JSON, as the back door lists them")
    serve = commands.add_parser(
        "serve",
        help="serve until stopped",
        description="Serve one database until stopped. The first line on stdout is: listening on http://127.0.0.1:PORT",
    )
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1; 0 or absent: a free one")
    serve.add_argument("--seed", type=Path, metavar="FILE", help="seed of a new database; absent: the built-in story")
    serve.add_argument("--database", type=Path, metavar="FILE", help="SQLite file; absent: in memory")
    serve.add_argument("--account", metavar="ID", help=f"account id of the story; absent: {STORY_ACCOUNT}")
    serve.add_argument("--latency", type=_latency, default=0, metavar="MS", help="milliseconds before every answer")
    serve.add_argument(
        "--concurrency-limit",
        type=_concurrency_limit,
        metavar="N",
        help="requests in flight per account, 0 for no limit; short for --behaviour concurrency-limit=N",
    )
    serve.add_argument(
        "--behaviour",
        action="append",
        default=[],
        type=_behaviour,
        metavar="NAME=VALUE",
        help="set a switch, repeatable; the command `behaviours` lists them",
    )
    serve.add_argument(
        "--like", type=Path, metavar="FILE", help="report of `reconciler doctor`: behave like that account"
    )
    serve.add_argument("--registration", type=Path, metavar="FILE", help="JSON with url, pid, database while serving")
    serve.add_argument(
        "--ready-file", type=Path, metavar="FILE", help="the same in a file that others wait for: gone until it listens"
    )
    serve.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 0 to {LAST_PORT}")
    return int(text)


def _latency(text: str) -> int:
    if not text.isdigit() or int(text) > LONGEST_LATENCY:
        raise argparse.ArgumentTypeError(f"{text!r} is no latency; give milliseconds from 0 to {LONGEST_LATENCY}")
    return int(text)


def _concurrency_limit(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no limit; give a number of requests, or 0 for no limit")
    return text


def _behaviour(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"{text!r} is no switch; write NAME=VALUE")
    return name, value


def _list_behaviours(chosen: argparse.Namespace) -> int:
    from reconciler.emulator import catalogue  # noqa: PLC0415 - a server shall start quickly, and needs none

    behaviours = catalogue.chosen(chosen.names, only_assumed=chosen.assumed)
    form = catalogue.as_json if chosen.json else catalogue.summary if chosen.summary else catalogue.listing
    text = form(behaviours)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # The interpreter's own last flush shall not complain as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        has_gone = isinstance(error, BrokenPipeError)  # whoever closed a pipe has seen enough
        return 1 if has_gone else _failed(f"The list cannot be written: {error}.", 1)
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    if chosen.seed and chosen.account:
        return _failed("--account names the account of the built-in story; a --seed names its own.", WRONG_USAGE)
    switches = Switches()
    likeness = None
    if chosen.like:
        from reconciler.emulator import likeness as likenesses  # noqa: PLC0415 - few are given a report

        likeness = likenesses.read(chosen.like)
        for impossible in likeness.choose(switches):
            sys.stderr.write(f"Not like the account, for this emulator cannot do it: {impossible}\n")
    switches.choose_all(dict(chosen.behaviour))
    if chosen.concurrency_limit is not None:
        switches.choose("concurrency-limit", chosen.concurrency_limit)
    if chosen.ready_file:
        # What a killed server has left there says nothing about this one.
        chosen.ready_file.unlink(missing_ok=True)
    with ExitStack() as cleanup:
        holder = None
        if chosen.database:
            holder = Holder(chosen.database)
            cleanup.callback(holder.release)
        world = open_world(chosen.database, switches, chosen.seed, chosen.account or STORY_ACCOUNT, likeness)
        cleanup.callback(world.database.close)
        server = _server(world, chosen.port, chosen.latency / 1000)
        cleanup.callback(server.server_close)
        if holder:
            holder.announce(server.url)
        cleanup.enter_context(registered(chosen.registration, server.url, chosen.database))
        cleanup.enter_context(registered(chosen.ready_file, server.url, chosen.database))
        _run(server, until_stdin_closes=chosen.until_stdin_closes)
    return 0


def _server(world: World, port: int, latency: float) -> EmulatorServer:
    """The server, which has its port already.

    Raises:
        UnusableError: another program has it.
    """
    try:
        return EmulatorServer(world, port, latency)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        message = f"Port {port} of 127.0.0.1 is in use by another program."
        raise UnusableError(message, "stop that one, or give another --port; without it a free one is found") from error


def open_world(
    database_file: Path | None,
    switches: Switches,
    seed_file: Path | None,
    account: str,
    likeness: "Likeness | None" = None,
) -> World:
    """The world of a database; a new one is filled from the seed, an old one goes on as it was."""
    database = Database(database_file)
    world = World(database, Clock(database), switches)
    if database.is_new:
        from reconciler.emulator import seed, seed_rows  # noqa: PLC0415 - an old database needs no seed

        content = seed.read(seed_file) if seed_file else seed.story(account)
        seed_rows.load(world, likeness.applied_to(dict(content)) if likeness else content)
    return world


def _run(server: EmulatorServer, *, until_stdin_closes: bool) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    thread = serve_in_thread(server)
    sys.stdout.write(f"listening on {server.url}\n")
    sys.stdout.flush()
    stop.wait()
    server.shutdown()
    thread.join()


def _watch_stdin(stop: threading.Event) -> None:
    # Read from the descriptor itself: a thread blocked in sys.stdin would keep the interpreter from ending.
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
