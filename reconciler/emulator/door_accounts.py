"""The back door to an account: its people, its lists, and the orders that come in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from reconciler.emulator import connector, fields, listings, people, people_records, tokens
from reconciler.emulator.fields import Body
from reconciler.emulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from reconciler.emulator.backdoor import BackDoor

Handler = Callable[["BackDoor", Request, Body, tuple[str, ...]], Answer]
ACCOUNT: Final = "accounts/([^/]+)"
MOST_ORDERS: Final = 1000


def create_employee(door: "BackDoor", _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
    fields.known(body, "as", *people_records.DETAILS)
    (account,) = words
    key = people_records.create_employee(door.world, account, door.actor(account, body), _details(body))
    row = people.find_employee(door.world, account, str(key))
    return json_answer(201, people.describe(door.world, account, row))


def change_employee(door: "BackDoor", _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
    fields.known(body, "as", "active", "access", *people_records.DETAILS)
    account, key = words
    row = people.find_employee(door.world, account, key)
    by = door.actor(account, body)
    details = _details(body)
    if details:
        people_records.change_details(door.world, account, by, row, details)
        row = people.find_employee(door.world, account, str(row["id"]))
    active, access = fields.flag(body, "active"), fields.flag(body, "access")
    people.change_employee(door.world, account, by, row, active=active, access=access)
    return json_answer(200, people.describe(door.world, account, row))


def _details(body: Body) -> dict[str, str | None]:
    return {name: fields.text(body, name).strip() or None for name in people_records.DETAILS if name in body}


def set_preferences(door: "BackDoor", _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
    fields.known(body, "as", "time_zone")
    account, key = words
    row = people.find_employee(door.world, account, key)
    zone = fields.text(body, "time_zone")
    by = door.actor(account, body)
    people_records.set_time_zone(door.world, account, by, row, fields.time_zone(zone) if zone else None)
    return json_answer(200, people.describe(door.world, account, row))


def enter_orders(door: "BackDoor", _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
    fields.known(body, "as", "count")
    (account,) = words
    count = fields.number(body, "count", 1, MOST_ORDERS, 1)
    return json_answer(201, people_records.enter_orders(door.world, account, door.actor(account, body), count))


def post_orders(door: "BackDoor", _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
    """One order, or with a count a list with the answer to each."""
    fields.known(body, "count")
    account, application = words
    if "count" not in body:
        return json_answer(*connector.post_order(door.world, account, application))
    count = fields.number(body, "count", 1, MOST_ORDERS, 1)
    return json_answer(200, [connector.post_order(door.world, account, application)[1] for _ in range(count)])


def list_tokens(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    wanted = fields.query(request, "application", "user")
    return json_answer(200, tokens.listing(door.world, words[0], **wanted))


def list_employees(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    wanted = fields.query(request, "limit", "after")
    page = listings.page(wanted)
    return json_answer(200, listings.employees(door.world, words[0], fields.query_number(wanted, "after"), page))


def list_audit(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    wanted = fields.query(request, "limit", "application", "user", "status")
    page = listings.page(wanted)
    chosen = (wanted.get("application", ""), wanted.get("user", ""), wanted.get("status", ""))
    return json_answer(200, listings.login_audit(door.world, words[0], chosen, page))


def list_orders(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    wanted = fields.query(request, "limit")
    return json_answer(200, listings.orders(door.world, words[0], listings.page(wanted)))


def list_integrations(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    fields.query(request)
    return json_answer(200, listings.integrations(door.world, words[0]))


def list_connectors(door: "BackDoor", request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
    fields.query(request)
    return json_answer(200, listings.connectors(door.world, words[0]))


ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", f"{ACCOUNT}/employees", list_employees),
    ("POST", f"{ACCOUNT}/employees", create_employee),
    ("POST", f"{ACCOUNT}/employees/([^/]+)", change_employee),
    ("POST", f"{ACCOUNT}/employees/([^/]+)/preferences", set_preferences),
    ("GET", f"{ACCOUNT}/tokens", list_tokens),
    ("GET", f"{ACCOUNT}/login_audit", list_audit),
    ("GET", f"{ACCOUNT}/orders", list_orders),
    ("POST", f"{ACCOUNT}/orders", enter_orders),
    ("GET", f"{ACCOUNT}/integrations", list_integrations),
    ("GET", f"{ACCOUNT}/connectors", list_connectors),
    ("POST", f"{ACCOUNT}/connectors/([^/]+)/orders", post_orders),
)
