"""What an account does where nobody documents for certain what NetSuite does (`core/doubts.py`)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from reconciler.core.errors import MissingTableError, NetSuiteError, RefusedError
from reconciler.core.examination import LoginLook, TableState, TrailLook
from reconciler.core.live import ADMINISTRATOR, Gapped, LiveState
from reconciler.netsuite.client import EMPLOYEE, ReadClient
from reconciler.netsuite.probes import ask

_ANSWERED = {TableState.ROWS, TableState.EMPTY}
_TIME = "'YYYY-MM-DD HH24:MI:SS'"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the probes stand on: the reading client, what it has seen so far, and how many requests it has sent."""

    client: ReadClient
    login: LoginLook
    live: LiveState
    tables: Mapping[str, TableState]
    trail: TrailLook

    @property
    def is_administrator(self) -> bool:
        return self.login.role_id == ADMINISTRATOR

    def reads(self, table: str) -> bool:
        return self.tables.get(table) in _ANSWERED


Probe = Callable[[Ground], str | None]


def seen(ground: Ground) -> dict[str, str]:
    """By the name of a doubt what the account does; nothing where it does not show it."""
    found = {name: probe(ground) for name, probe in _PROBES.items()}
    found |= dict(_records(ground))
    return {name: value for name, value in found.items() if value is not None}


def _one_of(ground: Ground, *names: str, both: str | None = None, neither: str | None = None) -> str | None:
    readable = [name for name in names if ground.reads(name)]
    if len(readable) > 1:
        return both or readable[0]
    return readable[0] if readable else neither


def _role_assignment_table(ground: Ground) -> str | None:
    return _one_of(ground, "employeerolesforsearch", "employeeroles", both="both")


def _integration_table(ground: Ground) -> str | None:
    holds = ground.login.level_of("LIST_INTEGRAPP") and ground.login.level_of("ADMI_INTEGRAPP")
    hidden = "hidden" if ground.is_administrator or holds else None
    return _one_of(ground, "integrationapp", "integration", neither=hidden)


def _opened_by(ground: Ground, tables: tuple[str, str], candidates: tuple[str, str]) -> str | None:
    """What opens a table, told by a role that holds one of the candidates or none."""
    if ground.is_administrator or ground.login.permissions is None:
        return None
    held = [key for key in candidates if ground.login.level_of(key)]
    is_open = any(ground.reads(name) for name in tables)
    if is_open and len(held) < len(candidates):
        return held[0] if held else "none"
    return None


def _role_assignment_permission(ground: Ground) -> str | None:
    tables = ("employeerolesforsearch", "employeeroles")
    return _opened_by(ground, tables, ("LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES"))


def _integration_permission(ground: Ground) -> str | None:
    return _opened_by(ground, ("integrationapp", "integration"), ("LIST_INTEGRAPP", "ADMI_INTEGRAPP"))


def _column(names: str) -> Probe:
    def probe(ground: Ground) -> str | None:
        if not ground.reads("employee"):
            return None
        asked = ask(ground.client, f"SELECT id, {names} FROM employee ORDER BY id ASC")  # noqa: S608 - our own names
        if asked.error is None:
            return "present"
        return "absent" if asked.refused and "Unknown identifier" in asked.error.message else None

    return probe


def _own_token_table(ground: Ground) -> str | None:
    if ground.reads("useroauthtoken"):
        return "present"
    may = ground.is_administrator or ground.login.level_of("ADMI_MANAGE_OWN_OAUTH_TOKENS")
    return "absent" if may and ground.tables.get("useroauthtoken") is TableState.HIDDEN else None


def _admin_rows_visible(ground: Ground) -> str | None:
    if ground.is_administrator or not ground.reads("employee") or _role_assignment_table(ground) is None:
        return None
    holders = [grant.employee_id for grant in ground.live.grants if grant.role_id == ADMINISTRATOR]
    return "yes" if any(one in ground.live.employees_by_id for one in holders) else "no"


def _revoked_inactive(ground: Ground) -> str | None:
    text = "SELECT id, binactive FROM oauthtoken WHERE brevoked = 'T' ORDER BY id ASC"
    return ask(ground.client, text).first.get("binactive") if ground.reads("oauthtoken") else None


def _params(ground: Ground) -> str | None:
    return {True: "accepted", False: "refused", None: None}[ground.client.takes_parameters]


def _missing_record(ground: Ground) -> str | None:
    error = ask(ground.client, "SELECT id FROM reconciler_no_such_table ORDER BY id ASC").error
    return error.wording or None if isinstance(error, MissingTableError) else None


def _fetch_first(ground: Ground) -> str | None:
    asked = ask(ground.client, "SELECT id FROM role ORDER BY id ASC FETCH FIRST 1 ROWS ONLY")
    return None if not ground.reads("role") else "refused" if asked.refused else "served" if asked.rows else None


def _unnamed(ground: Ground) -> str | None:
    asked = ask(ground.client, "SELECT MAX(id) FROM role")
    if not ground.reads("role"):
        return None
    return "refused" if asked.refused else "numbered" if "expr1" in asked.first else None


def _date_format(ground: Ground) -> str | None:
    text = (
        "SELECT date AS bare, TO_CHAR(date, 'YYYY-MM-DD') AS day FROM loginaudit WHERE useragent = ? ORDER BY date ASC"
    )
    row = ask(ground.client, text, (ground.client.user_agent,)).first
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", row.get("day", ""))
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    forms = {
        "M/D/YYYY": f"{month}/{day}/{year}",
        "D/M/YYYY": f"{day}/{month}/{year}",
        "YYYY-MM-DD": f"{year}-{month:02}-{day:02}",
        "DD.MM.YYYY": f"{day:02}.{month:02}.{year}",
    }
    fitting = [name for name, form in forms.items() if form == row.get("bare")]
    return fitting[0] if len(fitting) == 1 else None


def _own_rows(ground: Ground) -> int | None:
    """How many rows of this client the trail shows."""
    if not ground.trail.found:
        return None
    text = (
        "SELECT useragent, COUNT(*) AS number FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1 "
        "GROUP BY useragent ORDER BY useragent"
    )
    number = ask(ground.client, text, (ground.client.user_agent,)).first.get("number", "")
    return int(number) if number.isdigit() else None


def _count(ground: Ground) -> str | None:
    if not _own_rows(ground):
        return None
    text = "SELECT COUNT(*) AS number FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1"
    number = ask(ground.client, text, (ground.client.user_agent,)).first.get("number")
    return None if number is None else "zero" if number == "0" else "correct"


def _rows(ground: Ground) -> str | None:
    """By now this client has sent dozens of requests; one row means one for the session."""
    number = _own_rows(ground)
    return None if not number else "session" if number == 1 else "every-call"


def _delay(ground: Ground) -> str | None:
    return "0" if ground.trail.found else None


def _failed_role(ground: Ground) -> str | None:
    if not ground.reads("loginaudit"):
        return None
    text = (
        "SELECT status, MAX(role) AS role FROM loginaudit WHERE status = 'Failure' "
        "AND oauthaccesstokenname IS NOT NULL AND date >= SYSDATE - 30 GROUP BY status ORDER BY status"
    )
    row = ask(ground.client, text).first
    return ("token" if row.get("role") else "empty") if row.get("status") else None


_PROBES: Mapping[str, Probe] = {
    "role-assignment-table": _role_assignment_table,
    "role-assignment-permission": _role_assignment_permission,
    "integration-table": _integration_table,
    "integration-permission": _integration_permission,
    "employee-externalid-column": _column("externalid"),
    "employee-more-columns": _column("datecreated, lastmodifieddate, issupportrep, isjobresource, isjobmanager"),
    "own-token-table": _own_token_table,
    "admin-rows-visible": _admin_rows_visible,
    "revoked-inactive": _revoked_inactive,
    "suiteql-missing-record": _missing_record,
    "suiteql-fetch-first": _fetch_first,
    "suiteql-unnamed": _unnamed,
    "suiteql-date-format": _date_format,
    "loginaudit-count": _count,
    "loginaudit-rows": _rows,
    "loginaudit-delay": _delay,
    "loginaudit-failed-role": _failed_role,
    # Last, for it is told by the queries above.
    "suiteql-params": _params,
}


def _records(ground: Ground) -> Iterator[tuple[str, str]]:
    """What the record service does: to read an employee it loads the record as if to edit it (netsuite.md 0.1)."""
    if not (ground.login.level_of("LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD") or ground.is_administrator):
        return
    own = ground.live.reader.employee_id if ground.live.reader else None
    others = sorted({one.employee_id for one in ground.live.grants if one.role_id == ADMINISTRATOR} - {own}, key=int)
    if others and not ground.is_administrator and not ground.live.unread(Gapped.GRANTS):
        refused = _refusal(ground.client, f"{EMPLOYEE}/{others[0]}", {"fields": "id"})
        if isinstance(refused, RefusedError):
            yield "admin-record-status", str(refused.status)
            if refused.code:
                yield "admin-record-code", refused.code
        elif refused is None:
            yield "admin-record-status", str(int(HTTPStatus.OK))
    if own and (ground.is_administrator or not ground.live.holds(own, ADMINISTRATOR)):
        refused = _refusal(ground.client, f"{EMPLOYEE}/{own}", {"reconcilerProbe": "1"})
        if refused is None or (isinstance(refused, RefusedError) and refused.status == HTTPStatus.BAD_REQUEST):
            yield "unknown-parameter", "ignored" if refused is None else "refused"
        key = _line_key(ground, own)
        if key:
            yield "roles-line-key", key


def _refusal(client: ReadClient, path: str, params: Mapping[str, str]) -> NetSuiteError | None:
    try:
        client.get_json(path, params)
    except NetSuiteError as error:
        return error
    return None


def _line_key(ground: Ground, own: str) -> str | None:
    """How the own roles are addressed: their links end in the number of a line, or in a role's id."""
    try:
        answer = ground.client.get_json(f"{EMPLOYEE}/{own}/roles")
    except NetSuiteError:
        return None
    items = answer.get("items") if isinstance(answer, Mapping) else None
    links = [
        str(link.get("href", "")).rpartition("/")[2]
        for item in (items if isinstance(items, list) else [])
        for link in (item.get("links") or [])
    ]
    if not links:
        return None
    held = ground.live.roles_of.get(own, frozenset())
    return "role" if set(links) <= held else "number"
