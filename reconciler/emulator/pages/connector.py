"""NetSuite Connector, another product with a look of its own: its credential form, and the orders it posts."""

from http import HTTPStatus
from typing import Final

from reconciler.emulator import connector
from reconciler.emulator.connector import Credentials
from reconciler.emulator.pages.orders import ORDER
from reconciler.emulator.pages.visit import Guest, Moved, Shown
from reconciler.emulator.wire import ActError

CREDENTIALS: Final = "/connector/netsuite/settings/credentials"
ORDERS: Final = "/connector/orders"
MOST_ORDERS: Final = 20
# A day and an hour: longer than the quiet period that plans ask for unless their file says otherwise.
A_DAY: Final = 25 * 3600
FIELDS: Final = (
    ("account_id", "NetSuite Account ID"),
    ("token_id", "NetSuite Token ID"),
    ("token_secret", "NetSuite Token Secret"),
)


def enter(guest: Guest) -> Moved:
    return Moved(guest.link(CREDENTIALS))


def show(guest: Guest) -> Shown:
    application = connector.application_of(guest.world, guest.account.id)
    tested = guest.query.text("tested")
    message = {"T": connector.WORKED, "F": connector.FAILED}.get(tested, "")
    values = {
        "application": application,
        "is_saved": application is not None and connector.has_credentials(guest.world, guest.account.id, application),
        "message": message,
        "tested": tested == "T",
        "kept": guest.query.text("kept") == "T",
        "fields": FIELDS,
    }
    return Shown("connector_credentials.html", values)


def save(guest: Guest) -> Moved:
    if missing := [label for name, label in FIELDS if not guest.form.text(name)]:
        raise ActError(400, f"Please fill in: {', '.join(missing)}.")
    wanted = Credentials(guest.form.text("token_id"), guest.form.text("token_secret"), guest.form.text("account_id"))
    done = connector.save_and_test(guest.world, guest.account.id, _application(guest), wanted)
    kept = None if done["saved"] else "T"
    return Moved(guest.link(CREDENTIALS, tested="T" if done["tested"] else "F", kept=kept))


def _application(guest: Guest) -> str:
    application = connector.application_of(guest.world, guest.account.id)
    if application is None:
        raise ActError(404, "This account has no integration record of NetSuite Connector.")
    return application


def show_orders(guest: Guest) -> Shown:
    rows = guest.rows(f"{ORDER} ORDER BY t.id DESC LIMIT {MOST_ORDERS}")
    posted, has_waited = guest.query.text("posted"), guest.query.text("waited") == "T"
    application = connector.application_of(guest.world, guest.account.id)
    values = {"rows": rows, "posted": posted, "has_waited": has_waited, "application": application}
    return Shown("connector_orders.html", values)


def post_order(guest: Guest) -> Moved:
    status, content = connector.post_order(guest.world, guest.account.id, _application(guest))
    order = content.get("order")
    has_posted = status == HTTPStatus.CREATED and isinstance(order, dict)
    return Moved(guest.link(ORDERS, posted=order["tranid"] if has_posted and isinstance(order, dict) else "F"))


def go_to_orders(guest: Guest) -> Moved:
    return Moved(guest.link(ORDERS))


def let_time_pass(guest: Guest) -> Moved:
    """The clock of all accounts of this server, for it has one."""
    clock = guest.world.clock
    try:
        clock.move_to(clock.now() + A_DAY)
    except ValueError as error:
        raise ActError(400, str(error)) from error
    return Moved(guest.link(ORDERS, waited="T"))
