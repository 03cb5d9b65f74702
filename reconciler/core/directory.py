"""Who and what an account has, looked up by the names that files use."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from reconciler.core.desired import PersonKey, PersonRef
from reconciler.core.live import Employee, IntegrationRecord, LiveState, LoginGroup, Role, Token
from reconciler.core.spelling import nearest

_Thing = TypeVar("_Thing", Employee, Role, IntegrationRecord)
_MOST_SUGGESTIONS = 50


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

    def person(self, ref: PersonRef) -> Employee | None:
        """The only active one whom the reference fits, else the only inactive one."""
        return _only(self.active_people(ref) or self.people(ref))

    def roles(self, name: str) -> list[Role]:
        """The roles of this name or script id, active or not."""
        return self._roles.get(name) or self._roles.get(name.lower(), [])

    def active_roles(self, name: str) -> list[Role]:
        return [role for role in self.roles(name) if role.active]

    def role(self, name: str) -> Role | None:
        """The only active one of this name or script id, else the only inactive one."""
        return _only(self.active_roles(name) or self.roles(name))

    def records(self, application: str) -> list[IntegrationRecord]:
        return self._records.get(application, [])

    def record(self, application: str) -> IntegrationRecord | None:
        """The only one of this name."""
        return _only(self.records(application))

    def tokens(self, application: str) -> tuple[Token, ...]:
        """Its tokens, found by their application's name and by the id of its integration record."""
        found = {token.id: token for token in self._tokens.get(application, [])}
        for record in self.records(application):
            found |= {token.id: token for token in self._tokens_by_record.get(record.id, [])}
        return tuple(found[identifier] for identifier in sorted(found))

    def spellings(self, application: str) -> list[str]:
        """All applications that have a token and this name but for upper and lower case, in order."""
        return self._spellings.get(application.casefold(), [])

    @cached_property
    def _spellings(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted({*self._tokens, *(name for name in self._records if self.tokens(name))}):
            found.setdefault(name.casefold(), []).append(name)
        return found

    def logins(self, application: str) -> tuple[LoginGroup, ...]:
        return tuple(self._logins.get(application, ()))

    def suggestion(self, kind: str, name: str, candidates: Iterable[str]) -> str | None:
        """The nearest candidate; for the first unknown names only, since a look among thousands of names takes time."""
        if (kind, name) not in self._suggested and len(self._suggested) < _MOST_SUGGESTIONS:
            self._suggested[kind, name] = nearest(name, list(candidates))
        return self._suggested.get((kind, name))


def _only(found: Sequence[_Thing]) -> _Thing | None:
    return found[0] if len(found) == 1 else None
