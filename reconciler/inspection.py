"""Looking at an account for its own sake: what a file for it would say, and what this tool could do there."""

from dataclasses import replace

from reconciler.core.desired import DesiredState
from reconciler.core.errors import GapError
from reconciler.core.findings import gap_diagnostics
from reconciler.core.importing import Choice, Imported, drafted, first_scope, scope_to_import, unreadable
from reconciler.core.live import LiveState
from reconciler.ports import LiveReader


def import_from(desired: DesiredState, reader: LiveReader, choice: Choice) -> Imported:
    """The file that declares an account as it is.

    Args:
        desired: the environment; only who its logins are is looked at.
        reader: reads the account; cannot write.
        choice: what shall be taken.

    Raises:
        NetSuiteError: the login was refused, or the account could not be reached.
        GapError: too much could not be read.
        UsageError: a glob selects nothing.
    """
    logins = replace(desired, integrations=(), employees=())
    first = _whole(reader.read(first_scope()))
    live = _whole(reader.read(scope_to_import(first, choice, logins)))
    return drafted(live, choice, logins)


def _whole(live: LiveState) -> LiveState:
    if unreadable(live):
        raise GapError(tuple(gap_diagnostics(live)))
    return live
