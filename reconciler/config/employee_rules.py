"""What the employees section may not say, in itself and against the rest of what a file asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.config.rules import address_of, line_of, problem
from reconciler.config.values import identity, same_person
from reconciler.config.yaml_document import Document
from reconciler.core.desired import ActsAs, DesiredEmployee, DesiredIntegration, PersonRef
from reconciler.core.diagnostics import Diagnostic, Position, Severity

_OTHER_OWNER = "name another owner, or write true"
_OTHER_STANDBY = "take the person off standby, or write true"
_OWN_LOGIN = "let the login act as somebody else, or write true"


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something in a file that rests on a person: what it is, where it stands, and what the person needs for it."""

    rule: str
    person: PersonRef
    what: str
    position: Position
    hint: str
    roles: tuple[str, ...] = ()
    access: bool = True


def check_employees(
    document: Document,
    employees: Sequence[DesiredEmployee],
    integrations: Sequence[DesiredIntegration],
    logins: Mapping[str, ActsAs],
    protected: Iterable[PersonRef],
) -> Iterator[Diagnostic]:
    """Everything that contradicts itself; a person given twice is not looked for here."""
    by_person = {identity(employee.person): employee for employee in employees}
    for claim in (*_owners(integrations), *_standbys(integrations), *_logins(document, logins)):
        employee = by_person.get(identity(claim.person))
        if employee is not None:
            yield from _contradictions(document, claim, employee)
    for person in protected:
        employee = by_person.get(identity(person))
        if employee is not None:
            yield from _taken_from_protected(document, employee)
    for employee in employees:
        if employee.active is False and employee.access is True:
            yield problem(
                "inactive-with-access",
                f"{employee.person} is declared inactive (line {employee.at('active').line}), so access is of no use.",
                position=document.at("employees", employee.key, "access"),
                address=f"{employee.address}.access",
                hint="write access: false, or leave it out",
            )


def _owners(integrations: Iterable[DesiredIntegration]) -> Iterator[_Claim]:
    for item in integrations:
        what, roles = f"owns the token of {item.address}", (item.token_role, *item.required_roles)
        yield _Claim("owner-contradicts-employees", item.owner, what, item.at("owner"), _OTHER_OWNER, roles)


def _standbys(integrations: Iterable[DesiredIntegration]) -> Iterator[_Claim]:
    # A standby may be without access and without the role until they are needed; giving both is an edit of one line.
    for item in integrations:
        for index, who in enumerate(item.standby):
            if not same_person(who, item.owner):
                what, place = f"is a standby of {item.address}", item.at(f"standby.{index}")
                yield _Claim("standby-contradicts-employees", who, what, place, _OTHER_STANDBY, access=False)


def _logins(document: Document, logins: Mapping[str, ActsAs]) -> Iterator[_Claim]:
    for name, identified in logins.items():
        what, place = f"is who this tool's {name} acts as", document.at("netsuite", name, "acts_as", "employee")
        roles = (identified.role,)
        yield _Claim("login-contradicts-employees", identified.employee, what, place, _OWN_LOGIN, roles)


def _contradictions(document: Document, claim: _Claim, employee: DesiredEmployee) -> Iterator[Diagnostic]:
    if employee.active is False:
        yield _contradiction(document, claim, employee, ("active",), "is declared inactive here")
    if employee.access is False and claim.access:
        yield _contradiction(document, claim, employee, ("access",), "is declared to have no access here")
    held = {role.casefold() for role in employee.roles}
    for role in claim.roles if employee.exactly else ():
        if role.casefold() not in held:
            what, hint = f'is declared to have exactly these roles, without "{role}"', f'add "{role}", written the same'
            yield _contradiction(document, claim, employee, ("roles", "exactly"), what, hint)


def _contradiction(
    document: Document,
    claim: _Claim,
    employee: DesiredEmployee,
    keys: tuple[str, ...],
    what: str,
    hint: str | None = None,
) -> Diagnostic:
    path = ("employees", employee.key, *keys)
    position = document.at(*path)
    detail = f"{claim.person} {claim.what} ({line_of(claim.position, position)}), but {what}."
    return problem(claim.rule, detail, position=position, address=address_of(path), hint=hint or claim.hint)


def _taken_from_protected(document: Document, employee: DesiredEmployee) -> Iterator[Diagnostic]:
    taken = {
        ("active",): employee.active is False,
        ("access",): employee.access is False,
        ("roles", "exactly"): employee.exactly,
    }
    for keys in (keys for keys, takes in taken.items() if takes):
        path = ("employees", employee.key, *keys)
        yield problem(
            "protected-contradicts-employees",
            f"{employee.person} is protected by the guards, which hold back whatever this takes away.",
            position=document.at(*path),
            address=address_of(path),
            hint="write at_least" if employee.exactly and keys[0] == "roles" else "write true, or leave it out",
            severity=Severity.WARNING,
        )
