"""From a request to a page: who is asking, in which role, may they, and what is shown."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from reconciler.emulator import accounts, loopback
from reconciler.emulator.accounts import VIEW, Account, World
from reconciler.emulator.pages import account_list, login
from reconciler.emulator.pages.menu import menu
from reconciler.emulator.pages.once import Once
from reconciler.emulator.pages.rendering import FOLDER, html, moment
from reconciler.emulator.pages.routes import GUESTS, PAGES, Page
from reconciler.emulator.pages.visit import (
    HOME,
    LOGIN,
    SHOWN,
    Fields,
    Guest,
    Moved,
    Reply,
    Shown,
    ViolationError,
    Visit,
)
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import ActError, Answer, Request

STYLE: Final = "/pages/style.css"
FORM: Final = "application/x-www-form-urlencoded"
LARGEST_FORM: Final = 256 * 1024
SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no referrer at all a browser would not tell the origin of a form either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Whoever acts may change with the next request, and a page with a secret must not come back.
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Pages:
    """The web pages of all accounts."""

    world: World
    once: Once = field(default_factory=Once)
    # Nobody has a password here, so one for all forms does: what matters is that no other site knows it.
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def answer(self, request: Request) -> Answer:
        """Any outcome is a page; HEAD gets the headers of GET."""
        try:
            loopback.check(request, "The emulator's pages answer")
            if request.path == STYLE:
                return Answer(200, self._style, "text/css; charset=utf-8", {**SECURITY, "Cache-Control": "no-cache"})
            return self._answered(request)
        except ActError as error:
            return self._page(Shown("problem.html", {"text": str(error), "back": None}, error.status), None)

    @cached_property
    def _style(self) -> bytes:
        return (FOLDER / "style.css").read_bytes()

    def _answered(self, request: Request) -> Answer:
        account_id, _, rest = request.path[1:].partition("/")
        if not account_id:
            return self._page(account_list.show(self.world, Fields(query_parameters(request.query))), None)
        account = accounts.account(self.world, unquote(account_id))
        if account is None:
            raise ActError(404, f"There is no page {request.path!r} here.")
        form = self._form(request)
        guest = Guest(self.world, account, request, Fields(query_parameters(request.query)), form, self.once)
        return self._in_account(guest, unquote(f"/{rest}"))

    def _form(self, request: Request) -> Fields:
        if request.method in {"GET", "HEAD"}:
            return Fields([])
        if request.method != "POST":
            raise ActError(405, f"These pages take GET and POST, not {request.method}.")
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
            raise ActError(415, f"A form must come as {FORM}.")
        if len(request.body) > LARGEST_FORM:
            raise ActError(413, f"A form may have {LARGEST_FORM} bytes.")
        form = Fields(query_parameters(request.body.decode("latin-1")))
        if not secrets.compare_digest(form.text("form_token").encode(), self.form_token.encode()):
            raise ActError(403, "This form is not of this server, or from before it was started. Load the page again.")
        return form

    def _in_account(self, guest: Guest, path: str) -> Answer:
        if path == "/":
            return _moved(Moved(guest.link(HOME)))
        visit: Guest | None = guest
        try:
            with self.world.database.transaction():
                visit = self._visit(guest, path)
                if visit is None:
                    return _moved(Moved(guest.link(LOGIN, next=_target(guest))))
                reply = self._reply(visit, path)
        except ViolationError as error:
            reply = _violation(str(error), _back(visit or guest))
        except ActError as error:
            reply = self._refused(visit or guest, path, error)
        return _moved(reply) if isinstance(reply, Moved) else self._page(reply, visit)

    def _visit(self, guest: Guest, path: str) -> Guest | None:
        return guest if path in GUESTS else login.visit(guest)

    def _reply(self, visit: Guest, path: str) -> Reply:
        page = _page_at(path)
        if page is None:
            raise ActError(404, "There is no such page. The menu shows what there is.")
        if isinstance(visit, Visit) and page.needs and not any(visit.by.may(key, VIEW) for key in page.needs):
            raise ViolationError(accounts.PERMISSION_NAMES[page.needs[0]])
        if visit.request.method != "POST":
            return page.show(visit)
        if page.act is None:
            raise ActError(405, "This page takes no form.")
        return page.act(visit)

    def _refused(self, visit: Guest, path: str, error: ActError) -> Reply:
        """What NetSuite would say: a violation, the form once more with what is wrong, or a notice."""
        if error.status == HTTPStatus.FORBIDDEN:
            return _violation(str(error), _back(visit))
        page = _page_at(path)
        if page is not None and page.again is not None and visit.request.method == "POST":
            with self.world.database.transaction():
                shown = page.again(visit, str(error))
            return Shown(shown.template, shown.values, HTTPStatus.BAD_REQUEST)
        return Shown("problem.html", {"text": str(error), "back": _back(visit)}, error.status)

    def _page(self, shown: Shown, visit: Guest | None) -> Answer:
        common = {**_common(self.world, visit.account if visit else None), "form_token": self.form_token}
        if visit is not None:
            common["link"] = visit.link
        if isinstance(visit, Visit):
            common |= {"by": visit.by, "role_name": visit.role["name"], "menu": menu(visit)}
        body = html(shown.template, {**common, **shown.values})
        forgotten = visit.set_cookie(SHOWN, "") if visit is not None and visit.cookie(SHOWN) else ""
        return Answer(shown.status, body, "text/html; charset=utf-8", _headers(shown.cookie or forgotten))


def _page_at(path: str) -> Page | None:
    return GUESTS.get(path) or PAGES.get(path)


def _common(world: World, account: Account | None) -> dict[str, object]:
    """What every page shows: whose it is, and the clock in the company's zone and in UTC."""
    zone = account.time_zone if account else "UTC"
    at = world.clock.now()
    utc = moment(at, "UTC") if zone != "UTC" else ""
    return {
        "style": STYLE,
        "account": account,
        "now": moment(at, zone),
        "zone": zone,
        "utc": utc,
        "by": None,
        "menu": (),
    }


def bare(world: World, account_id: str, template: str, values: Mapping[str, object]) -> bytes:
    """A page outside of anybody's session, in the look of all others; the account may be none of this server."""
    return html(template, {**_common(world, accounts.account(world, account_id)), **values})


def _back(visit: Guest) -> str | None:
    """Where a form stood that was refused; from a page that was merely opened, the menu leads on."""
    return visit.request.target if visit.request.method == "POST" else None


def _violation(text: str, back: str | None) -> Shown:
    return Shown("violation.html", {"text": text, "back": back}, HTTPStatus.FORBIDDEN)


def _moved(reply: Moved) -> Answer:
    return Answer(HTTPStatus.SEE_OTHER, b"", headers={**_headers(reply.cookie), "Location": reply.to})


def _headers(cookie: str) -> dict[str, str]:
    return {**SECURITY, "Set-Cookie": cookie} if cookie else dict(SECURITY)


def _target(guest: Guest) -> str | None:
    """Where a person wanted to go; a form is not sent again after the login."""
    return guest.request.target if guest.request.method != "POST" else None
