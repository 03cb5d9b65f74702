"""Finds one entry's people and roles in the account, and collects what could not be found."""

from collections.abc import Sequence
from typing import Protocol

from reconciler.core.desired import PersonRef
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.directory import Directory
from reconciler.core.live import Employee, Gapped, Role

UNDECIDED = "undecided"
"""The rule of the error that says for which entry a gap leaves nothing to say."""

_NEEDED = (Gapped.EMPLOYEES, Gapped.ROLES, Gapped.GRANTS)


class Entry(Protocol):
    """Something that a file declares under an address."""

    @property
    def key(self) -> str: ...

    @property
    def address(self) -> str: ...

    def at(self, *keys: str) -> Position: ...


class Search:
    """Looks for what one entry names; whatever is missing or unclear becomes a problem at its line."""

    def __init__(self, entry: Entry, directory: Directory) -> None:
        self.entry = entry
        self.directory = directory
        self.account = directory.live.account
        self.problems: list[Diagnostic] = []

    def undecided(self, what: str) -> bool:
        """True, and told, when too little was read to say anything about the entry."""
        missing = sorted({gap.what for gap in self.directory.live.gaps if gap.what in _NEEDED})
        if missing:
            self.complain(
                UNDECIDED,
                "Cannot say whether this is as desired",
                f"Not read, or not in full: {', '.join(missing)}. So nothing is planned for {what}.",
                "",
                "the findings named gap say why, and what to do",
            )
        return bool(missing)

    def complain(self, rule: str, summary: str, detail: str, key: str, hint: str) -> None:
        """Add an error at the line of one of the entry's keys."""
        position = self.entry.at(key)
        self.problems.append(Diagnostic(Severity.ERROR, rule, summary, detail, self.entry.address, position, hint))

    def active(self, ref: PersonRef, key: str) -> Employee | None:
        active = self.directory.active_people(ref)
        if len(active) == 1:
            return active[0]
        if active:
            self._about_several(ref, key, active)
        elif self.directory.people(ref):
            self.about_inactive(ref, key)
        else:
            self._about_nobody(ref, key)
        return None

    def anybody(self, ref: PersonRef, key: str) -> Employee | None:
        """The one active employee of that name, else the only inactive one."""
        found = self.directory.active_people(ref) or self.directory.people(ref)
        if len(found) == 1:
            return found[0]
        if found:
            self._about_several(ref, key, found)
        else:
            self._about_nobody(ref, key)
        return None

    def role(self, name: str, key: str) -> Role | None:
        found, active = self.directory.roles(name), self.directory.active_roles(name)
        if len(active) == 1:
            return active[0]
        if active:
            ids = ", ".join(sorted(role.script_id or role.id for role in active))
            self.complain(
                "ambiguous-role",
                "More than one role fits",
                f'Account {self.account} has {len(active)} active roles called "{name}" ({ids}).',
                key,
                "name the role by its script id",
            )
        elif found:
            self.complain(
                "role-inactive",
                "Role is inactive",
                f'Role "{found[0].name}" is inactive in account {self.account}: nobody can log in with it. '
                "Nothing here activates a role.",
                key,
                "activate it at Setup > Users/Roles > Manage Roles, or name another role",
            )
        else:
            near = self.directory.suggestion("role", name, (role.name for role in self.directory.live.roles))
            self.complain(
                "unknown-role",
                "Unknown role",
                f'Account {self.account} has no role "{name}", or hides it from this role.',
                key,
                f'did you mean "{near}"?' if near else "look up the name at Setup > Users/Roles > Manage Roles",
            )
        return None

    def about_inactive(self, ref: PersonRef, key: str) -> None:
        """Say that somebody who has to be active is not."""
        self.complain(
            "employee-inactive",
            "Employee is inactive",
            f"{ref} is inactive in account {self.account}.",
            key,
            "name an active employee, or take the entry out",
        )

    def _about_nobody(self, ref: PersonRef, key: str) -> None:
        self.complain(
            "unknown-employee",
            "Unknown employee",
            f"No employee of account {self.account} is {ref}: unknown, or hidden from this role.",
            key,
            "check the spelling; the role that reads needs Employee Record (View) without restrictions",
        )

    def _about_several(self, ref: PersonRef, key: str, active: Sequence[Employee]) -> None:
        ids = ", ".join(sorted(person.id for person in active))
        self.complain(
            "ambiguous-employee",
            "More than one employee fits",
            f"{ref} fits {len(active)} employees of account {self.account} (internal ids {ids}); "
            "which of them is meant cannot be told.",
            key,
            "name the person by entity_id, or give each employee an e-mail address of their own",
        )
