"""`emulator …`: the emulator is another program; this only finds its files, starts it, and clears up after it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from reconciler.cli.output import say
from reconciler.cli.planning import surroundings, usable
from reconciler.embedded import EMULATOR, EmulatorFiles, emulator_files, remove, serve_command
from reconciler.wiring.configuration import Environment, load
from reconciler.wiring.keeping import note_reset
from reconciler.wiring.logins import Surroundings


def serve(name: str | None, folder: Path, options: Sequence[str]) -> NoReturn:
    """Serve, with the environment's own database where one is named, until it is stopped."""
    if name is None:
        _become([*EMULATOR, "serve", *options])
    environment, _, files = _found(name, folder)
    account = environment.desired.account
    registration = ("--registration", str(files.registration(account)))
    _become(serve_command(files, account, *registration, *options))


def reset(name: str, folder: Path) -> None:
    """Remove the database of an environment's emulator, and say so.

    Raises:
        EmulatorError: it is being served.
        LockedError: somebody is applying.
    """
    environment, around, files = _found(name, folder)
    account = environment.desired.account
    removed: list[Path] = []

    def remove_files() -> bool:
        removed.extend(remove(files, account))
        return bool(removed)

    noted = note_reset(environment, around, remove_files)
    for file in removed:
        say(f"Removed {file}")
    begins = f"The emulator of {environment.name}, account {account}, begins with its story anew"
    say(f"{begins}." if removed else f"Nothing to remove. {begins} already.")
    if noted:
        say("The journal stays, and notes the reset: history tells what was applied before as gone.")


def _found(name: str, folder: Path) -> tuple[Environment, Surroundings, EmulatorFiles]:
    """The environment, what is around it, and where the files of its emulator lie."""
    ((path, loaded),) = load([name], folder)
    environment, around = usable(loaded), surroundings(path)
    return environment, around, emulator_files(around.state, environment.name)


def behaviours(names: Sequence[str], options: Sequence[str]) -> NoReturn:
    """List the emulator's behaviours, all or those named."""
    _become([*EMULATOR, "behaviours", *options, "--", *names])


def _become(command: Sequence[str]) -> NoReturn:
    """Turn into the emulator: signals and the exit code are then its own, and nothing is left behind."""
    os.execv(command[0], [*command])  # noqa: S606  our own interpreter, and arguments that no shell sees
