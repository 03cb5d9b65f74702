"""The exceptions that cross rooms; the command line catches the root and nothing else.

ReconcilerError
├── UsageError                the command was called wrongly: an unknown environment, a glob that matches nothing
├── ConfigurationError        the files are wrong; carries every diagnostic
├── CredentialError           a reference is unset or unusable
├── EmulatorError             the embedded emulator could not be started or reached
└── NetSuiteError             the account's side
    ├── RefusedError          it answered, and the answer was no; nothing changed
    │   ├── LoginRefusedError     the login itself was refused
    │   └── MissingTableError     a SuiteQL table is missing, or the role may not read it
    ├── UnansweredError       no answer came; a request that was sent may have been carried out
    ├── UnreadableAnswerError an answer came that is not what NetSuite documents
    └── ContradictionError    what was written and confirmed is not what a second look finds
"""

from reconciler.core.diagnostics import Diagnostic


class ReconcilerError(Exception):
    """The root: a message that says what is wrong and where, and a hint that says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ReconcilerError):
    """The command line asks for something that is not there or does not fit."""


class ConfigurationError(ReconcilerError):
    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{len(diagnostics)} problem(s) in the configuration")
        self.diagnostics = diagnostics


class CredentialError(ReconcilerError):
    """A credential that the configuration refers to is unset, empty or unreadable."""


class EmulatorError(ReconcilerError):
    """The embedded emulator did not start, or does not answer."""


class NetSuiteError(ReconcilerError):
    """Something on the account's side."""


class RefusedError(NetSuiteError):
    """NetSuite answered no.

    Args:
        message: what was asked and refused, without any secret.
        status: the HTTP status.
        code: NetSuite's `o:errorCode`, or None.
        hint: what to do about it.
    """

    def __init__(self, message: str, *, status: int, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code


class LoginRefusedError(RefusedError):
    """The login was refused; the reason stands only in NetSuite's Login Audit Trail (netsuite.md 2.3, 2.4)."""


class MissingTableError(RefusedError):
    """A table is missing or hidden from the role: NetSuite answers both alike (netsuite.md 6.3)."""

    def __init__(self, table: str, message: str, *, status: int, code: str | None) -> None:
        super().__init__(message, status=status, code=code)
        self.table = table


class UnansweredError(NetSuiteError):
    """No answer came.

    Args:
        message: which request, and what happened to it.
        sent: False only when it is certain that the request never reached the server.
        hint: what to do about it.
    """

    def __init__(self, message: str, *, sent: bool, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent


class UnreadableAnswerError(NetSuiteError):
    """An answer that is not what NetSuite documents; it is never taken for an empty one."""


class ContradictionError(NetSuiteError):
    """NetSuite confirmed a write, and reading it again shows something else."""
