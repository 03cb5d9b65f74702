"""What an account shows beside its logins: tables, the audit trail's clock, limits, features, behaviours."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from reconciler.core.errors import NetSuiteError
from reconciler.core.examination import Examination, Limits, TrailLook
from reconciler.core.live import ADMINISTRATOR, LiveState
from reconciler.netsuite import probes, queries, rows
from reconciler.netsuite.audit_clock import calibrate, quarter
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.doors import Door, Tried
from reconciler.netsuite.doubt_probes import seen
from reconciler.netsuite.ground import Ground
from reconciler.netsuite.suiteql import read_all

TOKEN_INFO = "/rest/tokeninfo"


def looked_around(found: Examination, reading: Tried, writing: Tried | None, live: LiveState) -> Examination:
    """The same with tables, audit trail, limits and behaviours, as the reading login sees them."""
    client = reading.client
    if client is None or reading.answered is None:
        return found
    tables = probes.tables(client)
    trail = _trail(client, reading.answered)
    ground = Ground(client, found.login, live, tables, trail)
    others = writing.client if writing else None
    values = seen(ground)
    limits, refused = _limits(client, others)
    if refused is not None and found.login.role_id not in {None, ADMINISTRATOR}:
        values["governance-limits-refused"] = str(refused)
    catalog = probes.catalog(others or client)
    if catalog is not None and catalog.keyed is not None:
        values["roles-keyed"] = "yes" if catalog.keyed else "no"
    values |= _token_info(reading.door)
    offset = _sysdate_offset(client)
    if offset is not None and trail.offset is not None:
        values["suiteql-sysdate-zone"] = "same" if offset == trail.offset else _zone(offset)
    return replace(
        found,
        tables=tables,
        trail=trail,
        seen=values,
        limits=limits,
        sysdate_offset=offset,
        roles_described=catalog.describes_roles if catalog else None,
        features=_features(found, client, writing),
        counts=_counts(live),
    )


def _trail(client: ReadClient, first_answer: datetime) -> TrailLook:
    """The own rows in the audit trail: the first stands for the first answer (netsuite-2.md 2)."""
    (query,) = queries.own_logins(client.user_agent)
    try:
        own = [rows.own_login(row) for row in read_all(client, query).items]
        after = client.ping() - first_answer
    except NetSuiteError:
        return TrailLook()
    if not own:
        return TrailLook(readable=True, after=after)
    clock = calibrate(min(one.first for one in own), first_answer)
    return TrailLook(readable=True, found=True, after=after, offset=clock.offset)


def _limits(*clients: ReadClient | None) -> tuple[Limits | None, int | None]:
    """The limits by the first login that may see them, and the status of the first refusal."""
    refused: int | None = None
    for client in clients:
        found = probes.limits(client) if client else None
        if isinstance(found, Limits):
            return found, refused
        refused = refused or found
    return None, refused


def _token_info(door: Door) -> Mapping[str, str]:
    """How tokeninfo tells who the token is (netsuite.md 3)."""
    if door.at_restlets is None:
        return {}
    try:
        answer = door.at_restlets.get_json(TOKEN_INFO)
    except NetSuiteError:
        return {}
    if not isinstance(answer, Mapping):
        return {}
    names = "camel-case" if "roleId" in answer else "lower-case" if "roleid" in answer else ""
    role = answer.get("roleId", answer.get("roleid"))
    ids = {str: "text", int: "number"}.get(type(role), "")
    return {name: value for name, value in (("tokeninfo-names", names), ("tokeninfo-ids", ids)) if value}


def _sysdate_offset(client: ReadClient) -> timedelta | None:
    told = probes.sysdate(client)
    try:
        now = client.ping()
    except NetSuiteError:
        return None
    return quarter(told.replace(tzinfo=UTC) - now) if told else None


_PACIFIC = {timedelta(hours=-8), timedelta(hours=-7)}


def _zone(offset: timedelta) -> str:
    """In which zone SYSDATE seems to be when it is not in that of the trail."""
    if not offset:
        return "utc"
    return "pacific" if offset in _PACIFIC else "account"


def _features(found: Examination, client: ReadClient, writing: Tried | None) -> Mapping[str, bool]:
    """Features that were seen at work; one that is absent here may be on or off."""
    methods = {found.login.method, *([writing.door.method] if writing and writing.client else [])}
    tab = probes.ask(
        client, "SELECT role FROM rolepermissions WHERE permkey = 'LIST_EMPLOYEE_ACCESS' ORDER BY role ASC"
    )
    shown = {
        "token_based_authentication": "tba" in methods,
        "oauth2": "oauth2" in methods,
        # NetSuite offers that permission with the feature only (netsuite.md 8).
        "advanced_employee_permissions": bool(tab.rows),
    }
    return {name: True for name, is_on in shown.items() if is_on}


def _counts(live: LiveState) -> Mapping[str, int]:
    return {
        "roles": len(live.roles),
        "integration_records": len(live.integrations),
        "tokens": len(live.tokens),
        "live_tokens": _number(token.live for token in live.tokens),
        "administrators": _number(grant.role_id == ADMINISTRATOR for grant in live.grants),
    }


def _number(found: Iterable[bool]) -> int:
    return sum(1 for one in found if one)
