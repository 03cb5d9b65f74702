"""`plan`: every environment read and planned, side by side."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from reconciler.cli.attempt import Attempt, attempted, shown
from reconciler.cli.exit_codes import ExitCode, of_plan
from reconciler.cli.output import parse_outputs
from reconciler.cli.places import STATE
from reconciler.core.diagnostics import has_errors
from reconciler.core.errors import ConfigurationError, NotCarriedOutError
from reconciler.core.plan import Plan
from reconciler.pipeline import look
from reconciler.render.to_json import plan_document
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.account import Surroundings, session
from reconciler.wiring.configuration import Environment, Loaded, load, repository_root

_MOST_AT_ONCE = 8


def run(names: Sequence[str], folder: Path, output: Sequence[str], *, detailed: bool) -> ExitCode:
    """Plan, show, and return the code of the worst that happened."""
    outputs = parse_outputs(output)
    loaded = load(names, folder)

    def attempt(one: tuple[Path, Loaded]) -> Attempt[Plan]:
        return attempted(one[0].stem, partial(_plan, *one), lambda plan: of_plan(plan, detailed=detailed))

    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        return shown(list(pool.map(attempt, loaded)), outputs, plan_to_text, plan_document)


def _plan(path: Path, loaded: Loaded) -> Plan:
    environment = usable(loaded)
    with session(environment, surroundings(path)) as access:
        return look(environment.desired, access.reader).plan


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
