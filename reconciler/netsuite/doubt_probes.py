"""What tables and queries do where nobody documents for certain what NetSuite does (`core/doubts.py`)."""

from collections.abc import Callable, Mapping

from reconciler.core.errors import MissingTableError
from reconciler.core.examination import TableState
from reconciler.core.live import ADMINISTRATOR
from reconciler.netsuite import trail_probes
from reconciler.netsuite.ground import Ground
from reconciler.netsuite.probes import ask
from reconciler.netsuite.record_probes import on_records

Probe = Callable[[Ground], str | None]


def seen(ground: Ground) -> dict[str, str]:
    """By the name of a doubt what the account does; nothing where it does not show it."""
    found: dict[str, str | None] = dict(trail_probes.on_own_rows(ground))
    found |= {name: probe(ground) for name, probe in _PROBES.items()}
    found |= dict(on_records(ground))
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
    if not ground.reads("role"):
        return None
    asked = ask(ground.client, "SELECT id FROM role ORDER BY id ASC FETCH FIRST 1 ROWS ONLY")
    return "refused" if asked.refused else "served" if asked.rows else None


def _unnamed(ground: Ground) -> str | None:
    if not ground.reads("role"):
        return None
    asked = ask(ground.client, "SELECT MAX(id) FROM role")
    return "refused" if asked.refused else "numbered" if "expr1" in asked.first else None


def _integration_columns(ground: Ground) -> str | None:
    table = _one_of(ground, "integrationapp", "integration")
    if table is None:
        return None
    asked = ask(ground.client, f"SELECT id, name, state, createddate FROM {table} ORDER BY id ASC")  # noqa: S608 - ours
    return "present" if asked.error is None else "absent" if asked.refused else None


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
    "suiteql-date-format": trail_probes.date_format,
    "loginaudit-delay": trail_probes.delay,
    "loginaudit-failed-role": trail_probes.failed_role,
    "loginaudit-requesturi": trail_probes.request_uri,
    "oauth2-audit-row": trail_probes.bearer_row,
    "integration-columns": _integration_columns,
    # Last, for it is told by the queries above.
    "suiteql-params": _params,
}
