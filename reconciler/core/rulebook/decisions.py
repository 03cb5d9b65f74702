"""What is wrong with waivers, decisions and saved reviews."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry

DECISIONS: Final = (
    Entry(
        "waiver-expired",
        Severity.ERROR,
        "Waiver has expired",
        "The day on which a waiver of the file expires has come. It accepts nothing any more.",
        "What somebody accepted for a time is open again, and nobody decided on it anew.",
        "Put right what it accepted, or have it accepted anew with another day.",
        ("docs/review.md#settings-and-waivers",),
    ),
    Entry(
        "waiver-unused",
        Severity.INFO,
        "Waiver accepts nothing",
        "There is no finding that the waiver would accept.",
        "It could accept one later that nobody thought of.",
        "Remove the waiver.",
        ("docs/review.md#settings-and-waivers",),
    ),
    Entry(
        "decision-missing",
        Severity.WARNING,
        "Not decided",
        "Nobody decided whether a role that somebody holds, or a live token, is to be kept or removed.",
        "A review is complete when every item is decided.",
        "Add a decision: `keep` or `remove`.",
        ("docs/review.md#decisions",),
    ),
    Entry(
        "decision-not-carried-out",
        Severity.ERROR,
        "Decided to remove, and still there",
        "A reviewer decided to remove a role or token, and it is still there.",
        "An auditor will ask what came of the decision.",
        "Take it out of the environment file, then plan and apply; or by hand what no file declares.",
        ("docs/review.md#decisions",),
    ),
    Entry(
        "decision-without-item",
        Severity.WARNING,
        "Decision on what is not there",
        "A reviewer decided to keep something that the account does not have.",
        "Perhaps another name was meant, and the right item is undecided.",
        "Check the spelling, or remove the decision.",
        ("docs/review.md#decisions",),
    ),
    Entry(
        "decision-by-oneself",
        Severity.ERROR,
        "Reviewed by the person themselves",
        "Somebody decided to keep their own access.",
        "A review by the person themselves is none.",
        "Have somebody else decide.",
        ("docs/review.md#decisions",),
    ),
    Entry(
        "review-file",
        Severity.ERROR,
        "Not a saved review",
        "The file is no review, is about another account, was written by a version whose reviews this "
        "one does not read, or its extract does not fit its checksum.",
        "A comparison with a file that somebody changed would say whatever they wanted.",
        "Save one with `reconciler review ENV --output json=FILE`, or take the file from where it is kept safe.",
        ("docs/review.md#the-extract",),
    ),
)
