"""Who the tool itself is in an account: what a file declares, and what the account shows."""

from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.directory import Directory
from reconciler.core.errors import WrongLoginError
from reconciler.core.live import Identity, LiveState


def declared_identity(login: ActsAs | None, directory: Directory) -> Identity | None:
    """The ids behind `acts_as`; None when it is not declared, or does not name exactly one person and role."""
    if login is None:
        return None
    people = directory.active_people(login.employee) or directory.people(login.employee)
    roles = directory.active_roles(login.role) or directory.roles(login.role)
    return Identity(people[0].id, roles[0].id) if len(people) == 1 and len(roles) == 1 else None


def require_declared_login(desired: DesiredState, live: LiveState, found: Identity | None) -> None:
    """Planning trusted `apply_login.acts_as`; before the first write it has to be true.

    An identity that the account does not show (yet) is let pass: the guards have judged the plan by the declared one.

    Raises:
        WrongLoginError: the login is somebody else or has another role, or `acts_as` names nobody.
    """
    if desired.writer is None:
        return
    declared = declared_identity(desired.writer, Directory(live))
    who = f"{desired.writer.employee} ({desired.writer.role})"
    if declared is None:
        raise WrongLoginError(
            f"apply_login of environment {desired.environment} is declared to act as {who}, and account "
            f"{live.account} has no such active employee or role, or not just one. Nothing was written.",
            hint="correct acts_as",
        )
    if found is not None and found != declared:
        raise WrongLoginError(
            f"apply_login of environment {desired.environment} is declared to act as {who}, but logs in as "
            f"{live.person(found.employee_id)} ({live.role_name(found.role_id)}). Nothing was written.",
            hint="correct acts_as, or the credentials that apply_login refers to",
        )
