"""RESTlets: the login, then a clear no, for there are no scripts here; and how errors look outside /services/rest."""

import json
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Final

from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.login import wrong_credentials
from reconciler.emulator.wire import LOGIN_DETAIL, PLAIN, Answer, RefusedError, Request

PATH: Final = "/app/site/hosting/restlet.nl"
METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE"})
NO_SCRIPT: Final = "That Suitelet is invalid, disabled, or no longer exists."
SHORT_LOGIN_DETAIL: Final = "Invalid login attempt."
XML: Final = "application/xml"
TEXT: Final = "text/plain"


def run(world: World, _caller: Caller, request: Request, _key: str) -> Answer:
    """What NetSuite says to an unknown script, whichever is asked for.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4634920277.html
    """
    if request.method not in METHODS:
        raise RefusedError(405, "INVALID_REQUEST", f"The request method {request.method} is not valid.")
    status = int(world.switches.value("restlet-unknown-script-status"))
    raise RefusedError(status, "SSS_INVALID_SCRIPTLET_ID", NO_SCRIPT, reason="The emulator has no scripts.")


def check_scheme(request: Request) -> None:
    """Refuse user credentials: they end in NetSuite with 2027.1, and there are no passwords here."""
    if request.headers.get("authorization", "").partition(" ")[0].lower() == "nlauth":
        raise wrong_credentials("The emulator keeps no passwords.")


def error_answer(request: Request, refused: RefusedError) -> Answer:
    """An error in the format of the request's own body; JSON where there is none."""
    code, message = refused.code, refused.detail
    if message == LOGIN_DETAIL:
        code, message = "INVALID_LOGIN_ATTEMPT", SHORT_LOGIN_DETAIL
    wanted = request.headers.get("content-type", "").partition(";")[0].strip()
    content_type = wanted if wanted in {XML, TEXT} and request.path == PATH else PLAIN
    headers: Mapping[str, str] = refused.headers
    if refused.reason:
        headers = {**headers, "X-Emulator-Reason": refused.reason}
    return Answer(HTTPStatus(refused.status), _body(content_type, code, message).encode(), content_type, headers)


def _body(content_type: str, code: str, message: str) -> str:
    if content_type == XML:
        return (
            f"<error><code>{escape(code, quote=False)}</code><message>{escape(message, quote=False)}</message></error>"
        )
    if content_type == TEXT:
        return f"error code: {code}\nerror message: {message}"
    return json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False)
