"""What the record service does where nobody documents for certain what NetSuite does (`core/doubts.py`)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from reconciler.core.errors import NetSuiteError, RefusedError
from reconciler.core.live import ADMINISTRATOR, Gapped
from reconciler.netsuite.client import EMPLOYEE, ReadClient
from reconciler.netsuite.ground import Ground


def on_records(ground: Ground) -> Iterator[tuple[str, str]]:
    """What the record service does: to read an employee it loads the record as if to edit it (netsuite.md 0.1)."""
    if not (ground.login.level_of("LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD") or ground.is_administrator):
        return
    own = ground.live.reader.employee_id if ground.live.reader else None
    others = sorted({one.employee_id for one in ground.live.grants if one.role_id == ADMINISTRATOR} - {own}, key=int)
    if others and not ground.is_administrator and not ground.live.unread(Gapped.GRANTS):
        refused = _refusal(ground.client, f"{EMPLOYEE}/{others[0]}", {"fields": "id"})
        if isinstance(refused, RefusedError):
            yield "admin-record-status", str(refused.status)
            if refused.code:
                yield "admin-record-code", refused.code
        elif refused is None:
            yield "admin-record-status", str(int(HTTPStatus.OK))
    if own and (ground.is_administrator or not ground.live.holds(own, ADMINISTRATOR)):
        refused = _refusal(ground.client, f"{EMPLOYEE}/{own}", {"reconcilerProbe": "1"})
        if refused is None or (isinstance(refused, RefusedError) and refused.status == HTTPStatus.BAD_REQUEST):
            yield "unknown-parameter", "ignored" if refused is None else "refused"
        key = _line_key(ground, own)
        if key:
            yield "roles-line-key", key


def _refusal(client: ReadClient, path: str, params: Mapping[str, str]) -> NetSuiteError | None:
    try:
        client.get_json(path, params)
    except NetSuiteError as error:
        return error
    return None


def _line_key(ground: Ground, own: str) -> str | None:
    """How the own roles are addressed: their links end in the number of a line, or in a role's id."""
    try:
        answer = ground.client.get_json(f"{EMPLOYEE}/{own}/roles")
    except NetSuiteError:
        return None
    items = answer.get("items") if isinstance(answer, Mapping) else None
    links = [
        str(link.get("href", "")).rpartition("/")[2]
        for item in (items if isinstance(items, list) else [])
        for link in (item.get("links") or [])
    ]
    if not links:
        return None
    held = ground.live.roles_of.get(own, frozenset())
    return "role" if set(links) <= held else "number"
