"""Finding people by external id: by SuiteQL where it has that column, else by the record service (netsuite-2.md 3)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Protocol

from reconciler.core.errors import NetSuiteError, RefusedError, UnreadableAnswerError
from reconciler.core.live import Employee, Gap, Gapped
from reconciler.netsuite import queries, rows
from reconciler.netsuite.reading import Reading, failed
from reconciler.netsuite.suiteql import Pages, chunks, read_all

EMPLOYEES = "/services/rest/record/v1/employee"
# What may stand in a path after `eid:` (netsuite.md 5.2); in a filter's quotes, these need no escaping either.
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ID = re.compile(r"-?[0-9]{1,18}")
# More than one would be NetSuite's mistake, and has to be seen.
_ENOUGH = "3"


class Records(Pages, Protocol):
    """What is asked: SuiteQL and the record service."""

    def get_json(self, path: str, params: Mapping[str, str] | None = None) -> object:
        """The answer to a GET."""
        ...


def find(client: Records, external_ids: Sequence[str]) -> Reading[tuple[str, str]]:
    """Pairs of internal and external id, one for each employee found.

    One query where SuiteQL knows the column; else one that is refused, and one or two requests for each external id.
    """
    try:
        found = [row for chunk in chunks(external_ids) for row in _by_query(client, chunk)]
    except RefusedError as error:
        if error.status == HTTPStatus.BAD_REQUEST and "Unknown identifier" in error.message:
            return _by_record(client, external_ids)
        return Reading(gaps=(failed(Gapped.EMPLOYEES, error),))
    except NetSuiteError as error:
        return Reading(gaps=(failed(Gapped.EMPLOYEES, error),))
    return Reading(tuple((employee.id, employee.external_id) for employee in found if employee.external_id))


def _by_query(client: Records, external_ids: Sequence[str]) -> list[Employee]:
    items = read_all(client, queries.employees_by_external_id(external_ids)).items
    return [rows.employee(row).employee for row in items]


def _by_record(client: Records, external_ids: Sequence[str]) -> Reading[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    gaps: list[Gap] = []
    for external_id in external_ids:
        try:
            facts += [(employee_id, external_id) for employee_id in _ids_of(client, external_id)]
        except NetSuiteError as error:
            detail = f"Nobody could be looked up by external_id:{external_id}. {error.message}"
            hint = "Name the person by e-mail or entity_id instead."
            gaps.append(Gap(Gapped.EMPLOYEES, detail, hint))
    return Reading(tuple(facts), tuple(gaps))


def _ids_of(client: Records, external_id: str) -> list[str]:
    if not _PLAIN.fullmatch(external_id):
        raise UnreadableAnswerError("It holds characters that cannot be asked for.")
    try:
        return _listed(client.get_json(EMPLOYEES, {"q": f'externalId IS "{external_id}"', "limit": _ENOUGH}))
    except RefusedError as error:
        if error.status != HTTPStatus.BAD_REQUEST:
            raise
    # Whether the field can be filtered by is not known. A single record is loaded in edit mode, so that one of an
    # administrator is refused to a lesser role (netsuite.md 0.1): that comes second.
    return _single(client, external_id)


def _listed(answer: object) -> list[str]:
    items = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(items, list) or not isinstance(answer, Mapping) or answer.get("hasMore") is not False:
        raise UnreadableAnswerError(f"The answer to GET {EMPLOYEES} is not a complete list.")
    return [_id_in(item) for item in items]


def _single(client: Records, external_id: str) -> list[str]:
    try:
        return [_id_in(client.get_json(f"{EMPLOYEES}/eid:{external_id}", {"fields": "id"}))]
    except RefusedError as error:
        if error.status == HTTPStatus.NOT_FOUND and error.code == "NONEXISTENT_ID":
            return []
        raise


def _id_in(record: object) -> str:
    found = record.get("id") if isinstance(record, Mapping) else None
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise UnreadableAnswerError(f"The answer to GET {EMPLOYEES} names an employee without an internal id.")
    return found


def with_external_ids(employees: Sequence[Employee], pairs: Sequence[tuple[str, str]]) -> tuple[Employee, ...]:
    """The same people, with the external ids by which they were found."""
    by_id = dict(pairs)
    return tuple(
        replace(employee, external_id=by_id[employee.id]) if employee.id in by_id else employee
        for employee in employees
    )
