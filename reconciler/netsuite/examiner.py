"""Looking at an account with each login of an environment, and writing down what was seen; nothing is written there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.directory import Directory
from reconciler.core.errors import NetSuiteError, ReconcilerError
from reconciler.core.examination import (
    Examination,
    HeldPermission,
    Limits,
    LoginLook,
    TrailLook,
)
from reconciler.core.identity import declared_identity
from reconciler.core.live import ADMINISTRATOR, Gapped, Identity, LiveState, Scope
from reconciler.core.login_failure import Circumstances, failure
from reconciler.netsuite import probes, queries, rows
from reconciler.netsuite.audit_clock import calibrate
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.data_centers import Addresses
from reconciler.netsuite.doubt_probes import Ground, seen
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.own_view import restrictions
from reconciler.netsuite.reading import Source, read_source
from reconciler.netsuite.suiteql import read_all

TOKEN_INFO = "/rest/tokeninfo"


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the account: a client that cannot write, or why there is none. `method` is how it logs in.

    `at_restlets` is the same login at the other host, where it is one with a token.
    """

    key: str
    method: str
    client: ReadClient | None = None
    error: ReconcilerError | None = None
    at_restlets: ReadClient | None = None


@dataclass(frozen=True, slots=True)
class _Tried:
    """A door after the first request through it: the server's time, or why it stayed shut."""

    door: Door
    error: ReconcilerError | None
    answered: datetime | None = None

    @property
    def client(self) -> ReadClient | None:
        return self.door.client if self.error is None else None


def examine(desired: DesiredState, login: Door, apply_login: Door | None, addresses: Addresses) -> Examination:
    """Everything that can be seen of an account without writing.

    Args:
        desired: the environment: its account, and who its logins are declared to be.
        login: the way in for reading.
        apply_login: that for writing; here it only reads.
        addresses: what NetSuite says of the account to anybody.
    """
    reading, writing = _tried(login), _tried(apply_login) if apply_login else None
    found = Examination(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        server_time=reading.answered or (writing.answered if writing else None),
        clock_ahead=_ahead(addresses, reading, writing),
        account_known=addresses.known,
        login=_shut(reading, writing, desired, addresses),
        apply_login=_shut(writing, reading, desired, addresses) if writing else None,
    )
    if reading.client is None or reading.answered is None:
        return found
    reader = NetSuiteReader(reading.client)
    live = reader.read(_scope(desired))
    found = replace(found, login=_who(found.login, desired.reader, reading.client, live, live.reader))
    found = replace(found, login=replace(found.login, certificate_ends=live.certificate_ends))
    if writing and writing.client and found.apply_login:
        who = writing.client.identity or _identity(reader, writing.client)
        apply_look = _who(found.apply_login, desired.writer, reading.client, live, who)
        found = replace(found, apply_login=replace(apply_look, certificate_ends=writing.client.certificate_ends()))
    return _looked_around(found, reading, writing, live)


def _tried(door: Door) -> _Tried:
    if door.client is None:
        return _Tried(door, door.error or ReconcilerError("There is no such login."))
    try:
        return _Tried(door, None, door.client.ping())
    except NetSuiteError as error:
        return _Tried(door, error)


def _ahead(addresses: Addresses, *tried: _Tried | None) -> timedelta | None:
    clients = (one.door.client for one in tried if one is not None)
    known = (client.clock_ahead for client in clients if client is not None and client.clock_ahead is not None)
    return next(known, addresses.ahead)


def _shut(tried: _Tried, other: _Tried | None, desired: DesiredState, addresses: Addresses) -> LoginLook:
    """The login, with the cause where it does not work; where another one works, that one looks the cause up."""
    look = LoginLook(tried.door.key, tried.door.method)
    if tried.error is None:
        return look
    details: tuple[str, ...] = ()
    agent = tried.door.client.user_agent if tried.door.client else ""
    if agent and other is not None and other.client is not None:
        details = probes.refusal_details(other.client, agent)
    around = Circumstances(
        desired.account,
        _ahead(addresses, tried),
        addresses.known,
        details[0] if len(details) == 1 else None,
        agent,
    )
    return replace(look, failure=failure(tried.error, around))


def _scope(desired: DesiredState) -> Scope:
    people = {one.employee for one in (desired.reader, desired.writer) if one is not None}
    return Scope((), tuple(sorted(people)), ())


def _identity(reader: NetSuiteReader, client: ReadClient) -> Identity | None:
    try:
        return reader.identity_of(client.user_agent)
    except NetSuiteError:
        return None


def _who(
    look: LoginLook, acts_as: ActsAs | None, client: ReadClient, live: LiveState, seen_as: Identity | None
) -> LoginLook:
    """The login with its person, its role and what that role may do, as far as the account shows them."""
    declared = declared_identity(acts_as, Directory(live))
    counts = seen_as or declared
    if counts is None:
        return replace(look, declared=declared)
    held, limits = _role(client, counts.role_id)
    return replace(
        look,
        declared=declared,
        identity=seen_as,
        person=live.person(counts.employee_id),
        role=live.role_name(counts.role_id),
        role_id=counts.role_id,
        permissions=held,
        limits=limits,
    )


def _role(client: ReadClient, role_id: str) -> tuple[tuple[HeldPermission, ...] | None, tuple[str, ...]]:
    """What a role may do and what limits it; nothing limits an Administrator, and no list says what they may do."""
    if role_id == ADMINISTRATOR:
        return None, ()
    source = Source(Gapped.PERMISSIONS, tuple(queries.permissions(role_id)), rows.permission)
    read = read_source(client, source)
    held = tuple(HeldPermission(one.key, one.name, int(one.level)) for one in read.facts if one.level.isdigit())
    own = read_source(client, Source(Gapped.PERMISSIONS, tuple(queries.own_role(role_id)), rows.own_role))
    told = tuple(limit for row in own.facts for limit in restrictions(row))
    return (None if read.gaps or not held else held), told


def _looked_around(found: Examination, reading: _Tried, writing: _Tried | None, live: LiveState) -> Examination:
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
    return probes.quarter(told.replace(tzinfo=UTC) - now) if told else None


_PACIFIC = {timedelta(hours=-8), timedelta(hours=-7)}


def _zone(offset: timedelta) -> str:
    """In which zone SYSDATE seems to be when it is not in that of the trail."""
    if not offset:
        return "utc"
    return "pacific" if offset in _PACIFIC else "account"


def _features(found: Examination, client: ReadClient, writing: _Tried | None) -> Mapping[str, bool]:
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
