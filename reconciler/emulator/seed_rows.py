"""Writing a seed into a new database."""

import heapq
import json
import secrets
from collections.abc import Iterator, Mapping
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

from reconciler.emulator import connector, seed, seed_generated, system_notes
from reconciler.emulator.accounts import LEVELS, World, next_token_id
from reconciler.emulator.certificates import TWO_YEARS
from reconciler.emulator.connector import next_order
from reconciler.emulator.employee_fields import FIELDS, Kind
from reconciler.emulator.people import find_employee, find_integration, find_role

Content = Mapping[str, Any]
LONG_AGO: Final = "-400d"
# What an employee belongs to, and the list of the seed that says what there is.
LISTS: Final[Mapping[str, str]] = {"department": "departments", "class": "classes", "location": "locations"}
# Fields of an employee whose value in the seed is that in the database.
EMPLOYEE_FIELDS: Final = frozenset(
    field.column for field in FIELDS if field.kind in {Kind.TEXT, Kind.DATE, Kind.NUMBER, Kind.FLAG, Kind.ENUM}
) - {"entityid", "firstname", "lastname", "email", "title", "external_id", "access", "active"}
SUPERIORS: Final[Mapping[str, str]] = {
    "supervisor": "UPDATE employees SET supervisor = ? WHERE account = ? AND id = ?",
    "approver": "UPDATE employees SET approver = ? WHERE account = ? AND id = ?",
}


def load(world: World, content: Content) -> None:
    """Create the tables and fill them, all or nothing."""
    with world.database.transaction():
        world.database.create()
        for account_id, account in content["accounts"].items():
            _Loading(world, account_id, account).run()
        if "generate" in content:
            seed_generated.copies(world, content)
    # What one large transaction has left in the write-ahead log would otherwise be read through by every query.
    world.database.run("PRAGMA wal_checkpoint(TRUNCATE)")


class _Loading:
    def __init__(self, world: World, account_id: str, account: Content) -> None:
        self._world = world
        self._database = world.database
        self._id = account_id
        self._account = account
        self._made_up: Content = account.get("generate", {})
        self._now = world.clock.now()

    def run(self) -> None:
        self._database.insert(
            "accounts",
            id=self._id,
            name=self._account["name"],
            time_zone=self._account.get("time_zone", "America/Los_Angeles"),
            features=json.dumps(self._account.get("features", {})),
        )
        for kind, name in LISTS.items():
            for entry in self._account.get(name, ()):
                self._database.insert("classifications", account=self._id, kind=kind, **entry)
        for kind, write in (
            ("roles", self._role),
            ("employees", self._employee),
            ("integrations", self._integration),
            ("certificates", self._certificate),
            ("tokens", self._token),
            ("logins", self._login),
            ("login_audit", self._audit),
            ("connectors", self._connector),
        ):
            for entry in self._account.get(kind, ()):
                write(entry)
        self._superiors()
        self._orders()
        self._generated()

    def _time(self, text: str) -> int:
        return seed.seconds(text, self._now)

    def _role(self, role: Content) -> None:
        self._database.insert(
            "roles",
            account=self._id,
            id=role["id"],
            name=role["name"],
            scriptid=role.get("scriptid", ""),
            inactive=int(role.get("inactive", False)),
            center_type=role.get("center_type", "BASIC"),
            web_services_only=int(role.get("web_services_only", False)),
            cross_subsidiary=int(role.get("cross_subsidiary_viewing", False)),
            subsidiary_option=role.get("subsidiary_option", "ALL"),
        )
        for key, level in role.get("permissions", {}).items():
            self._database.insert("permissions", account=self._id, role=role["id"], key=key, level=LEVELS[level])

    def _employee(self, person: Content) -> None:
        created = self._time(person.get("created", LONG_AGO))
        self._database.insert(
            "employees",
            account=self._id,
            id=person["id"],
            entityid=person["entityid"],
            firstname=person.get("firstname"),
            lastname=person.get("lastname"),
            email=person.get("email"),
            title=person.get("title"),
            external_id=person.get("external_id"),
            active=int(person.get("active", True)),
            access=int(person.get("access", False)),
            time_zone=person.get("time_zone"),
            created=created,
            modified=created,
            **{name: person[name] for name in EMPLOYEE_FIELDS & person.keys()},
            **{kind: self._classification(kind, person[kind]) for kind in LISTS.keys() & person.keys()},
        )
        for name in person.get("roles", ()):
            role = find_role(self._world, self._id, name)["id"]
            self._database.insert("grants", account=self._id, employee=person["id"], role=role)

    def _classification(self, kind: str, name: str) -> int:
        return self._database.number(
            "SELECT id FROM classifications WHERE account = ? AND kind = ? AND name = ?", self._id, kind, name
        )

    def _superiors(self) -> None:
        """Only now that everybody is there."""
        for person in self._account.get("employees", ()):
            for column, statement in SUPERIORS.items():
                if column in person:
                    boss = find_employee(self._world, self._id, person[column])["id"]
                    self._database.run(statement, boss, self._id, person["id"])

    def _integration(self, integration: Content) -> None:
        consumer_key = integration.get("consumer_key") or secrets.token_hex(32)
        self._database.insert(
            "integrations",
            account=self._id,
            id=integration["id"],
            name=integration["name"],
            state=integration.get("state", "Enabled"),
            consumer_key=consumer_key,
            consumer_secret=integration.get("consumer_secret") or secrets.token_hex(32),
            created=self._time(integration.get("created", LONG_AGO)),
            # NetSuite's page has one field for both: Consumer Key / Client ID.
            client_id=integration.get("client_id") or consumer_key,
            client_credentials=int(integration.get("client_credentials", False)),
            callback_url=integration.get("callback_url", ""),
            authorization_flow=int(integration.get("authorization_flow", False)),
            installed=int(integration.get("installed", False)),
            concurrency=integration.get("concurrency", 0),
        )

    def _certificate(self, entry: Content) -> None:
        from reconciler.emulator import x509  # noqa: PLC0415 - OpenSSL takes a moment to load; the story needs none

        certificate = x509.read(entry["certificate"])
        created = self._time(entry.get("valid_from", "now"))
        longest = created + TWO_YEARS
        self._database.insert(
            "certificates",
            account=self._id,
            id=entry.get("certificate_id") or secrets.token_urlsafe(32),
            integration=find_integration(self._world, self._id, entry["application"])["id"],
            employee=find_employee(self._world, self._id, entry["employee"])["id"],
            role=find_role(self._world, self._id, entry["role"])["id"],
            pem=certificate.pem,
            algorithm=certificate.algorithm,
            created=created,
            valid_from=created if "valid_from" in entry else certificate.valid_from,
            valid_until=self._time(entry["valid_until"])
            if "valid_until" in entry
            else min(certificate.valid_until, longest),
            revoked=int(entry.get("revoked", False)),
        )

    def _token(self, token: Content) -> int:
        user = find_employee(self._world, self._id, token["user"])
        creator = find_employee(self._world, self._id, token.get("created_by", token["user"]))
        key = token.get("id") or next_token_id(self._world, self._id)
        self._database.insert(
            "tokens",
            account=self._id,
            id=key,
            name=seed.token_name(self._account, token),
            integration=find_integration(self._world, self._id, token["application"])["id"],
            employee=user["id"],
            role=find_role(self._world, self._id, token["role"])["id"],
            created=self._time(token.get("created", LONG_AGO)),
            created_by=creator["id"],
            inactive=int(token.get("inactive", False)),
            revoked=int(token.get("revoked", False)),
            token_id=token.get("token_id") or secrets.token_hex(32),
            token_secret=token.get("token_secret") or secrets.token_hex(32),
        )
        return int(key)

    def _login(self, login: Content) -> None:
        """A login uses the seed's token for it, or gets one of its own."""
        employee = find_employee(self._world, self._id, login["employee"])["id"]
        role = find_role(self._world, self._id, login["role"])["id"]
        integration = find_integration(self._world, self._id, login["application"])["id"]
        found = self._database.row(
            "SELECT id FROM tokens WHERE account = ? AND integration = ? AND employee = ? AND role = ?",
            self._id,
            integration,
            employee,
            role,
        )
        wanted = {"application": login["application"], "user": login["employee"], "role": login["role"]}
        self._database.insert(
            "logins",
            account=self._id,
            employee=employee,
            role=role,
            integration=integration,
            token=found["id"] if found else self._token(wanted),
            is_default=int(login.get("default", False)),
        )

    def _audit(self, entry: Content) -> None:
        seed_generated.audit_rows(self._world, self._id, entry, seed.times(entry, self._now))

    def _orders(self) -> None:
        """All orders, those that are made up among the others, numbered in the order of their times."""
        first, context = next_order(self._world, self._id), self._world.switches.value("web-services-context")

        def numbered() -> Iterator[tuple[int, tuple[int, int], int]]:
            return ((key, author, at) for key, (at, author) in enumerate(self._dated_orders(), first))

        rows = (connector.order_row(self._id, *order) for order in numbered())
        self._database.insert_all("transactions", connector.ORDER_COLUMNS, rows)
        notes = (connector.order_note(self._id, *order, context) for order in numbered())
        self._database.insert_all("system_notes", system_notes.COLUMNS, notes)

    def _dated_orders(self) -> Iterator[tuple[int, tuple[int, int]]]:
        made_up = self._made_up.get("orders", ())
        entries = [(entry, seed.times(entry, self._now)) for entry in self._account.get("orders", ())]
        streams = [
            zip(times, repeat(self._author(entry)), strict=False)
            for entry, times in (*entries, *((each, self._spread(each)) for each in made_up))
        ]
        return heapq.merge(*streams, key=itemgetter(0))

    def _author(self, order: Content) -> tuple[int, int]:
        author = find_employee(self._world, self._id, order["by"])["id"]
        return author, find_role(self._world, self._id, order["role"])["id"]

    def _spread(self, entry: Content) -> Iterator[int]:
        return seed_generated.evenly(entry["rows"], entry["days"], self._now)

    def _connector(self, entry: Content) -> None:
        integration = find_integration(self._world, self._id, entry["application"])["id"]
        token = self._database.rows(
            "SELECT * FROM tokens WHERE account = ? AND integration = ? AND name = ?",
            self._id,
            integration,
            entry["token"],
        )[0]
        self._database.insert(
            "connectors",
            account=self._id,
            application=entry["application"],
            token_id=token["token_id"],
            token_secret=token["token_secret"],
        )

    def _generated(self) -> None:
        if "employees" in self._made_up:
            roles = [find_role(self._world, self._id, name)["id"] for name in self._made_up.get("roles", ())]
            seed_generated.employees(self._world, self._id, self._made_up, roles, self._time(LONG_AGO))
        for entry in self._made_up.get("login_audit", ()):
            seed_generated.audit_rows(self._world, self._id, entry, self._spread(entry))
