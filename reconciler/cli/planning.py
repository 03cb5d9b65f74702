"""`plan`: every environment read and planned, side by side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from reconciler.cli.attempt import Attempt, Result, Shape, Target, attempted, interrupted, shown
from reconciler.cli.exit_codes import ExitCode, of_plan
from reconciler.cli.formats import PLAN, Format
from reconciler.cli.output import parse_outputs, require_places
from reconciler.cli.places import STATE
from reconciler.cli.reporting import plan_formats
from reconciler.cli.status_line import STATUS
from reconciler.cli.surroundings import sources
from reconciler.core.errors import ConfigurationError
from reconciler.core.plan import Plan
from reconciler.core.selection import Selection
from reconciler.pipeline import look, with_permissions
from reconciler.render.to_json import plan_document
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Environment, Loaded, load, repository_root
from reconciler.wiring.logins import Surroundings

_MOST_AT_ONCE = 8


# Permissions are read only where somebody sees them: it is one more request, and says nothing about what to do.
_SHOWS_PERMISSIONS: Final = frozenset({Format.MARKDOWN, Format.HTML})


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `plan` as they were given."""

    detailed: bool = False
    only: Sequence[str] = ()
    link_base: str | None = None


def run(names: Sequence[str], folder: Path, output: Sequence[str], given: Options) -> ExitCode:
    """Plan, show, and return the code of the worst that happened."""
    outputs, selection = parse_outputs(output, PLAN), Selection.of(given.only)
    shape = Shape(plan_to_text, plan_document, plan_formats(sources(given.link_base)))
    permissions = any(one.format in _SHOWS_PERMISSIONS for one in outputs)
    loaded = load(names, folder)
    require_places(outputs, [path.stem for path, _ in loaded])

    def attempt(one: tuple[Path, Loaded]) -> Attempt[Plan]:
        work = partial(_plan, *one, selection, permissions=permissions)
        return attempted(target(*one), work, lambda plan: of_plan(plan, detailed=given.detailed))

    return shown(side_by_side(loaded, attempt), outputs, shape)


def side_by_side(
    loaded: Sequence[tuple[Path, Loaded]], attempt: Callable[[tuple[Path, Loaded]], Attempt[Result]]
) -> list[Attempt[Result]]:
    """What came of every environment; after an interruption of those that were done already."""
    pool = ThreadPoolExecutor(_MOST_AT_ONCE)
    started: list[Future[Attempt[Result]]] = []
    try:
        started += [pool.submit(attempt, one) for one in loaded]
        STATUS.show(_read(0, loaded))
        for count, _ in enumerate(as_completed(started), 1):
            STATUS.show(_read(count, loaded))
    except KeyboardInterrupt:
        return [
            future.result() if future.done() else interrupted(target(*one), "It was not read to its end.")
            for future, one in zip(started, loaded, strict=False)
        ]
    finally:
        STATUS.clear()
        # Reads that are under way change nothing, so nobody has to wait for them.
        pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in started]


def _read(count: int, loaded: Sequence[tuple[Path, Loaded]]) -> str:
    """What somebody who waits wants to know."""
    if len(loaded) == 1:
        return f"Reading {target(*loaded[0])} …"
    return f"Reading {len(loaded)} environments: {count} done …"


def target(path: Path, loaded: Loaded) -> Target:
    """How to name an environment when it fails."""
    return Target(path.stem, loaded.environment.desired.account if loaded.environment else None, str(path))


def _plan(path: Path, loaded: Loaded, selection: Selection, *, permissions: bool) -> Plan:
    environment = usable(loaded)
    with session(environment, surroundings(path)) as access:
        seen = look(environment.desired, access.reader, selection=selection)
        return with_permissions(seen, access.permissions) if permissions else seen.plan


def usable(loaded: Loaded) -> Environment:
    """The environment of a file.

    Raises:
        ConfigurationError: the file has errors.
    """
    if loaded.environment is not None:
        return loaded.environment
    raise ConfigurationError(loaded.diagnostics)


def surroundings(path: Path) -> Surroundings:
    """What the process of a command finds around an environment file."""
    return Surroundings(state=STATE, environ=os.environ, root=repository_root(path))
