"""Writing the complete set of roles of one employee: read, compare, replace, read again (netsuite.md 5.5)."""

from collections.abc import Callable, Mapping

from reconciler.core.errors import (
    ContradictionError,
    NetSuiteError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.live import Identity
from reconciler.netsuite.client import WriteClient

# System Notes are no help here: role grants have a log of their own (netsuite-2.md 1.2).
_HISTORY = "Who changed it stands in NetSuite under Employee > Access > History."
_NOTHING_SENT = 0


class NetSuiteRoleWriter:
    """Replaces roles through a client that can do nothing else; implements `RoleWriter`.

    Args:
        client: the writing login.
        recognise: who logged in under a user agent, as the reading login sees it (`NetSuiteReader.identity_of`).
    """

    def __init__(self, client: WriteClient, recognise: Callable[[str], Identity | None] | None = None) -> None:
        self._client = client
        self._recognise = recognise

    def identity(self) -> Identity | None:
        """Who the writing login is by its row in the login audit trail, which no login but the reading one may read.

        Raises:
            NetSuiteError: the writing login does not work.
        """
        self._client.ping()
        if self._recognise is None:
            return None
        try:
            return self._recognise(self._client.user_agent)
        except NetSuiteError:
            # That the trail cannot be read is a gap of the reading login already.
            return None

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> None:
        """Replace the complete set of role ids of one employee, and see that it was done.

        Raises:
            RefusedError: NetSuite said no, or the set had moved; nothing was changed.
            UnansweredError: no answer came; only a fresh read can tell.
            UnreadableAnswerError: the set before the write could not be understood; nothing was written.
            ContradictionError: a second look finds neither what was written nor what was there before.
        """
        items = sorted(wanted, key=int)
        if not items:
            message = f"Employee {employee_id} would be left without any role; nothing was written."
            raise RefusedError(message, status=_NOTHING_SENT, hint="NetSuite gives no access without a role.")
        held = self._held(employee_id)
        if held != expected:
            raise _moved(employee_id, expected, held)
        try:
            self._client.replace_roles(employee_id, items)
        except (UnansweredError, UnreadableAnswerError) as error:
            if isinstance(error, UnansweredError) and not error.sent:
                raise
            self._settle(employee_id, expected, wanted, error)
        else:
            self._require(employee_id, wanted)

    def _settle(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str], error: NetSuiteError) -> None:
        """Look once whether a write without an answer was carried out; never send it again."""
        found = self._second_look(employee_id, wanted)
        if found == wanted:
            return
        if found == expected:
            message = f"{error.message} The roles are unchanged so far; the write may still be carried out."
            raise UnansweredError(message, sent=True, hint="Run again: the next read tells.") from error
        raise _contradiction(employee_id, wanted, found) from error

    def _require(self, employee_id: str, wanted: frozenset[str]) -> None:
        found = self._second_look(employee_id, wanted)
        if found != wanted:
            raise _contradiction(employee_id, wanted, found)

    def _second_look(self, employee_id: str, wanted: frozenset[str]) -> frozenset[str]:
        try:
            return self._held(employee_id)
        except NetSuiteError as error:
            # Not a refusal any more: something may have been written, and nobody saw what.
            message = f"Roles {_listed(wanted)} were sent for employee {employee_id}, and could not be read again: "
            raise UnansweredError(message + error.message, sent=True, hint=error.hint) from error

    def _held(self, employee_id: str) -> frozenset[str]:
        return _role_ids(self._client.employee(employee_id), employee_id)


def _role_ids(record: object, employee_id: str) -> frozenset[str]:
    """The role ids of a complete sublist; one that is cut, or counted wrongly, is refused."""
    if not isinstance(record, Mapping) or record.get("id") != employee_id:
        raise UnreadableAnswerError(f"The answer is not the record of employee {employee_id}.")
    roles = record.get("roles")
    items = roles.get("items") if isinstance(roles, Mapping) else None
    if not isinstance(roles, Mapping) or not isinstance(items, list):
        raise UnreadableAnswerError(f"The record of employee {employee_id} came without its roles.")
    found = [_selected_role(item) for item in items]
    complete = roles.get("hasMore") is False and roles.get("offset", 0) == 0
    counted = roles.get("count", len(found)) == roles.get("totalResults", len(found)) == len(set(found))
    if not complete or not counted or None in found:
        raise UnreadableAnswerError(
            f"The roles of employee {employee_id} did not come complete; nothing rests on them."
        )
    return frozenset(role for role in found if role is not None)


def _selected_role(item: object) -> str | None:
    selected = item.get("selectedRole") if isinstance(item, Mapping) else None
    role_id = selected.get("id") if isinstance(selected, Mapping) else None
    return role_id if isinstance(role_id, str) and role_id.removeprefix("-").isdecimal() else None


def _moved(employee_id: str, expected: frozenset[str], held: frozenset[str]) -> RefusedError:
    changes = [
        f"{word} {_listed(ids)}"
        for word, ids in (("it now also holds", held - expected), ("it no longer holds", expected - held))
        if ids
    ]
    message = f"The roles of employee {employee_id} changed since they were read: {' and '.join(changes)}"
    return RefusedError(f"{message}. Nothing was written.", status=_NOTHING_SENT, hint=f"{_HISTORY} Then run again.")


def _contradiction(employee_id: str, wanted: frozenset[str], found: frozenset[str]) -> ContradictionError:
    message = f"Roles {_listed(wanted)} were written for employee {employee_id}, who now holds {_listed(found)}."
    return ContradictionError(message, hint=_HISTORY)


def _listed(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids, key=int)) or "none"
