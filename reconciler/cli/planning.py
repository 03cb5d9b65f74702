"""`plan` and `drift`: every environment read and planned, side by side."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from reconciler.cli.attempt import Attempt, Shape, attempted, shown
from reconciler.cli.choosing import EVERYTHING, Choice, Subject, subjects_of
from reconciler.cli.exit_codes import ExitCode, of_drift, of_plan
from reconciler.cli.formats import PLAN, Format
from reconciler.cli.output import parse_outputs, require_places
from reconciler.cli.reporting import plan_formats
from reconciler.cli.side_by_side import side_by_side, target
from reconciler.cli.surroundings import sources
from reconciler.core.errors import ConfigurationError
from reconciler.core.plan import Plan
from reconciler.core.selection import Selection
from reconciler.planning import look, with_permissions
from reconciler.render.to_json import plan_document
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Environment, Loaded, repository_root
from reconciler.wiring.logins import Surroundings

STATE: Final = ".reconciler"
"""Where the emulator's databases lie in the repository of a file, beside lock and journal, wherever one stands."""
# Permissions are read only where somebody sees them: it is one more request, and says nothing about what to do.
_SHOWS_PERMISSIONS: Final = frozenset({Format.MARKDOWN, Format.HTML})


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `plan` and `drift` as they were given."""

    detailed: bool = False
    only: Sequence[str] = ()
    link_base: str | None = None
    choice: Choice = EVERYTHING
    scheduler: str | None = None


def run(names: Sequence[str], folder: Path, output: Sequence[str], given: Options) -> ExitCode:
    """Plan, show, and return the code of the worst that happened."""
    return _run(names, folder, output, given, lambda plan: of_plan(plan, detailed=given.detailed))


def drift(names: Sequence[str], folder: Path, output: Sequence[str], given: Options) -> ExitCode:
    """Plan, show, and tell by the code whether accounts are as declared."""
    return _run(names, folder, output, given, of_drift)


def _run(
    names: Sequence[str], folder: Path, output: Sequence[str], given: Options, code: Callable[[Plan], ExitCode]
) -> ExitCode:
    outputs, selection = parse_outputs(output, PLAN), Selection.of(given.only)
    permissions = any(one.format in _SHOWS_PERMISSIONS for one in outputs)
    subjects, besides = subjects_of(names, folder, given.choice)
    shape = Shape(plan_to_text, plan_document, plan_formats(sources(given.link_base), besides))
    require_places(outputs, [one.path.stem for one in subjects])
    by_path = {one.path: one for one in subjects}

    def attempt(file: tuple[Path, Loaded]) -> Attempt[Plan]:
        one = by_path[file[0]]
        if one.refusal is not None:
            return Attempt(target(*file), None, (one.refusal,), ExitCode.OK)
        return attempted(target(*file), partial(_plan, one, selection, permissions=permissions), code)

    files = [(one.path, one.loaded) for one in subjects]
    return shown(side_by_side(files, attempt, given.scheduler), outputs, shape)


def _plan(one: Subject, selection: Selection, *, permissions: bool) -> Plan:
    environment = usable(one.loaded)
    with session(environment, surroundings(one.path)) as access:
        seen = look(environment.desired, access.reader, selection=selection)
        plan = with_permissions(seen, access.permissions) if permissions else seen.plan
    # What `validate` warns of, the reviewer of the plan has to see as well.
    return plan.with_diagnostics((*one.loaded.diagnostics, *one.warnings))


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
    root = repository_root(path)
    return Surroundings(state=_near(root) / STATE, environ=os.environ, root=root)


def _near(folder: Path) -> Path:
    """The folder as people see it from where they are: relative where it is that one or lies below it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
