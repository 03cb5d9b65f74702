"""What the login's own role sees: rows that NetSuite hides come without an error (netsuite.md 8, netsuite-2.md 1.2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reconciler.core.live import ADMINISTRATOR, Gap, Gapped
from reconciler.netsuite import queries
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rows import OwnRole, Permission

# Which permission shows all rows of what. One of the ids or names is enough; NetSuite prints both (netsuite.md 6.4).
Needed = tuple[Gapped, frozenset[str], str]
_NEEDED: tuple[Needed, ...] = (
    (Gapped.EMPLOYEES, frozenset({"LIST_EMPLOYEE_RECORD", "Employee Record"}), queries.EMPLOYEE_PERMISSION),
    (Gapped.ROLES, frozenset({"ADMI_MANAGEROLES", "Bulk Manage Roles"}), queries.ROLE_PERMISSION),
    (Gapped.TOKENS, frozenset({"ADMI_MANAGE_OAUTH_TOKENS", "Access Token Management"}), queries.TOKEN_PERMISSION),
    (Gapped.LOGINS, frozenset({"ADMI_AUDITLOGIN", "View Login Audit Trail"}), queries.AUDIT_PERMISSION),
    (
        Gapped.INTEGRATIONS,
        frozenset({"ADMI_INTEGRAPP", "LIST_INTEGRAPP", "Integration Application", "Integration Applications"}),
        queries.INTEGRATION_PERMISSION,
    ),
)
# Of the subsidiaries a role may be limited to, only this word (or none, in an account without them) means all.
_ALL = frozenset({"", "ALL"})
# Oracle prints no values of this column; in its forms the choices that limit nothing begin with "none".
_NO_RESTRICTION = ("none", "no")
_NONE_AT_ALL = frozenset({"", "f", "0"})
UNRESTRICTED = "Remove employee and subsidiary restrictions from the role of this login."


@dataclass(frozen=True, slots=True)
class View:
    """What is known of the login's own role, and so of what it does not see."""

    role_id: str
    permissions: Reading[Permission]
    role: Reading[OwnRole]


def hidden_from(view: View, known: Sequence[Gap]) -> Iterator[Gap]:
    """Gaps for what was answered, but not in full.

    Args:
        view: the login's own role.
        known: gaps that are known already; of what has one, no second one is told.
    """
    told = {gap.what for gap in known}
    permissions, own = view.permissions, view.role
    if view.role_id == ADMINISTRATOR:
        return
    if Gapped.ROLES not in told and (unread := permissions.gaps or own.gaps):
        yield Gap(Gapped.PERMISSIONS, unread[0].detail, unread[0].hint)
    if permissions.facts:
        yield from lacking(view, _NEEDED, told)
    elif not permissions.gaps:
        detail = "The permissions of the role of this login are not to be seen, so rows may be hidden unnoticed."
        yield Gap(Gapped.PERMISSIONS, detail, f"Add to that role: {queries.ROLE_PERMISSION}.")
    for row in own.facts:
        yield from _restrictions(row)


def lacking(view: View, needed: Sequence[Needed], told: Collection[Gapped]) -> Iterator[Gap]:
    """A gap for each of these permissions that the role is seen not to have; of what is in `told`, none."""
    if view.role_id == ADMINISTRATOR or not view.permissions.facts:
        return
    held = {name for one in view.permissions.facts if one.level != "0" for name in (one.key, one.name)}
    for what, names, permission in needed:
        if held.isdisjoint(names) and what not in told:
            yield _unseen_without(what, permission)


def _unseen_without(what: Gapped, permission: str) -> Gap:
    detail = f"The role of this login lacks {permission}, without which NetSuite may show it only a part, and no error."
    return Gap(what, detail, f"Add to that role: {permission}.")


def restrictions(own: OwnRole) -> tuple[str, ...]:
    """What hides people from a role, in words; none where it sees everybody."""
    limits = []
    if own.subsidiaries.strip().upper() not in _ALL:
        limits.append(f"subsidiaries ({own.subsidiaries})")
    employees = own.employees.strip().casefold()
    if employees not in _NONE_AT_ALL and employees.split()[0].strip(" -") not in _NO_RESTRICTION:
        limits.append(f"employees ({own.employees})")
    return tuple(limits)


def _restrictions(own: OwnRole) -> Iterator[Gap]:
    limits = restrictions(own)
    if limits:
        detail = f"The role of this login is restricted by {' and '.join(limits)}, so people may be hidden from it."
        yield from (Gap(what, detail, UNRESTRICTED) for what in (Gapped.EMPLOYEES, Gapped.GRANTS))
