"""Two lists of who holds which role, held against each other: either may hide rows (netsuite.md 6.4)."""

from collections.abc import Collection, Iterable, Iterator

from reconciler.core.live import Gap, Gapped, Grant
from reconciler.netsuite.rows import EmployeeRow

_MOST_NAMED = 5


def differing(people: Collection[EmployeeRow], grants: Iterable[Grant]) -> Iterator[Gap]:
    """A gap that names the people whose roles differ between the list of assignments and their own record.

    An empty column is left out of an answer, so nothing is compared when no record shows it at all.
    """
    if all(row.roles is None for row in people):
        return
    assigned: dict[str, set[str]] = {}
    for grant in grants:
        assigned.setdefault(grant.employee_id, set()).add(grant.role_id)
    odd = [row for row in people if (row.roles or frozenset()) != assigned.get(row.employee.id, set())]
    if odd:
        told = "; ".join(
            _told(row, assigned.get(row.employee.id, set())) for row in sorted(odd, key=_place)[:_MOST_NAMED]
        )
        more = f"; and {len(odd) - _MOST_NAMED} more" if len(odd) > _MOST_NAMED else ""
        detail = f"NetSuite shows the roles of some people in two ways that differ: {told}{more}."
        hint = (
            "Run again, for somebody may just have changed them. When it stays, compare with the Access tab of the "
            "employee, and remove restrictions from the role of this login."
        )
        yield Gap(Gapped.GRANTS, detail, hint)


def _place(row: EmployeeRow) -> int:
    return int(row.employee.id)


def _told(row: EmployeeRow, assigned: Collection[str]) -> str:
    return f"{row.employee.label} (assignments {ids_shown(assigned)}, own record {ids_shown(row.roles or ())})"


def ids_shown(ids: Collection[str]) -> str:
    """Ids as a message names them: in the order of their numbers, `none` for nothing."""
    return ", ".join(sorted(ids, key=int)) or "none"
