"""Writing to one employee: read, compare, write, read again (netsuite.md 5.4, 5.5).

NetSuite knows no condition under which to write and no version of a record, so somebody else's edit may fall in
between: before the read, when nothing is written; after it and before the write is carried out, which is noticed when a
look meanwhile sees it, and given back; after that, when both changes are there. What falls between two looks cannot be
noticed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from reconciler.core.errors import (
    ContradictionError,
    KeepingError,
    NetSuiteError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.live import ADMINISTRATOR, Identity
from reconciler.core.outcome import RolesWritten
from reconciler.core.role_race import Undone, is_in, undone
from reconciler.netsuite.client import WriteClient
from reconciler.netsuite.grants import ids_shown
from reconciler.netsuite.watch import Watch

# System Notes are no help here: role grants have a log of their own (netsuite-2.md 1.2).
_HISTORY = "Who changed it stands in NetSuite under Employee > Access > History."
_NOTHING_SENT = 0
LOOK_EVERY: Final = 2.0
"""Seconds; a write is usually done by then."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Part(Generic[Value]):
    """One part of an employee record that can be written, whatever its type.

    Args:
        name: how it is called in messages, with a capital letter.
        read: the value in a record; raises UnreadableAnswerError.
        send: writes a value for an employee.
        shown: a value in words.
        is_in: whether what is found has the change in it that leads from one value to another.
    """

    name: str
    read: Callable[[object, str], Value]
    send: Callable[[str, Value], None]
    shown: Callable[[Value], str]
    is_in: Callable[[Value, Value, Value], bool]


class NetSuiteEmployeeWriter:
    """Changes roles and flags through a client that can do nothing else; implements `EmployeeWriter`.

    Args:
        client: the writing login.
        recognise: who logged in under a user agent, as the reading login sees it (`NetSuiteReader.identity_of`).
        look_every: seconds between two looks at the roles while they are written; None where an account may only be
            asked one thing at a time.
    """

    def __init__(
        self,
        client: WriteClient,
        recognise: Callable[[str], Identity | None] | None = None,
        *,
        look_every: float | None = LOOK_EVERY,
    ) -> None:
        self._client = client
        self._recognise = recognise
        self._look_every = look_every

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

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> RolesWritten:
        """Replace the complete set of role ids of one employee, and see that it was done.

        What somebody else changed meanwhile is left, and where the write has taken it back, given back.

        Raises:
            RefusedError: NetSuite said no, or the set had moved; nothing was changed.
            UnansweredError: no answer came; only a fresh read can tell.
            UnreadableAnswerError: the set before the write could not be understood; nothing was written.
            ContradictionError: a second look does not find what was confirmed, or somebody else's change was taken back
                and could not be given back.
        """
        if not wanted:
            message = f"Employee {employee_id} would be left without any role; nothing was written."
            raise RefusedError(message, status=_NOTHING_SENT, hint="NetSuite gives no access without a role.")
        seen, found = self._written(employee_id, expected, wanted)
        if not (lost := undone(expected, wanted, seen, found)):
            others = (
                "" if found == wanted else f"somebody else changed roles meanwhile, now {ids_shown(found)}; {_HISTORY}"
            )
            return RolesWritten(found, others)
        whole = lost.restored(found)
        if ADMINISTRATOR in lost.roles or lost.perhaps_removed or not whole:
            raise _taken_back(employee_id, lost, "that is for a person to look at")
        try:
            _, found = self._written(employee_id, found, whole)
        except (NetSuiteError, KeepingError) as error:
            raise _taken_back(employee_id, lost, f"giving it back failed: {error.message}") from error
        return RolesWritten(found, f"{_told(lost)} while this was written, which took it back; given back. {_HISTORY}")

    def _written(
        self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]
    ) -> tuple[list[frozenset[str]], frozenset[str]]:
        """The sets that were seen while it was written, and the one that is there afterwards."""
        watch = Watch(lambda: _role_ids(self._client.employee(employee_id), employee_id), self._look_every)

        def send(employee_id: str, roles: frozenset[str]) -> None:
            with watch:
                self._client.replace_roles(employee_id, sorted(roles, key=int))

        part = _Part("Roles", _role_ids, send, ids_shown, is_in)
        found = self._write(part, employee_id, expected, wanted)
        return watch.seen, found

    def set_active(self, employee_id: str, *, active: bool) -> None:
        """Clear or tick the Inactive box of an employee who has it the other way, and see that it was done.

        Raises: as `set_roles`.
        """
        part = _Part("Inactive", _flag("isInactive"), self._send_flag("isInactive"), str, _is_wanted)
        self._write(part, employee_id, expected=active, wanted=not active)

    def set_access(self, employee_id: str, *, access: bool) -> None:
        """Tick or clear the Give Access box of an employee who has it the other way, and see that it was done.

        Raises: as `set_roles`.
        """
        part = _Part("Give Access", _flag("giveAccess"), self._send_flag("giveAccess"), str, _is_wanted)
        self._write(part, employee_id, expected=not access, wanted=access)

    def _send_flag(self, field: str) -> Callable[[str, bool], None]:
        return lambda employee_id, wanted: self._client.set_flag(employee_id, field, wanted)

    def _write(self, part: _Part[Value], employee_id: str, expected: Value, wanted: Value) -> Value:
        """What is there after the write, with the change in it."""
        held = part.read(self._before(employee_id), employee_id)
        if held != expected:
            raise _moved(part, employee_id, expected, held)
        try:
            part.send(employee_id, wanted)
        except (UnansweredError, UnreadableAnswerError) as error:
            if isinstance(error, UnansweredError) and not error.sent:
                raise
            return self._settled(part, employee_id, expected, wanted, error)
        found = self._second_look(part, employee_id, wanted)
        if not part.is_in(found, expected, wanted):
            raise _contradiction(part, employee_id, wanted, found)
        return found

    def _before(self, employee_id: str) -> object:
        """The record before anything is written; without an answer it is certain that nothing was."""
        try:
            return self._client.employee(employee_id)
        except UnansweredError as error:
            message = f"{error.message} Nothing was written."
            raise UnansweredError(message, sent=False, hint=error.hint) from error

    def _settled(
        self, part: _Part[Value], employee_id: str, expected: Value, wanted: Value, error: NetSuiteError
    ) -> Value:
        """Look once whether a write without an answer was carried out; never send it again."""
        found = self._second_look(part, employee_id, wanted)
        if part.is_in(found, expected, wanted):
            return found
        if found == expected:
            message = f"{error.message} {part.name} is unchanged so far; the write may still be carried out."
            raise UnansweredError(message, sent=True, hint="Run again: the next read tells.") from error
        message = (
            f"{error.message} Somebody else changed it to {part.name} {part.shown(found)}; the write may still be "
            "carried out, and would take that back."
        )
        raise UnansweredError(message, sent=True, hint=f"{_HISTORY} Then run again: the next read tells.") from error

    def _second_look(self, part: _Part[Value], employee_id: str, wanted: Value) -> Value:
        try:
            return part.read(self._client.employee(employee_id), employee_id)
        except NetSuiteError as error:
            # Not a refusal any more: something may have been written, and nobody saw what.
            sent = (
                f"{part.name} {part.shown(wanted)} was sent for employee {employee_id}, and could not be read again: "
            )
            raise UnansweredError(sent + error.message, sent=True, hint=error.hint) from error


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


def _flag(field: str) -> Callable[[object, str], bool]:
    def read(record: object, employee_id: str) -> bool:
        value = record.get(field) if isinstance(record, Mapping) and record.get("id") == employee_id else None
        if not isinstance(value, bool):
            raise UnreadableAnswerError(f"The record of employee {employee_id} came without {field}.")
        return value

    return read


def _is_wanted(found: Value, _before: Value, wanted: Value) -> bool:
    return found == wanted


def _moved(part: _Part[Value], employee_id: str, expected: Value, held: Value) -> RefusedError:
    message = (
        f"{part.name} of employee {employee_id} changed since it was read: expected {part.shown(expected)}, "
        f"found {part.shown(held)}. Nothing was written."
    )
    return RefusedError(message, status=_NOTHING_SENT, hint=f"{_HISTORY} Then run again.")


def _contradiction(part: _Part[Value], employee_id: str, wanted: Value, found: Value) -> ContradictionError:
    sent = f"{part.name} {part.shown(wanted)} was written for employee {employee_id}"
    return ContradictionError(f"{sent}, and a second look finds {part.shown(found)}.", hint=_HISTORY)


def _taken_back(employee_id: str, lost: Undone, why: str) -> ContradictionError:
    message = f"Roles of employee {employee_id}: {_told(lost)} while they were written, which took it back; {why}."
    return ContradictionError(message, hint=_HISTORY)


def _told(lost: Undone) -> str:
    parts = (
        ("granted", lost.granted),
        ("removed", lost.removed),
        ("perhaps removed", lost.perhaps_removed),
    )
    return "somebody else " + " and ".join(f"{verb} {ids_shown(roles)}" for verb, roles in parts if roles)
