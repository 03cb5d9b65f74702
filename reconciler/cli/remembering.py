"""`history` and `unlock`: what was applied, and the lock of somebody who is gone."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.attempt import Attempt, Shape, attempted, shown
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import parse_outputs, require_places, say
from reconciler.cli.planning import surroundings, target, usable
from reconciler.core.history import History, history
from reconciler.render.history import history_document, history_to_text
from reconciler.wiring.configuration import Loaded, load
from reconciler.wiring.keeping import history_of
from reconciler.wiring.keeping import unlock as release


def tell(names: Sequence[str], folder: Path, output: Sequence[str]) -> ExitCode:
    """Show the journals; 1 when a line of one is damaged."""
    outputs = parse_outputs(output)
    loaded = load(names, folder)
    require_places(outputs, [path.stem for path, _ in loaded])

    def attempt(one: tuple[Path, Loaded]) -> Attempt[History]:
        return attempted(
            target(*one), lambda: _history(*one), lambda told: ExitCode.FAILED if told.damage else ExitCode.OK
        )

    shape = Shape(lambda told, _: history_to_text(told), history_document)
    return shown([attempt(one) for one in loaded], outputs, shape)


def _history(path: Path, loaded: Loaded) -> History:
    environment = usable(loaded)
    return history(environment.name, *history_of(environment, surroundings(path)))


def unlock(name: str, lock_id: str, folder: Path) -> None:
    """Free the lock of an environment, and say whose it was.

    Raises:
        LockedError: it is free, or has another id.
    """
    ((path, loaded),) = load([name], folder)
    environment = usable(loaded)
    held = release(environment, surroundings(path), lock_id)
    say(f"Unlocked {environment.name}. The lock was held: {held}")
