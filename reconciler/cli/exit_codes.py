"""The published exit codes (design, section 4); never reused."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

from reconciler.core.diagnostics import Severity, has_errors
from reconciler.core.ending import Ending
from reconciler.core.errors import (
    ConfigurationError,
    CredentialError,
    EmulatorError,
    GapError,
    LockedError,
    LoginRefusedError,
    MissingTableError,
    ReconcilerError,
    RefusedError,
    StalePlanError,
    UsageError,
    WrongLoginError,
)
from reconciler.core.standing import Standing

if TYPE_CHECKING:
    # Plans and reviews are slow to load, and the commands that tell of none need codes as well.
    from reconciler.core.plan import Plan
    from reconciler.core.review.review import Review
    from reconciler.core.verification import Verification


class ExitCode(IntEnum):
    OK = 0
    FAILED = 1
    CHANGES = 2
    INVALID = 3
    NO_ACCESS = 4
    GUARDED = 5
    STALE = 6
    LOCKED = 7
    PARTLY = 8
    CONTRADICTED = 9
    WAITING = 10
    USAGE = 64
    INTERRUPTED = 130


MEANING: Mapping[ExitCode, str] = {
    ExitCode.OK: "Done, or nothing to do. Also changes that are pending and people who still have to act, unless the "
    "command tells them by its exit code.",
    ExitCode.FAILED: "It failed, and no other code fits; or the question whether to apply was answered no.",
    ExitCode.CHANGES: "Changes are pending: `drift`, and `plan --detailed-exitcode`.",
    ExitCode.INVALID: "The configuration is invalid, or names what the account does not have.",
    ExitCode.NO_ACCESS: "A login or permission was refused, a reference is unset, or nothing can be said because "
    "something could not be read.",
    ExitCode.GUARDED: "A guard holds something back: `apply`, and `plan --detailed-exitcode`.",
    ExitCode.STALE: "What was approved is not what would be applied. Nothing was written.",
    ExitCode.LOCKED: "Somebody else is applying.",
    ExitCode.PARTLY: "Partly applied: a step failed, or its outcome is unknown, after another one succeeded.",
    ExitCode.CONTRADICTED: "NetSuite contradicts what was applied (`apply`) or declared (`verify`: somebody else than "
    "the declared owner is at work, or nobody; so too during a handover, until the new token is entered).",
    ExitCode.WAITING: "A person or time is waited for: `drift`, and `apply --detailed-exitcode`.",
    ExitCode.USAGE: "The command was called wrongly.",
    ExitCode.INTERRUPTED: "Interrupted, cleanly.",
}
"""What each code says, for the reference."""
WORST_FIRST = (130, 64, 8, 9, 1, 4, 3, 6, 7, 5, 10, 2, 0)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The one code for several environments: the first in the published order that occurred."""
    occurred = set(codes)
    return ExitCode(next((code for code in WORST_FIRST if code in occurred), 0))


_FORBIDDEN = 403


def of_error(error: ReconcilerError) -> ExitCode:
    """The code of an error that ended an environment."""
    match error:
        case UsageError():
            return ExitCode.USAGE
        case StalePlanError():
            return ExitCode.STALE
        case GapError():
            return ExitCode.NO_ACCESS
        case ConfigurationError():
            return ExitCode.INVALID
        case LockedError():
            return ExitCode.LOCKED
        case CredentialError() | LoginRefusedError() | MissingTableError() | WrongLoginError():
            return ExitCode.NO_ACCESS
        case RefusedError(status=status) if status == _FORBIDDEN:
            return ExitCode.NO_ACCESS
        case EmulatorError():
            return ExitCode.FAILED
    return ExitCode.FAILED


def of_plan(plan: "Plan", *, detailed: bool) -> ExitCode:
    """Zero also with changes pending, unless `detailed`; what could not be planned is never zero."""
    codes = [ExitCode.OK]
    if plan.undecided:
        codes.append(ExitCode.NO_ACCESS)
    if plan.unresolved:
        codes.append(ExitCode.INVALID)
    if detailed and plan.refused_by_guard:
        codes.append(ExitCode.GUARDED)
    if detailed and plan.drifted:
        codes.append(ExitCode.CHANGES)
    return worst(codes)


def of_drift(plan: "Plan") -> ExitCode:
    """What a schedule needs to know; zero is said only where everything was read and nothing differs."""
    codes = [of_plan(plan, detailed=False)]
    if not plan.complete and not plan.unresolved:
        codes.append(ExitCode.NO_ACCESS)
    if plan.drifted:
        codes.append(ExitCode.WAITING if plan.waits else ExitCode.CHANGES)
    return worst(codes)


def of_verification(found: "Verification", *, detailed: bool) -> ExitCode:
    """Zero also where nothing is proven yet, unless `detailed`; what a gap hides is never zero."""
    of_standing = {
        Standing.AT_WORK: ExitCode.OK,
        Standing.SOMEBODY_ELSE: ExitCode.CONTRADICTED,
        Standing.REFUSED: ExitCode.CONTRADICTED,
        Standing.NOT_PROVEN: ExitCode.WAITING if detailed else ExitCode.OK,
        Standing.UNKNOWN: ExitCode.NO_ACCESS,
    }
    unresolved = [ExitCode.INVALID] if has_errors(found.diagnostics) else []
    return worst([ExitCode.OK, *unresolved, *(of_standing[one.standing] for one in found.integrations)])


def of_review(review: "Review", *, fail_on: Severity | None) -> ExitCode:
    """An incomplete review is never zero; findings fail only where it is asked for."""
    codes = [ExitCode.OK if review.complete else ExitCode.NO_ACCESS]
    severities = list(Severity)
    worst_found = review.worst()
    if fail_on is not None and worst_found is not None and severities.index(worst_found) <= severities.index(fail_on):
        codes.append(ExitCode.FAILED)
    return worst(codes)


_OF_ENDING = {
    Ending.NOTHING_TO_DO: ExitCode.OK,
    Ending.DONE: ExitCode.OK,
    Ending.DECLINED: ExitCode.FAILED,
    Ending.FAILED: ExitCode.FAILED,
    Ending.UNVERIFIED: ExitCode.FAILED,
    Ending.PARTLY: ExitCode.PARTLY,
    Ending.CONTRADICTED: ExitCode.CONTRADICTED,
    Ending.GUARDED: ExitCode.GUARDED,
    Ending.UNDECIDED: ExitCode.NO_ACCESS,
    Ending.UNRESOLVED: ExitCode.INVALID,
}


def of_ending(ending: Ending, *, detailed: bool) -> ExitCode:
    """Waiting for people or time is a success, unless `detailed`."""
    if ending is Ending.WAITING:
        return ExitCode.WAITING if detailed else ExitCode.OK
    return _OF_ENDING[ending]
