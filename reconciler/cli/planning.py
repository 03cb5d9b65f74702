"""`plan` and `drift`: every environment read and planned, side by side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from reconciler.cli.attempt import Attempt, Result, Shape, Target, attempted, interrupted, shown
from reconciler.cli.exit_codes import ExitCode, of_drift, of_plan
from reconciler.cli.formats import PLAN, Format
from reconciler.cli.output import parse_outputs, require_places, say, say_all
from reconciler.cli.places import STATE
from reconciler.cli.reporting import plan_formats
from reconciler.cli.status_line import STATUS
from reconciler.cli.surroundings import sources
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.errors import ConfigurationError
from reconciler.core.plan import Plan
from reconciler.core.visible import visible
from reconciler.pipeline import look, with_permissions
from reconciler.render.to_json import plan_document
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.account import Surroundings, session
from reconciler.wiring.configuration import Environment, Loaded, load, repository_root

_MOST_AT_ONCE = 8


# Permissions are read only where somebody sees them: it is one more request, and says nothing about what to do.
_SHOWS_PERMISSIONS: Final = frozenset({Format.MARKDOWN, Format.HTML})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which environments are planned, and on what beside the work tree.

    Args:
        since: those alone that changed since a git revision.
        trusted: the revision whose login and guards are taken.
        emulated: also those of the embedded emulator, which in a pipeline begins anew with each job.
    """

    since: str | None = None
    trusted: str | None = None
    emulated: bool = True


EVERYTHING: Final = Choice()


@dataclass(frozen=True, slots=True)
class _Subject:
    """An environment that shall be planned; `warnings` stand in its plan, `refusal` says why there is none."""

    path: Path
    loaded: Loaded
    warnings: tuple[Diagnostic, ...] = ()
    refusal: Diagnostic | None = None


def run(
    names: Sequence[str],
    folder: Path,
    output: Sequence[str],
    *,
    detailed: bool,
    choice: Choice = EVERYTHING,
    link_base: str | None = None,
) -> ExitCode:
    """Plan, show, and return the code of the worst that happened."""
    return _run(names, folder, output, lambda plan: of_plan(plan, detailed=detailed), choice, link_base)


def drift(
    names: Sequence[str],
    folder: Path,
    output: Sequence[str],
    *,
    choice: Choice = EVERYTHING,
    link_base: str | None = None,
) -> ExitCode:
    """Plan, show, and tell by the code whether accounts are as declared."""
    return _run(names, folder, output, of_drift, choice, link_base)


def _run(
    names: Sequence[str],
    folder: Path,
    output: Sequence[str],
    code: Callable[[Plan], ExitCode],
    choice: Choice,
    link_base: str | None,
) -> ExitCode:
    outputs = parse_outputs(output, PLAN)
    permissions = any(one.format in _SHOWS_PERMISSIONS for one in outputs)
    subjects, besides = _subjects(names, folder, choice)
    shape = Shape(plan_to_text, plan_document, plan_formats(sources(link_base), besides))
    require_places(outputs, [one.path.stem for one in subjects])

    by_path = {one.path: one for one in subjects}

    def attempt(file: tuple[Path, Loaded]) -> Attempt[Plan]:
        one = by_path[file[0]]
        if one.refusal is not None:
            return Attempt(target(*file), None, (one.refusal,), ExitCode.OK)
        return attempted(target(*file), partial(_plan, one, permissions=permissions), code)

    return shown(side_by_side([(one.path, one.loaded) for one in subjects], attempt), outputs, shape)


def _subjects(names: Sequence[str], folder: Path, choice: Choice) -> tuple[Sequence[_Subject], tuple[Diagnostic, ...]]:
    """What is to be planned, in the order of the names or of the folder; and what no plan will tell."""
    loaded = load(names, folder)
    if not choice.emulated:
        left_out = [path.stem for path, one in loaded if one.environment and one.environment.desired.emulator]
        loaded = tuple(one for one in loaded if one[0].stem not in left_out)
        for name in left_out:
            say(f"{name} is left out: it is an emulator.")
    besides: tuple[Diagnostic, ...] = ()
    if choice.since is None and choice.trusted is None:
        return [_Subject(*one) for one in loaded], besides
    from reconciler.wiring.revisions import changed_since, pipeline_warnings, trusting  # noqa: PLC0415  starts git

    if choice.since is not None:
        changed = changed_since(loaded, folder, choice.since, named=bool(names))
        for gone in changed.removed:
            say(f"{gone} is no longer declared: nothing is planned for it, and nothing is revoked.")
        if not changed.files:
            say(f"No environment differs from what it was at {visible(choice.since)}.")
            besides = pipeline_warnings(folder, choice.since)
            say_all(besides)
        loaded = changed.files
    if choice.trusted is None:
        return [_Subject(*one) for one in loaded], besides
    trusted = trusting(loaded, choice.trusted)
    return [_Subject(one.path, one.loaded, one.warnings, one.refusal) for one in trusted], besides


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


def _plan(one: _Subject, *, permissions: bool) -> Plan:
    environment = usable(one.loaded)
    with session(environment, surroundings(one.path)) as access:
        seen = look(environment.desired, access.reader)
        plan = with_permissions(seen, access.permissions) if permissions else seen.plan
    return plan.with_diagnostics(one.warnings)


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
