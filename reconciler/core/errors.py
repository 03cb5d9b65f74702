"""The exceptions that cross rooms; the command line catches the root and nothing else.

ReconcilerError
├── UsageError                the command was called wrongly: an unknown environment, a glob that matches nothing
├── ConfigurationError        the files are wrong; carries every diagnostic
├── GapError                  what was asked for cannot be said, for something could not be read; carries each gap
├── StalePlanError            a saved plan no longer says what is true; carries a diagnostic for each moved fact
├── KeepingError              lock and journal cannot be kept
│   └── LockedError           another apply holds the lock
│       ├── AnotherLockError      the lock that shall be freed is not the one that is held
│       ├── FreeLockError         nobody holds the lock that shall be freed
│       └── LostLockError         an apply's own lock was freed, taken or not renewed in time
├── CredentialError           a reference is unset or unusable
├── ClusterError              the Dask cluster cannot be used
├── EmulatorError             the embedded emulator could not be started or reached
└── NetSuiteError             the account's side
    ├── RefusedError          it answered, and the answer was no; nothing changed
    │   ├── LoginRefusedError     the login itself was refused
    │   └── MissingTableError     a SuiteQL table is missing, or the role may not read it
    ├── UnansweredError       no answer came; a request that was sent may have been carried out
    ├── UnreadableAnswerError an answer came that is not what NetSuite documents
    ├── WrongLoginError       a login is not who the file says it is
    └── ContradictionError    what was written and confirmed is not what a second look finds
"""

from collections.abc import Sequence
from typing import ClassVar

from reconciler.core.diagnostics import Diagnostic, Severity


class ReconcilerError(Exception):
    """The root: a message that says what is wrong and where, and a hint that says what to do.

    `rule` and `summary` are fixed for each kind, so that people learn them and can look them up.
    """

    rule: ClassVar[str] = "failed"
    summary: ClassVar[str] = "Failed"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The same in the shape of every other finding."""
        return (Diagnostic(Severity.ERROR, self.rule, self.summary, self.message, hint=self.hint),)


class UsageError(ReconcilerError):
    """The command line asks for something that is not there or does not fit."""

    rule = "usage"
    summary = "Wrong usage"


class ConfigurationError(ReconcilerError):
    """The files are wrong; carries everything that is."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{len(diagnostics)} problem(s) in the configuration")
        self._diagnostics = diagnostics

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self._diagnostics


class GapError(ConfigurationError):
    """Too much could not be read to say what was asked for."""


class StalePlanError(ConfigurationError):
    """What was approved is not what would be applied; nothing was written."""


class KeepingError(ReconcilerError):
    """The place for lock and journal cannot be used; nothing is written to an account without them."""

    rule = "store"
    summary = "Lock and journal cannot be kept"


class LockedError(KeepingError):
    """Somebody else is applying."""

    rule = "locked"
    summary = "Another apply holds the lock"


class AnotherLockError(LockedError):
    """What shall be freed is not the lock that is held now; that one is left alone."""

    rule = "another-lock"
    summary = "Another lock is held now"


class LostLockError(LockedError):
    """An apply does not hold its lock any more; raised before a write, and nothing is written after it."""

    rule = "lock-lost"
    summary = "The lock was lost"


class FreeLockError(LockedError):
    """Nobody holds the lock that shall be freed."""

    rule = "nothing-to-unlock"
    summary = "Nothing to unlock"


class CredentialError(ReconcilerError):
    """A credential that the configuration refers to is unset, empty or unreadable; `others` are more of the kind."""

    rule = "credential"
    summary = "Credential missing or unusable"

    def __init__(self, message: str, *, hint: str | None = None, others: "tuple[CredentialError, ...]" = ()) -> None:
        super().__init__(message, hint=hint)
        self.others = others

    @classmethod
    def of_all(cls, errors: "Sequence[CredentialError]") -> "CredentialError":
        """One error that tells of each of at least one."""
        first, *others = errors
        return cls(first.message, hint=first.hint, others=tuple(others))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (*super().diagnostics, *(item for other in self.others for item in other.diagnostics))


class ClusterError(ReconcilerError):
    """The Dask cluster that was named does not answer, or cannot do the work."""

    rule = "cluster"
    summary = "Cluster unavailable"


class EmulatorError(ReconcilerError):
    """The embedded emulator did not start, or does not answer."""

    rule = "emulator"
    summary = "Emulator unavailable"


class NetSuiteError(ReconcilerError):
    """Something on the account's side."""

    rule = "netsuite"
    summary = "NetSuite failed"


class RefusedError(NetSuiteError):
    """NetSuite answered no.

    Args:
        message: what was asked and refused, without any secret.
        status: the HTTP status.
        code: NetSuite's `o:errorCode`, or None.
        hint: what to do about it.
    """

    rule = "refused"
    summary = "Refused by NetSuite"

    def __init__(self, message: str, *, status: int, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code


class LoginRefusedError(RefusedError):
    """The login was refused; the reason stands only in NetSuite's Login Audit Trail (netsuite.md 2.3, 2.4)."""

    rule = "login-refused"
    summary = "Login refused"


class MissingTableError(RefusedError):
    """A table is missing or hidden from the role: NetSuite answers both alike (netsuite.md 6.3)."""

    rule = "missing-table"
    summary = "Table missing or not permitted"

    def __init__(self, table: str, message: str, *, status: int, code: str | None, wording: str = "") -> None:
        super().__init__(message, status=status, code=code)
        self.table = table
        # Which of NetSuite's two texts it was.
        self.wording = wording


class UnansweredError(NetSuiteError):
    """No answer came.

    Args:
        message: which request, and what happened to it.
        sent: False only when it is certain that the request never reached the server.
        hint: what to do about it.
    """

    rule = "unanswered"
    summary = "No answer"

    def __init__(self, message: str, *, sent: bool, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent


class UnreadableAnswerError(NetSuiteError):
    """An answer that is not what NetSuite documents; it is never taken for an empty one."""

    rule = "unreadable-answer"
    summary = "Unreadable answer"


class WrongLoginError(NetSuiteError):
    """A login works, but it is not the person or role that `acts_as` declares."""

    rule = "wrong-login"
    summary = "Not the declared login"


class ContradictionError(NetSuiteError):
    """NetSuite confirmed a write, and reading it again shows something else."""

    rule = "contradiction"
    summary = "Contradicted by a second look"
