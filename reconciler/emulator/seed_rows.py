"""Writing a seed into a new database."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from reconciler.emulator import seed
from reconciler.emulator.accounts import LEVELS, World
from reconciler.emulator.certificates import TWO_YEARS
from reconciler.emulator.connector import record_order
from reconciler.emulator.employee_fields import FIELDS, Kind
from reconciler.emulator.people import find_employee, find_integration, find_role
from reconciler.emulator.tokens import next_id

Content = Mapping[str, Any]
LONG_AGO: Final = "-400d"
FIRST_GENERATED: Final = 100_001
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


class _Loading:
    def __init__(self, world: World, account_id: str, account: Content) -> None:
        self._world = world
        self._database = world.database
        self._id = account_id
        self._account = account
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
        self._generated(self._account.get("generate", {}).get("employees", 0))

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
        key = token.get("id") or next_id(self._world, self._id)
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
        token = self._database.row(
            "SELECT t.*, e.email FROM tokens t JOIN employees e ON e.account = t.account AND e.id = t.employee"
            " WHERE t.account = ? AND t.name = ? ORDER BY t.revoked, t.inactive",
            self._id,
            entry.get("token", ""),
        )
        for at in seed.times(entry, self._now):
            self._database.insert(
                "login_audit",
                account=self._id,
                at=at,
                status=entry.get("status", "Success"),
                application=entry["application"],
                token=entry.get("token", ""),
                employee=token["employee"] if token else None,
                role=token["role"] if token else None,
                email=token["email"] if token else "",
                address=entry.get("address", "127.0.0.1"),
                request_uri=entry.get("request_uri", "/services/rest/record/v1/salesOrder"),
                detail=entry.get("detail", ""),
                user_agent=entry.get("user_agent", "NetSuite-Connector"),
            )

    def _orders(self) -> None:
        dated = [(at, order) for order in self._account.get("orders", ()) for at in seed.times(order, self._now)]
        for at, order in sorted(dated, key=lambda pair: pair[0]):
            author = find_employee(self._world, self._id, order["by"])["id"]
            role = find_role(self._world, self._id, order["role"])["id"]
            record_order(self._world, self._id, (author, role), at)

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

    def _generated(self, number: int) -> None:
        first = max(
            self._database.number("SELECT MAX(id) FROM employees WHERE account = ?", self._id) + 1, FIRST_GENERATED
        )
        created = self._time(LONG_AGO)
        for index in range(1, number + 1):
            self._database.insert(
                "employees",
                account=self._id,
                id=first + index - 1,
                entityid=f"Employee {index:06}",
                firstname="Employee",
                lastname=f"{index:06}",
                email=f"employee.{index:06}@example.com",
                external_id=f"generated-{index:06}",
                active=1,
                access=0,
                created=created,
                modified=created,
            )
