"""Looking at an account for its own sake: who is at work, who has access, what was recorded, what a file would say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from reconciler.core.at_work import days_of, verify
from reconciler.core.desired import DesiredState
from reconciler.core.errors import GapError
from reconciler.core.findings import gap_diagnostics
from reconciler.core.handover_record import HandoverRecords, Recorded, handover_records
from reconciler.core.importing import Choice, Imported, drafted, first_scope, scope_to_import, unreadable
from reconciler.core.journal import Damage, Entry
from reconciler.core.live import LiveState
from reconciler.core.plan_building import scope_of
from reconciler.core.review.review import Review, review
from reconciler.core.verification import REACH, Verification
from reconciler.ports import AccountReader, LiveReader


def verified(desired: DesiredState, reader: AccountReader, looked_back: timedelta) -> Verification:
    """Read who logs in and who creates orders, and judge it against the file.

    Raises:
        NetSuiteError: the login was refused, or the account could not be reached.
    """
    live, traffic = reader.read_with_traffic(scope_of(desired), days_of(looked_back))
    return verify(desired, live, traffic, looked_back)


def recorded(
    desired: DesiredState, reader: AccountReader, entries: Sequence[Entry], damage: Sequence[Damage]
) -> HandoverRecords:
    """Read what NetSuite recorded of every handover, and join it with a journal.

    Raises:
        NetSuiteError: the login was refused, or the account could not be reached.
    """
    live, traffic, makers = reader.read_for_the_record(scope_of(desired), days_of(REACH))
    facts = Recorded(live, traffic, makers, entries, damage)
    return handover_records(desired, facts, verify(desired, live, traffic, REACH))


def reviewed(desired: DesiredState, reader: AccountReader) -> Review:
    """Read a whole account, and judge it against the file; errors as in `verified`."""
    return review(desired, reader.read_access(scope_of(desired)))


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
