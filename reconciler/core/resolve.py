"""Identity before diff: the people, roles and application that each integration names, found in the live account."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.core.desired import DesiredIntegration, DesiredState, PersonRef
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.directory import Directory
from reconciler.core.live import Employee, Gapped, IntegrationRecord, LoginGroup, Role, Token
from reconciler.core.search import Search


@dataclass(frozen=True, slots=True)
class Resolved:
    """An integration with everything it names found, apart from people who need not act.

    `logins` and `tokens` are those of its application only. `standby_known` is False when a standby could not be told:
    then nobody loses the role of the token.
    """

    desired: DesiredIntegration
    owner: Employee
    token_role: Role
    required: tuple[tuple[Role, Position], ...]
    standby: tuple[Employee, ...]
    standby_known: bool
    record: IntegrationRecord | None
    tokens: tuple[Token, ...]
    logins: tuple[LoginGroup, ...]


def resolve(desired: DesiredState, directory: Directory) -> tuple[tuple[Resolved, ...], tuple[Diagnostic, ...]]:
    """Every integration whose people, roles and application were found, and why the others were not.

    One bad entry never hides the others: an integration with a problem is left out, the rest goes on.
    """
    promised = _promised(desired, directory)
    resolved: list[Resolved] = []
    problems: list[Diagnostic] = []
    for integration in desired.integrations:
        search = _IntegrationSearch(integration, directory, promised)
        found = search.integration_in_account()
        problems += search.problems
        if found is not None:
            resolved.append(found)
    return tuple(resolved), tuple(problems)


def _promised(desired: DesiredState, directory: Directory) -> frozenset[str]:
    """Ids of the people whom the same file asks to be active and to have access: their handover waits for that."""
    return frozenset(
        person.id
        for entry in desired.employees
        if (person := directory.person(entry.person)) is not None
        if (entry.active or person.active) and (entry.access or person.access)
        if entry.active is not False and entry.access is not False
    )


class _IntegrationSearch(Search):
    def __init__(self, integration: DesiredIntegration, directory: Directory, promised: frozenset[str]) -> None:
        super().__init__(integration, directory)
        self.integration = integration
        self.promised = promised

    def integration_in_account(self) -> Resolved | None:
        wanted = self.integration
        if self.undecided(wanted.application):
            return None
        owner = self._owner()
        token_role = self.role(wanted.token_role, "token_role")
        required = [
            (role, wanted.at(f"required_roles.{index}", "required_roles"))
            for index, name in enumerate(wanted.required_roles)
            if (role := self.role(name, f"required_roles.{index}"))
        ]
        record = self._record()
        if self.problems or owner is None or token_role is None:
            return None
        standby = [
            person for index, ref in enumerate(wanted.standby) if (person := self.active(ref, f"standby.{index}"))
        ]
        return Resolved(
            desired=wanted,
            owner=owner,
            token_role=token_role,
            required=tuple(required),
            standby=tuple(standby),
            standby_known=len(standby) == len(wanted.standby),
            record=record,
            tokens=self.directory.tokens(wanted.application),
            logins=self.directory.logins(wanted.application),
        )

    def _owner(self) -> Employee | None:
        people = self.directory.people(self.integration.owner)
        if len(people) == 1 and people[0].id in self.promised:
            return people[0]
        person = self.active(self.integration.owner, "owner")
        if person is None or person.access:
            return person
        self.complain(
            "owner-without-access",
            "Owner has no access",
            f"{person.label} may not log in to account {self.account}, so no token of theirs can. "
            "Nothing under integrations gives access to a person.",
            "owner",
            "name an owner who has access, or ask for it under employees with access: true",
        )
        return None

    def about_inactive(self, ref: PersonRef, key: str) -> None:
        if key != "owner":
            super().about_inactive(ref, key)
            return
        self.complain(
            "owner-inactive",
            "Owner is inactive",
            f'Integration "{self.integration.key}" is to be owned by {ref}, who is inactive in account '
            f"{self.account}, so no token of theirs can log in. Nothing under integrations re-activates a person.",
            key,
            "name an active employee as owner, or ask for it under employees with active: true",
        )

    def _record(self) -> IntegrationRecord | None:
        name = self.integration.application
        records = self.directory.records(name)
        ids = {record.id for record in records}
        if len(ids) <= 1:
            # A record may be hidden from the role that reads; the tokens then still tell of it.
            tokens = self.directory.tokens(name)
            ids = {token.application_id for token in tokens if token.application_id and not token.revoked}
        if len(ids) > 1:
            self.complain(
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
            self.complain(
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


def people_named(desired: DesiredState) -> Iterator[PersonRef]:
    """Everybody the file names, so that one query can find them all."""
    for integration in desired.integrations:
        yield integration.owner
        yield from integration.standby
    yield from (employee.person for employee in desired.employees)
    yield from desired.guards.protected_employees
    for login in (desired.reader, desired.writer):
        if login is not None:
            yield login.employee
