"""`history` and `unlock`: what was applied, and the lock of somebody who is gone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.cli.attempt import Attempt, Shape, attempted, shown
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import parse_outputs, require_places, say
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.side_by_side import side_by_side, target
from reconciler.core.handover_record import HandoverRecords
from reconciler.core.history import History, history
from reconciler.core.selection import Selection
from reconciler.core.visible import visible
from reconciler.inspection import recorded
from reconciler.render.handover_record import records_document, records_to_text
from reconciler.render.history import history_document, history_to_text
from reconciler.wiring.account import session
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

    shape = Shape(history_to_text, history_document)
    return shown([attempt(one) for one in loaded], outputs, shape)


def tell_handovers(names: Sequence[str], folder: Path, output: Sequence[str], only: Sequence[str]) -> ExitCode:
    """Show each handover as one record, joined with what NetSuite recorded.

    The code is 1 when a line of a journal is damaged, 4 when something could not be read.
    """
    outputs, selection = parse_outputs(output), Selection.of(only)
    loaded = load(names, folder)
    require_places(outputs, [path.stem for path, _ in loaded])

    def attempt(one: tuple[Path, Loaded]) -> Attempt[HandoverRecords]:
        return attempted(target(*one), lambda: _records(*one, selection), _code_of_records)

    return shown(side_by_side(loaded, attempt), outputs, Shape(records_to_text, records_document))


def _code_of_records(told: HandoverRecords) -> ExitCode:
    """A record with a gap is never told as a whole one."""
    if told.damage:
        return ExitCode.FAILED
    return ExitCode.OK if told.complete else ExitCode.NO_ACCESS


def _records(path: Path, loaded: Loaded, selection: Selection) -> HandoverRecords:
    environment, around = usable(loaded), surroundings(path)
    desired = environment.desired
    selection.require_matches(environment.name, [one.address for one in desired.integrations])
    chosen = tuple(one for one in desired.integrations if selection.covers(one.address))
    journal = history_of(environment, around)
    with session(environment, around) as access:
        return recorded(replace(desired, integrations=chosen), access.reader, *journal)


def _history(path: Path, loaded: Loaded) -> History:
    environment = usable(loaded)
    return history(environment.name, *history_of(environment, surroundings(path)))


def unlock(name: str, lock_id: str, folder: Path) -> None:
    """Free the lock of an environment, and say whose it was.

    Raises:
        FreeLockError: it is free.
        AnotherLockError: it has another id.
    """
    ((path, loaded),) = load([name], folder)
    environment = usable(loaded)
    held = release(environment, surroundings(path), lock_id)
    say(f"Unlocked {environment.name}. The lock was held: {visible(str(held))}")
