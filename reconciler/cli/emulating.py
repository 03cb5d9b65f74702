"""`emulator …`: the emulator is another program; this only finds its files and starts it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from reconciler.cli.places import ENVIRONMENTS, STATE
from reconciler.cli.planning import usable
from reconciler.embedded import emulator_files, serve_command
from reconciler.wiring.configuration import load


def serve(arguments: Sequence[str]) -> NoReturn:
    """Serve, with the environment's own database where one is named, until it is stopped."""
    command = [sys.executable, "-m", "reconciler.emulator", "serve", *arguments]
    if arguments and not arguments[0].startswith("-"):
        rest, folder = _without_folder(arguments[1:])
        ((path, loaded),) = load([arguments[0]], folder)
        environment = usable(loaded)
        files = emulator_files(STATE, path.stem)
        command = serve_command(files, environment.desired.account, "--registration", str(files.registration), *rest)
    _become(command)


def behaviours() -> NoReturn:
    """List the emulator's behaviours."""
    _become([sys.executable, "-m", "reconciler.emulator", "behaviours"])


def _without_folder(arguments: Sequence[str]) -> tuple[list[str], Path]:
    """The arguments without `--environments DIR`, which is ours and not the emulator's."""
    rest, folder = list(arguments), ENVIRONMENTS
    if "--environments" in rest[:-1]:
        at = rest.index("--environments")
        folder = Path(rest[at + 1])
        del rest[at : at + 2]
    return rest, folder


def _become(command: Sequence[str]) -> NoReturn:
    """Turn into the emulator: signals and the exit code are then its own, and nothing is left behind."""
    os.execv(command[0], [*command])  # noqa: S606  our own interpreter, and arguments that no shell sees
