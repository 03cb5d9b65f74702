"""`emulator …`: the emulator is another program; this only finds its files and starts it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.app import ENVIRONMENTS
from reconciler.cli.planning import STATE, usable
from reconciler.embedded import emulator_files, serve_command
from reconciler.wiring.configuration import load


def serve(arguments: Sequence[str]) -> int:
    """Serve, with the environment's own database where one is named, until it is stopped."""
    command = [sys.executable, "-m", "reconciler.emulator", "serve", *arguments]
    if arguments and not arguments[0].startswith("-"):
        rest, folder = _without_folder(arguments[1:])
        ((path, loaded),) = load([arguments[0]], folder)
        environment = usable(loaded)
        files = emulator_files(STATE, path.stem)
        command = serve_command(files, environment.desired.account, "--registration", str(files.registration), *rest)
    return _run(command)


def behaviours() -> int:
    return _run([sys.executable, "-m", "reconciler.emulator", "behaviours"])


def _without_folder(arguments: Sequence[str]) -> tuple[list[str], Path]:
    """The arguments without `--environments DIR`, which is ours and not the emulator's."""
    rest, folder = list(arguments), ENVIRONMENTS
    if "--environments" in rest[:-1]:
        at = rest.index("--environments")
        folder = Path(rest[at + 1])
        del rest[at : at + 2]
    return rest, folder


def _run(command: Sequence[str]) -> int:
    with subprocess.Popen(command) as server:  # noqa: S603  our own interpreter, and arguments that no shell sees
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:
                # The terminal has sent the interrupt to the server too; it closes its database and ends.
                continue
