"""`plan`: every environment read and planned, side by side; one that fails never hides the others."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode, of_error, of_plan, worst
from reconciler.cli.output import deliver, parse_outputs, say, width
from reconciler.core.diagnostics import Diagnostic, has_errors
from reconciler.core.errors import ConfigurationError, NotCarriedOutError, ReconcilerError
from reconciler.core.plan import Plan
from reconciler.pipeline import look
from reconciler.render.to_json import Document, failure_document, plan_document, to_json
from reconciler.render.to_text import diagnostics_to_text, plan_to_text
from reconciler.wiring.account import Surroundings, session
from reconciler.wiring.configuration import Environment, Loaded, load, repository_root

STATE = Path(".reconciler")
_MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Planned:
    """One environment: its plan, or why there is none."""

    environment: str
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    code: ExitCode

    def document(self) -> Document:
        return plan_document(self.plan) if self.plan else failure_document(self.environment, self.diagnostics)


def run(names: Sequence[str], folder: Path, output: Sequence[str], *, detailed: bool) -> ExitCode:
    """Plan, show, and return the code of the worst that happened."""
    outputs = parse_outputs(output)
    loaded = load(names, folder)
    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        planned = list(pool.map(lambda one: _plan(*one, detailed=detailed), loaded))
    for one in planned:
        if one.plan is None:
            say(diagnostics_to_text(one.diagnostics))
    deliver(
        outputs,
        {
            "text": lambda: "\n".join(plan_to_text(one.plan, width()) for one in planned if one.plan),
            "json": lambda: to_json([one.document() for one in planned]),
        },
    )
    return worst(one.code for one in planned)


def _plan(path: Path, loaded: Loaded, *, detailed: bool) -> Planned:
    try:
        environment = usable(loaded)
        with session(environment, surroundings(path)) as access:
            plan = look(environment.desired, access.reader).plan
    except ReconcilerError as error:
        return Planned(path.stem, None, error.diagnostics, of_error(error))
    return Planned(path.stem, plan, (), of_plan(plan, detailed=detailed))


def usable(loaded: Loaded) -> Environment:
    """The environment of a file.

    Raises:
        ConfigurationError: the file has errors.
        NotCarriedOutError: it rests on a key that is not carried out yet.
    """
    if loaded.environment is not None:
        return loaded.environment
    if has_errors(loaded.diagnostics):
        raise ConfigurationError(loaded.diagnostics)
    raise NotCarriedOutError(loaded.diagnostics)


def surroundings(path: Path) -> Surroundings:
    """What the process of a command finds around an environment file."""
    return Surroundings(state=STATE, environ=os.environ, root=repository_root(path))
