"""What holds a step back."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry

GUARDS: Final = (
    Entry(
        "own-access",
        Severity.ERROR,
        "The tool's own access is at stake",
        "A step would take away the role or token that the tool itself logs in with, or it is not "
        "known as whom the tool logs in. Where a file has no `apply_login`, every token of the application that "
        "`login` belongs to may be the one that writes.",
        "Without its own login the tool cannot see what it did, nor put it right. No reason overrides this guard.",
        "Give the tool a login of its own. Declare `acts_as`, and let the role that reads see the login audit trail.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "min-administrators",
        Severity.ERROR,
        "Too few administrators",
        "Fewer active administrators are visible than `guards.min_administrators` asks for, or fewer would be left.",
        "An account without an administrator can be repaired by nobody but NetSuite's support. Fewer "
        "may be visible than there are.",
        "Let the role that reads see all employees and their roles. If there are really so few, make "
        "another person Administrator, or lower the limit.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "last-role",
        Severity.ERROR,
        "Last role of a person",
        "A step would leave somebody without any role.",
        "NetSuite asks for at least one role where there is access.",
        "Give the person another role first, or take away their access by hand.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "protected-employees",
        Severity.ERROR,
        "Protected employee",
        "A step touches somebody who is listed under `guards.protected_employees`, or somebody on "
        "that list cannot be found, so that whom a removal would hit cannot be told.",
        "Emergency accounts have to work on the day when nothing else does.",
        "Take the person off the list in a change of its own, or correct the entry that is not found.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "max-removals",
        Severity.ERROR,
        "Too many removals at once",
        "More removals are due at once than `guards.max_removals` allows. A token and its role count once.",
        "A file that was cut, or a wrong merge, shows first as many removals.",
        "Check that the file is meant this way. Then raise the limit, or declare the changes one after the other.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "freeze",
        Severity.ERROR,
        "Frozen",
        "A window of `guards.freeze` is open. What takes something away or makes an Administrator "
        "waits; what repairs is carried out.",
        "Some days, such as the end of a year, are no time for a change that could stop orders.",
        "Wait for the end of the window, or override it for one run with a reason.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "declares-less",
        Severity.ERROR,
        "The file declares much less than before",
        "More than half of the applications and people that the file declared when it was last "
        "applied are gone from it.",
        "What is left out is forgotten: nobody watches it and nothing protects its roles any more. "
        "Mostly a part of the file was lost.",
        "Check that the file is whole. If it is, override the guard for one run with a reason.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "working-token",
        Severity.ERROR,
        "A working token would be taken away",
        "A step would take away a token that an application is at work with. This guard is a second "
        "opinion: it knows nothing of the rules by which steps are ordered, and plays every step "
        "through.",
        "The promise of every plan is that no step takes away a working token. No reason overrides this guard.",
        "Hand that token over first. If the application no longer needs it, have it made inactive. If "
        "neither fits, report it as a mistake of this tool.",
        ("docs/apply.md#guards",),
    ),
)
