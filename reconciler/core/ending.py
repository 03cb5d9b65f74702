"""How an apply can end."""

from enum import StrEnum


class Ending(StrEnum):
    """How an apply ended as a whole."""

    NOTHING_TO_DO = "nothing to do"
    WAITING = "waiting"
    DECLINED = "declined"
    GUARDED = "guarded"
    UNRESOLVED = "unresolved"
    """Something in the file does not fit the account."""
    UNDECIDED = "undecided"
    """Something could not be read, and nothing can be said without it."""
    UNVERIFIED = "unverified"
    """Written, but the account could not be read again."""
    FAILED = "failed"
    PARTLY = "partly applied"
    CONTRADICTED = "contradicted"
    DONE = "done"
