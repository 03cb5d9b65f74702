"""Looking at an account with each login of an environment, and writing down what was seen; nothing is written there."""

from dataclasses import replace
from datetime import timedelta

from reconciler.core.desired import ActsAs, DesiredState
from reconciler.core.directory import Directory
from reconciler.core.errors import NetSuiteError
from reconciler.core.examination import Examination, HeldPermission, LoginLook
from reconciler.core.identity import declared_identity
from reconciler.core.live import ADMINISTRATOR, Gapped, Identity, LiveState, Scope
from reconciler.core.login_failure import Circumstances, failure
from reconciler.netsuite import probes, queries, rows
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.data_centers import Addresses
from reconciler.netsuite.doors import Door, Tried, tried
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.own_view import restrictions
from reconciler.netsuite.reading import Source, read_source
from reconciler.netsuite.surroundings import looked_around


def examine(desired: DesiredState, login: Door, apply_login: Door | None, addresses: Addresses) -> Examination:
    """Everything that can be seen of an account without writing.

    Args:
        desired: the environment: its account, and who its logins are declared to be.
        login: the way in for reading.
        apply_login: that for writing; here it only reads.
        addresses: what NetSuite says of the account to anybody.
    """
    reading, writing = tried(login), tried(apply_login) if apply_login else None
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
    return looked_around(found, reading, writing, live)


def _ahead(addresses: Addresses, *doors: Tried | None) -> timedelta | None:
    clients = (one.door.client for one in doors if one is not None)
    known = (client.clock_ahead for client in clients if client is not None and client.clock_ahead is not None)
    return next(known, addresses.ahead)


def _shut(tried: Tried, other: Tried | None, desired: DesiredState, addresses: Addresses) -> LoginLook:
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
        person=_person(client, live, counts.employee_id),
        role=live.role_name(counts.role_id),
        role_id=counts.role_id,
        permissions=held,
        limits=limits,
    )


def _person(client: ReadClient, live: LiveState, employee_id: str) -> str:
    """How to name a login's person; nothing else may have led to them, such as a token of theirs."""
    if employee_id in live.employees_by_id:
        return live.person(employee_id)
    row = probes.ask(client, "SELECT email, entityid FROM employee WHERE id = ? ORDER BY id ASC", (employee_id,)).first
    return row.get("email") or row.get("entityid") or live.person(employee_id)


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
