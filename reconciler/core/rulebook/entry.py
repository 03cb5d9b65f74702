"""The shape of an entry, and where Oracle's help lies."""

from dataclasses import dataclass

from reconciler.core.diagnostics import Severity

_HELP = "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, explained to somebody who has just met it.

    Args:
        name: the rule as every output shows it; a `*` stands for a part that differs, such as a permission's id.
        severity: the usual one; None for what is neither error nor warning, such as the reason of a change.
        summary: what it is called where it is told.
        means: what was found, in general.
        matters: what follows from it.
        todo: what to do about it.
        read: where to read on: pages of this repository, and Oracle's.
    """

    name: str
    severity: Severity | None
    summary: str
    means: str
    matters: str
    todo: str
    read: tuple[str, ...] = ()


def oracle(page: str) -> str:
    """The address of a page of Oracle's help."""
    return f"{_HELP}{page}.html"
