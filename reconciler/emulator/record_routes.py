"""The paths of the record service, and what serves each of them."""

import re
from typing import TYPE_CHECKING, Final

from reconciler.emulator import employee_collection, employee_writes, employees
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.record_requests import RECORDS
from reconciler.emulator.wire import Answer, Request

if TYPE_CHECKING:
    from reconciler.emulator.services import Route


def _catalog(world: World, caller: Caller, request: Request, key: str) -> Answer:
    # What describes the records is needed by few.
    from reconciler.emulator import metadata_catalog  # noqa: PLC0415 - see the line above

    return metadata_catalog.answer(world, caller, request, key)


_EMPLOYEE: Final = f"{RECORDS}/(?i:employee)"
_OTHER: Final = rf"{RECORDS}/(?!(?i:employee|metadata-catalog)(?:/|$))([^/]+)(?:/.*)?"
ROUTES: Final[tuple["Route", ...]] = (
    ("GET", re.compile(rf"{RECORDS}/metadata-catalog(?:/([^/]+))?"), _catalog),
    ("GET", re.compile(_EMPLOYEE), employee_collection.collection),
    ("POST", re.compile(_EMPLOYEE), employee_writes.create),
    *((method, re.compile(_EMPLOYEE), employee_writes.batch) for method in ("PATCH", "PUT", "DELETE")),
    ("GET", re.compile(f"{_EMPLOYEE}/([^/]+)"), employees.single),
    ("PATCH", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.patch),
    ("PUT", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.upsert),
    ("DELETE", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.delete),
    ("POST", re.compile(f"{_EMPLOYEE}/([^/]+/!transform/[^/]+)"), employee_writes.transform),
    ("GET", re.compile(f"{_EMPLOYEE}/([^/]+/[^!/][^/]*(?:/[^/]+)*)"), employees.part),
    *((method, re.compile(_OTHER), employees.other_record) for method in ("GET", "POST", "PATCH", "PUT", "DELETE")),
)
