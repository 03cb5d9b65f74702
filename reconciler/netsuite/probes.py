"""Small questions to an account: whether a table answers, what a query that nobody documents comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from reconciler.core.errors import MissingTableError, NetSuiteError, RefusedError
from reconciler.core.examination import Limits, TableState
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.suiteql import Row

GOVERNANCE_LIMITS: Final = "/services/rest/system/v1/governanceLimits"
CATALOG: Final = "/services/rest/record/v1/metadata-catalog/employee"
_SCHEMA: Final = {"Accept": "application/schema+json"}
# One row of each says whether the role sees it; those with many rows are asked for a narrow part (netsuite-2.md 1.2).
TABLES: Final[Mapping[str, str]] = {
    "employee": "SELECT id FROM employee ORDER BY id ASC",
    "entity": "SELECT id FROM entity ORDER BY id ASC",
    "role": "SELECT id FROM role ORDER BY id ASC",
    "rolepermissions": "SELECT role FROM rolepermissions ORDER BY role ASC",
    "employeerolesforsearch": "SELECT role FROM employeerolesforsearch WHERE role = 3 ORDER BY role ASC",
    "employeeroles": "SELECT role FROM employeeroles WHERE role = 3 ORDER BY role ASC",
    "oauthtoken": "SELECT id FROM oauthtoken ORDER BY id ASC",
    "useroauthtoken": "SELECT id FROM useroauthtoken ORDER BY id ASC",
    "loginaudit": "SELECT status FROM loginaudit WHERE date >= SYSDATE - 1 ORDER BY date DESC",
    "integrationapp": "SELECT id FROM integrationapp ORDER BY id ASC",
    "integration": "SELECT id FROM integration ORDER BY id ASC",
    "systemnote": "SELECT id FROM systemnote WHERE date >= SYSDATE - 7 ORDER BY id DESC",
    "transaction": "SELECT id FROM transaction WHERE type = 'SalesOrd' AND createddate >= SYSDATE - 9 ORDER BY id DESC",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: rows, or the error in their place."""

    rows: tuple[Row, ...] = ()
    error: NetSuiteError | None = None

    @property
    def refused(self) -> bool:
        """NetSuite did not take the query."""
        return isinstance(self.error, RefusedError) and self.error.status == HTTPStatus.BAD_REQUEST

    @property
    def first(self) -> Row:
        return self.rows[0] if self.rows else {}

    @property
    def state(self) -> TableState:
        if isinstance(self.error, MissingTableError):
            return TableState.HIDDEN
        if self.error is not None:
            return TableState.FAILED
        return TableState.ROWS if self.rows else TableState.EMPTY


def ask(client: ReadClient, text: str, params: Sequence[str | int] = (), limit: int = 1) -> Asked:
    """The first rows of a query; whatever goes wrong is part of the answer."""
    try:
        answer = client.suiteql(text, params, limit=limit, offset=0, about=f"the SuiteQL query {text[:60]}")
    except NetSuiteError as error:
        return Asked(error=error)
    items = answer.get("items") if isinstance(answer, Mapping) else None
    found = items if isinstance(items, list) else []
    return Asked(tuple({str(key).lower(): str(value) for key, value in item.items()} for item in found if item))


def tables(client: ReadClient) -> dict[str, TableState]:
    return {name: ask(client, text).state for name, text in TABLES.items()}


def limits(client: ReadClient) -> Limits | int | None:
    """The concurrency limits, the status of a refusal, or None where neither came (netsuite.md 5.3)."""
    try:
        answer = client.get_json(GOVERNANCE_LIMITS)
    except RefusedError as error:
        return error.status
    except NetSuiteError:
        return None
    found = answer if isinstance(answer, Mapping) else {}
    names = ("accountConcurrencyLimit", "accountUnallocatedConcurrencyLimit", "integrationConcurrencyLimit")
    account, unallocated, integration = (_number(found.get(name)) for name in names)
    return (
        None if account is None else Limits(account, unallocated, integration, str(found.get("integrationLimitType")))
    )


def _number(value: object) -> int | None:
    return value if type(value) is int else int(value) if isinstance(value, str) and value.isdigit() else None


@dataclass(frozen=True, slots=True)
class CatalogLook:
    """Whether the metadata catalog describes the roles of an employee, and as a keyed list or not."""

    describes_roles: bool
    keyed: bool | None = None


def catalog(client: ReadClient) -> CatalogLook | None:
    """What the metadata catalog says of an employee's roles; None where it does not answer.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1540810174.html; x-ns-sublistkey as
    public clients read it.
    """
    try:
        answer = client.get_json(CATALOG, headers=_SCHEMA)
    except RefusedError as error:
        return CatalogLook(describes_roles=False) if error.status in {403, 404} else None
    except NetSuiteError:
        return None
    line = _at(answer, "properties", "roles", "properties", "items", "items")
    present = _at(line, "x-ns-sublistkey", "present")
    described = _at(line, "properties", "selectedRole") is not None
    return CatalogLook(described, present if isinstance(present, bool) else None)


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def refusal_details(client: ReadClient, user_agent: str) -> tuple[str, ...]:
    """Why logins under this user agent were refused, as the audit trail has it (netsuite.md 2.4)."""
    text = (
        "SELECT detail, COUNT(*) AS number FROM loginaudit WHERE useragent = ? AND status = 'Failure' "
        "AND date >= SYSDATE - 1 GROUP BY detail ORDER BY detail"
    )
    return tuple(row["detail"] for row in ask(client, text, (user_agent,), limit=10).rows if row.get("detail"))


def sysdate(client: ReadClient) -> datetime | None:
    """SYSDATE as text, without a zone, for none is told."""
    row = ask(client, "SELECT id, TO_CHAR(SYSDATE, 'YYYY-MM-DD HH24:MI:SS') AS now FROM role ORDER BY id ASC").first
    return naive(row.get("now"))


def naive(text: str | None) -> datetime | None:
    """A time as SuiteQL prints it with our format."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - NetSuite sends no zone
    except ValueError:
        return None
