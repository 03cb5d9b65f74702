"""Identity before diff: the people, roles and applications that a file names, found in the live account."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.core.desired import DesiredIntegration, DesiredState, PersonKey, PersonRef
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.live import (
    Employee,
    Gapped,
    IntegrationRecord,
    LiveState,
    LoginGroup,
    Role,
    Token,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """An integration with everything it names found. `logins` and `tokens` are those of its application only."""

    desired: DesiredIntegration
    owner: Employee
    token_role: Role
    required: tuple[tuple[Role, Position], ...]
    standby: tuple[Employee, ...]
    record: IntegrationRecord | None
    tokens: tuple[Token, ...]
    logins: tuple[LoginGroup, ...]


class Directory:
    """Looks up what files name; indexes are built once, so that each look-up is one step."""

    def __init__(self, live: LiveState) -> None:
        self.live = live
        self._people: dict[tuple[PersonKey, str], list[Employee]] = {}
        for employee in live.employees:
            if employee.email:
                self._people.setdefault((PersonKey.EMAIL, employee.email.casefold()), []).append(employee)
            self._people.setdefault((PersonKey.ENTITY_ID, employee.entity_id), []).append(employee)
            if employee.external_id:
                self._people.setdefault((PersonKey.EXTERNAL_ID, employee.external_id), []).append(employee)
        self._roles: dict[str, list[Role]] = {}
        for role in live.roles:
            for name in {role.name, (role.script_id or role.name).lower()}:
                self._roles.setdefault(name, []).append(role)
        self._records: dict[str, list[IntegrationRecord]] = {}
        for record in live.integrations:
            self._records.setdefault(record.name, []).append(record)
        self._tokens: dict[str, list[Token]] = {}
        self._tokens_by_record: dict[str, list[Token]] = {}
        for token in live.tokens:
            self._tokens.setdefault(token.application, []).append(token)
            if token.application_id:
                self._tokens_by_record.setdefault(token.application_id, []).append(token)
        self._logins: dict[str, list[LoginGroup]] = {}
        for group in live.logins:
            self._logins.setdefault(group.application, []).append(group)
        self._suggested: dict[tuple[str, str], str | None] = {}

    def people(self, ref: PersonRef) -> list[Employee]:
        """Everybody the reference fits, active or not."""
        value = ref.value.casefold() if ref.by is PersonKey.EMAIL else ref.value
        return self._people.get((ref.by, value), [])

    def active_people(self, ref: PersonRef) -> list[Employee]:
        return [person for person in self.people(ref) if person.active]

    def roles(self, name: str) -> list[Role]:
        """The roles of this name or script id, active or not."""
        return self._roles.get(name) or self._roles.get(name.lower(), [])

    def active_roles(self, name: str) -> list[Role]:
        return [role for role in self.roles(name) if role.active]

    def records(self, application: str) -> list[IntegrationRecord]:
        return self._records.get(application, [])

    def tokens(self, application: str) -> tuple[Token, ...]:
        """Its tokens, found by their application's name and by the id of its integration record."""
        found = {token.id: token for token in self._tokens.get(application, [])}
        for record in self.records(application):
            found |= {token.id: token for token in self._tokens_by_record.get(record.id, [])}
        return tuple(found[identifier] for identifier in sorted(found))

    def logins(self, application: str) -> tuple[LoginGroup, ...]:
        return tuple(self._logins.get(application, ()))

    def suggestion(self, kind: str, name: str, candidates: Iterable[str]) -> str | None:
        """The nearest candidate; for the first unknown names only, since a look among thousands of names takes time."""
        if (kind, name) not in self._suggested and len(self._suggested) < _MOST_SUGGESTIONS:
            self._suggested[kind, name] = nearest(name, list(candidates))
        return self._suggested.get((kind, name))


_MOST_SUGGESTIONS = 50
UNDECIDED = "undecided"
"""The rule of the error that says for which integration a gap leaves nothing to say."""

_NEEDED = (Gapped.EMPLOYEES, Gapped.ROLES, Gapped.GRANTS)


def resolve(desired: DesiredState, directory: Directory) -> tuple[tuple[Resolved, ...], tuple[Diagnostic, ...]]:
    """Every integration whose people, roles and application were found, and why the others were not.

    One bad entry never hides the others: an integration with a problem is left out, the rest goes on.
    """
    resolved: list[Resolved] = []
    problems: list[Diagnostic] = []
    for integration in desired.integrations:
        search = _Search(integration, directory)
        found = search.integration_in_account()
        problems += search.problems
        if found is not None:
            resolved.append(found)
    return tuple(resolved), tuple(problems)


class _Search:
    """Finds what one integration names, and collects what could not be found."""

    def __init__(self, integration: DesiredIntegration, directory: Directory) -> None:
        self.integration = integration
        self.directory = directory
        self.account = directory.live.account
        self.problems: list[Diagnostic] = []

    def integration_in_account(self) -> Resolved | None:
        wanted = self.integration
        if missing := sorted({gap.what for gap in self.directory.live.gaps if gap.what in _NEEDED}):
            self._complain(
                UNDECIDED,
                "Cannot say whether this is as desired",
                f"Not read, or not in full: {', '.join(missing)}. So nothing is planned for {wanted.application}.",
                "",
                "the findings named gap say why, and what to do",
            )
            return None
        owner = self._owner()
        token_role = self._role(wanted.token_role, "token_role")
        required = [
            (role, wanted.at(f"required_roles.{index}", "required_roles"))
            for index, name in enumerate(wanted.required_roles)
            if (role := self._role(name, f"required_roles.{index}"))
        ]
        standby = [
            person for index, ref in enumerate(wanted.standby) if (person := self._active(ref, f"standby.{index}"))
        ]
        record = self._record()
        if self.problems or owner is None or token_role is None:
            return None
        return Resolved(
            desired=wanted,
            owner=owner,
            token_role=token_role,
            required=tuple(required),
            standby=tuple(standby),
            record=record,
            tokens=self.directory.tokens(wanted.application),
            logins=self.directory.logins(wanted.application),
        )

    def _complain(self, rule: str, summary: str, detail: str, key: str, hint: str) -> None:
        position = self.integration.at(key)
        self.problems.append(
            Diagnostic(Severity.ERROR, rule, summary, detail, self.integration.address, position, hint)
        )

    def _owner(self) -> Employee | None:
        person = self._active(self.integration.owner, "owner")
        if person is None or person.access:
            return person
        self._complain(
            "owner-without-access",
            "Owner has no access",
            f"{person.label} may not log in to account {self.account}, so no token of theirs can. "
            "Nothing under integrations gives access to a person.",
            "owner",
            "name an owner who has access, or give access at Lists > Employees > Employees > Edit > Access",
        )
        return None

    def _active(self, ref: PersonRef, key: str) -> Employee | None:
        active = self.directory.active_people(ref)
        if len(active) == 1:
            return active[0]
        if active:
            self._complain_about_several(ref, key, active)
        elif self.directory.people(ref):
            self._complain_about_inactive(ref, key)
        else:
            self._complain(
                "unknown-employee",
                "Unknown employee",
                f"No employee of account {self.account} is {ref}: unknown, or hidden from this role.",
                key,
                "check the spelling; the role that reads needs Employee Record (View) without restrictions",
            )
        return None

    def _complain_about_several(self, ref: PersonRef, key: str, active: Sequence[Employee]) -> None:
        ids = ", ".join(sorted(person.id for person in active))
        self._complain(
            "ambiguous-employee",
            "More than one employee fits",
            f"{ref} fits {len(active)} active employees of account {self.account} (internal ids {ids}); "
            "which of them is meant cannot be told.",
            key,
            "name the person by entity_id, or give each employee an e-mail address of their own",
        )

    def _complain_about_inactive(self, ref: PersonRef, key: str) -> None:
        if key == "owner":
            self._complain(
                "owner-inactive",
                "Owner is inactive",
                f'Integration "{self.integration.key}" is to be owned by {ref}, who is inactive in account '
                f"{self.account}, so no token of theirs can log in. Nothing under integrations re-activates a person.",
                key,
                "name an active employee as owner",
            )
        else:
            self._complain(
                "employee-inactive",
                "Employee is inactive",
                f"{ref} is inactive in account {self.account}.",
                key,
                "name an active employee, or take the entry out",
            )

    def _role(self, name: str, key: str) -> Role | None:
        found, active = self.directory.roles(name), self.directory.active_roles(name)
        if len(active) == 1:
            return active[0]
        if active:
            ids = ", ".join(sorted(role.script_id or role.id for role in active))
            self._complain(
                "ambiguous-role",
                "More than one role fits",
                f'Account {self.account} has {len(active)} active roles called "{name}" ({ids}).',
                key,
                "name the role by its script id",
            )
        elif found:
            self._complain(
                "role-inactive",
                "Role is inactive",
                f'Role "{found[0].name}" is inactive in account {self.account}: nobody can log in with it. '
                "Nothing here activates a role.",
                key,
                "activate it at Setup > Users/Roles > Manage Roles, or name another role",
            )
        else:
            near = self.directory.suggestion("role", name, (role.name for role in self.directory.live.roles))
            self._complain(
                "unknown-role",
                "Unknown role",
                f'Account {self.account} has no role "{name}", or hides it from this role.',
                key,
                f'did you mean "{near}"?' if near else "look up the name at Setup > Users/Roles > Manage Roles",
            )
        return None

    def _record(self) -> IntegrationRecord | None:
        name = self.integration.application
        records = self.directory.records(name)
        ids = {record.id for record in records}
        if len(ids) <= 1:
            # A record may be hidden from the role that reads; the tokens then still tell of it.
            tokens = self.directory.tokens(name)
            ids = {token.application_id for token in tokens if token.application_id and not token.revoked}
        if len(ids) > 1:
            self._complain(
                "ambiguous-application",
                "More than one integration record fits",
                f'Account {self.account} has {len(ids)} integration records called "{name}" (internal ids '
                f"{', '.join(sorted(ids))}); which of them is meant cannot be told, so nothing is changed.",
                "application",
                "rename one of them at Setup > Integration > Manage Integrations",
            )
        elif records:
            return records[0]
        elif not self.directory.live.unread(Gapped.INTEGRATIONS) and not self.directory.tokens(name):
            names = (record.name for record in self.directory.live.integrations)
            near = self.directory.suggestion("application", name, names)
            self._complain(
                "unknown-application",
                "Unknown application",
                f'Account {self.account} has no integration record "{name}".',
                "application",
                f'did you mean "{near}"?'
                if near
                else "look at Setup > Integration > Manage Integrations with Show Inactives ticked: "
                "blocked records are hidden there otherwise",
            )
        return None


def nearest(name: str, candidates: Sequence[str]) -> str | None:
    """The candidate that looks most like the name, ignoring case, if any is near enough."""
    from difflib import get_close_matches  # noqa: PLC0415  only needed on the way to an error message

    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates)}
    close = get_close_matches(name.casefold(), list(by_folded), n=1)
    return by_folded[close[0]] if close else None


def people_named(desired: DesiredState) -> Iterator[PersonRef]:
    """Everybody the file names, so that one query can find them all."""
    for integration in desired.integrations:
        yield integration.owner
        yield from integration.standby
    yield from desired.guards.protected_employees
    for login in (desired.reader, desired.writer):
        if login is not None:
            yield login.employee
