"""What the signals of a verification come to; apart from them, so that exit codes load nothing more."""

from enum import StrEnum


class Standing(StrEnum):
    """What the signals prove; the value is the word in every output."""

    AT_WORK = "at work"
    SOMEBODY_ELSE = "somebody else"
    REFUSED = "refused"
    NOT_PROVEN = "not proven yet"
    UNKNOWN = "unknown"
