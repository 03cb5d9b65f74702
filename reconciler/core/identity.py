"""Who the tool itself is in an account: what a file declares, and what the account shows."""

from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.directory import Directory
from reconciler.core.errors import WrongLoginError
from reconciler.core.live import Identity, LiveState


def declared_identity(login: ActsAs | None, directory: Directory) -> Identity | None:
    """The ids behind `acts_as`; None when it is not declared, or does not name exactly one person and role."""
    if login is None:
        return None
    person, role = directory.person(login.employee), directory.role(login.role)
    return Identity(person.id, role.id) if person and role else None


def require_declared_logins(desired: DesiredState, live: LiveState, writer: Identity | None) -> None:
    """Planning trusted what `acts_as` says of both logins; before the first write it has to be true.

    An identity that the account does not show (yet) is let pass: the guards have judged the plan by the declared one.

    Raises:
        WrongLoginError: a login is somebody else or has another role, or its `acts_as` names nobody.
    """
    directory = Directory(live)
    for key, acts_as, found in (("login", desired.reader, live.reader), ("apply_login", desired.writer, writer)):
        if acts_as is not None:
            _require(key, acts_as, found, desired.environment, directory)


def _require(key: str, acts_as: ActsAs, found: Identity | None, environment: str, directory: Directory) -> None:
    live, declared = directory.live, declared_identity(acts_as, directory)
    said = f"{key} of environment {environment} is declared to act as {acts_as.employee} ({acts_as.role})"
    if declared is None:
        raise WrongLoginError(
            f"{said}, and account {live.account} has no such employee or role, or not just one. Nothing was written.",
            hint="correct acts_as",
        )
    if found is not None and found != declared:
        raise WrongLoginError(
            f"{said}, but logs in as {live.person(found.employee_id)} ({live.role_name(found.role_id)}). "
            "Nothing was written.",
            hint=f"correct acts_as, or the credentials that {key} refers to",
        )
