"""What a reader of the plan should know about the logins of this tool itself: who they are, and what will end them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.directory import Directory
from reconciler.core.evidence import shown
from reconciler.core.guarding import EVERY_ROLE, taken_from
from reconciler.core.identity import declared_identity
from reconciler.core.live import Employee, Gapped, LiveState, Role
from reconciler.core.step import Status, Step
from reconciler.core.tolerances import CERTIFICATE_NOTICE

_READING = "netsuite.login"
_WRITING = "netsuite.apply_login"
_ROTATE = (
    "make a new key and certificate, add the certificate at Setup > Integration > Manage Authentication > OAuth 2.0 "
    "Client Credentials (M2M) Setup for the same employee, role and application, put its Certificate ID and its key "
    "where certificate_id and private_key point to, and revoke the old one when a plan has worked with the new one"
)


def login_findings(desired: DesiredState, live: LiveState, steps: Sequence[Step]) -> Iterator[Diagnostic]:
    """Everything worth knowing about the reading login, and about whom the writing one is declared to be."""
    directory = Directory(live)
    yield from _certificate(live)
    yield from _wrong_reader(desired, live, directory)
    yield from _unknown_logins(desired, directory)
    taken = {found for step in steps if step.status is not Status.DONE and (found := taken_from(step.operation))}
    logins = (
        (_READING, desired.reader, _seen(live) or _declared(desired.reader, directory)),
        (_WRITING, desired.writer, _declared(desired.writer, directory) if desired.can_write else None),
    )
    for address, acts_as, login in logins:
        if login is not None:
            yield from _going(address, acts_as, login, live, taken)


def _warning(
    rule: str, summary: str, detail: str, address: str, hint: str, acts_as: ActsAs | None = None
) -> Diagnostic:
    position = acts_as.position if acts_as else None
    return Diagnostic(Severity.WARNING, rule, summary, detail, address, position, hint)


def _unknown_logins(desired: DesiredState, directory: Directory) -> Iterator[Diagnostic]:
    """An error for each `acts_as` that names nobody, for the guards and the check before writing rest on it."""
    if directory.live.unread(Gapped.EMPLOYEES, Gapped.ROLES):
        return
    for address, acts_as in ((_READING, desired.reader), (_WRITING, desired.writer if desired.can_write else None)):
        if acts_as is None:
            continue
        login = _declared(acts_as, directory)
        if login is not None and login.role is not None:
            continue
        yield Diagnostic(
            Severity.ERROR,
            "unknown-login",
            "Unknown login",
            f"{address.rpartition('.')[2]} is declared to act as {acts_as.employee} ({acts_as.role}), and account "
            f"{directory.live.account} has no such employee or active role, or not just one.",
            f"{address}.acts_as",
            acts_as.position,
            "correct acts_as; the role that reads needs Employee Record (View) and Bulk Manage Roles (View)",
        )


def _certificate(live: LiveState) -> Iterator[Diagnostic]:
    ends = live.certificate_ends
    if ends is None or ends - live.read_at >= CERTIFICATE_NOTICE:
        return
    yield _warning(
        "own-certificate-ends",
        "The certificate of this tool's login ends",
        f"The certificate that login rests on ends at {shown(ends)}. From then on NetSuite refuses the login, so that "
        "nothing can be planned, watched or applied any more; integrations go on working.",
        _READING,
        _ROTATE,
    )


def _wrong_reader(desired: DesiredState, live: LiveState, directory: Directory) -> Iterator[Diagnostic]:
    declared, found = declared_identity(desired.reader, directory), live.reader
    if desired.reader is None or declared is None or found is None or found == declared:
        return
    yield _warning(
        "wrong-reader",
        "The reading login is somebody else",
        f"login is declared to act as {desired.reader.employee} ({desired.reader.role}), but logs in as "
        f"{live.person(found.employee_id)} ({live.role_name(found.role_id)}). "
        "What that role cannot see is not planned.",
        f"{_READING}.acts_as",
        "correct acts_as, or the credentials that login refers to",
        desired.reader,
    )


@dataclass(frozen=True, slots=True)
class _Login:
    """The person behind a login, active or not, and the role, where it is known which one."""

    employee: Employee
    role: Role | None


def _seen(live: LiveState) -> _Login | None:
    """Who the reading login turned out to be."""
    found = live.reader
    employee = live.employees_by_id.get(found.employee_id) if found else None
    return _Login(employee, live.roles_by_id.get(found.role_id)) if found and employee else None


def _declared(acts_as: ActsAs | None, directory: Directory) -> _Login | None:
    """Whom a file declares; None where that is not exactly one person."""
    if acts_as is None:
        return None
    person, roles = directory.person(acts_as.employee), directory.active_roles(acts_as.role)
    return _Login(person, roles[0] if len(roles) == 1 else None) if person else None


def _going(
    address: str, acts_as: ActsAs | None, login: _Login, live: LiveState, taken: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    reasons = list(_reasons(login, live, taken))
    if not reasons:
        return
    key = address.rpartition(".")[2]
    yield _warning(
        "own-login-inactive",
        "A login of this tool stops working",
        f"{key} acts as {login.employee.label}, who {' and '.join(reasons)}: NetSuite refuses such a login.",
        address,
        "give the tool's employee what it needs, or log in as somebody else",
        acts_as,
    )


def _reasons(login: _Login, live: LiveState, taken: set[tuple[str, str]]) -> Iterator[str]:
    employee, role = login.employee, login.role
    if not employee.active:
        yield "is inactive"
    if not employee.access:
        yield "has no access"
    if role is None:
        return
    if not live.unread(Gapped.GRANTS, Gapped.ROLES, Gapped.EMPLOYEES) and not live.holds(employee.id, role.id):
        yield f"does not hold {role.name}"
    if (employee.id, role.id) in taken or (employee.id, EVERY_ROLE) in taken:
        yield f"would lose {role.name} or what it logs in with by a step of this plan"
