"""The tables SuiteQL can see: the permission each needs, and the rows a caller may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.emulator.accounts import MANAGE_TOKENS, OWN_TOKENS, Caller, World
from reconciler.emulator.query.columns import (
    AUDIT,
    EMPLOYEE,
    EMPLOYEE_MORE,
    ENTITY,
    INTEGRATION,
    INTEGRATION_NAME,
    NOTE,
    PERMISSION,
    ROLE,
    TRANSACTION,
    Column,
    flag,
    internal_id,
    moment,
    person,
    role,
    text,
)
from reconciler.emulator.query.values import Kind
from reconciler.emulator.query.zones import Clock

GRANT_ROWS: Final = "grants x WHERE x.account = :account"
NO_ADMINISTRATOR: Final = (
    " AND NOT EXISTS (SELECT 1 FROM grants h WHERE h.account = x.account AND h.employee = x.{column} AND h.role = 3)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` is the FROM and WHERE that limits a caller's view; :account, :caller, :until are bound by the query."""

    columns: Mapping[str, Column]
    rows: str
    needs: tuple[str, ...] = ()
    filters_by_display: bool = True


def _token_columns(world: World) -> dict[str, Column]:
    revoked_counts = " OR x.revoked" if world.switches.value("revoked-inactive") == "T" else ""
    return {
        "id": internal_id(),
        "tba_token_name": text("x.name"),
        "tba_app_name": Column(Kind.NUMBER, "x.integration", INTEGRATION_NAME),
        "entity_name": person("x.employee"),
        "role_name": role("x.role"),
        "dcreated": moment("x.created", Clock.TOKEN),
        "createdby": person("x.created_by"),
        "binactive": flag(f"(x.inactive{revoked_counts})"),
        "brevoked": flag("x.revoked"),
    }


def _without_administrators(world: World, caller: Caller, employee_column: str) -> str:
    if caller.is_administrator or world.switches.value("admin-rows-visible") == "yes":
        return ""
    return NO_ADMINISTRATOR.format(column=employee_column)


def visible(world: World, caller: Caller) -> dict[str, Table]:
    """The tables of this caller; one that needs a permission the role lacks is missing, exactly as in NetSuite."""
    tables = {**_people(world, caller), **_assignments(world, caller), **_integrations(world), **_trails(caller)}
    if not caller.account.has("token_based_authentication"):
        tables.pop("oauthtoken")
        tables.pop("useroauthtoken", None)
    return {name: table for name, table in tables.items() if all(caller.may(key) for key in table.needs)}


def _people(world: World, caller: Caller) -> dict[str, Table]:
    columns = dict(EMPLOYEE)
    if world.switches.value("employee-more-columns") == "present":
        columns |= EMPLOYEE_MORE
    if world.switches.value("employee-externalid-column") == "present":
        columns["externalid"] = text("x.external_id")
    rows = "employees x WHERE x.account = :account" + _without_administrators(world, caller, "id")
    return {
        "employee": Table(columns, rows, ("LIST_EMPLOYEE_RECORD",)),
        "entity": Table(ENTITY, "employees x WHERE x.account = :account", ("LIST_FIND",)),
        "role": Table(ROLE, "roles x WHERE x.account = :account", ("ADMI_MANAGEROLES",)),
        "rolepermissions": Table(PERMISSION, "permissions x WHERE x.account = :account", ("ADMI_MANAGEROLES",)),
    }


def _assignments(world: World, caller: Caller) -> dict[str, Table]:
    """One row per role of an employee, under one name or the other."""
    wanted = world.switches.value("role-assignment-table")
    rows = GRANT_ROWS + _without_administrators(world, caller, "employee")
    needs = _opened_by(world.switches.value("role-assignment-permission"), "LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES")
    tables = {}
    for name, who in (("employeerolesforsearch", "entity"), ("employeeroles", "employee")):
        if wanted in {name, "both"}:
            columns = {
                who: person("x.employee", is_required=True),
                "role": role("x.role", is_required=True),
            }
            tables[name] = Table(columns, rows, needs)
    return tables


def _opened_by(chosen: str, *candidates: str) -> tuple[str, ...]:
    """The permissions a table needs, where nothing says which of the candidates it is."""
    return {"all": candidates, "none": ()}.get(chosen, (chosen,))


def _integrations(world: World) -> dict[str, Table]:
    tables = {
        "oauthtoken": Table(
            _token_columns(world),
            "tokens x WHERE x.account = :account",
            (MANAGE_TOKENS,),
            filters_by_display=world.switches.value("suiteql-display-filter") == "works",
        )
    }
    if world.switches.value("own-token-table") == "present":
        own = "tokens x WHERE x.account = :account AND x.employee = :caller"
        tables["useroauthtoken"] = Table(
            _token_columns(world), own, (OWN_TOKENS,), tables["oauthtoken"].filters_by_display
        )
    name = world.switches.value("integration-table")
    created = {"integrationapp": "createddate", "integration": "datecreated"}.get(name)
    if created is not None:
        columns = {**INTEGRATION, created: moment("x.created")}
        needs = _opened_by(world.switches.value("integration-permission"), "LIST_INTEGRAPP", "ADMI_INTEGRAPP")
        tables[name] = Table(columns, "integrations x WHERE x.account = :account", needs)
    return tables


def _trails(caller: Caller) -> dict[str, Table]:
    notes = "system_notes x WHERE x.account = :account"
    if not caller.may("LIST_SYSTEMNOTES"):
        notes += " AND x.name = :caller"
    transactions = "transactions x WHERE x.account = :account"
    if not caller.may("TRAN_SALESORD"):
        transactions += " AND x.type <> 'SalesOrd'"
    return {
        "loginaudit": Table(AUDIT, "login_audit x WHERE x.account = :account AND x.at <= :until", ("ADMI_AUDITLOGIN",)),
        "systemnote": Table(NOTE, notes),
        "transaction": Table(TRANSACTION, transactions, ("TRAN_FIND",)),
    }
