"""The two clients: one that cannot write, and one that can write the roles of an employee and nothing else."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

from reconciler.core.errors import UnreadableAnswerError
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import json_in, raise_refusal, refusal_in
from reconciler.netsuite.connection import Call, Connection
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import Signer
from reconciler.netsuite.transport import Limits

SUITEQL = "/services/rest/query/v1/suiteql"
SERVER_TIME = "/services/rest/system/v1/serverTime"
EMPLOYEE = "/services/rest/record/v1/employee"
_ID = re.compile(r"-?[0-9]{1,18}")
_ONE_EMPLOYEE = re.compile(f"{re.escape(EMPLOYEE)}/{_ID.pattern}")


def may_read(method: str, path: str) -> bool:
    """GET anything, POST only a SuiteQL query, which reads (netsuite.md 6.1)."""
    return method == "GET" or (method == "POST" and path == SUITEQL)


def may_write(method: str, path: str) -> bool:
    """Read the server's time; read and patch one employee."""
    if method == "GET" and path == SERVER_TIME:
        return True
    return method in {"GET", "PATCH"} and _ONE_EMPLOYEE.fullmatch(path) is not None


class _Client:
    """What both have in common: an account, a user agent, and connections to close."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def account(self) -> Account:
        return self._connection.account

    @property
    def user_agent(self) -> str:
        return self._connection.user_agent

    def ping(self) -> datetime:
        """The server's time in UTC; needs a login that works and no permission (netsuite.md 5.3)."""
        call = Call("GET", SERVER_TIME, f"GET {SERVER_TIME}", reads=True)
        answer = json_in(self._connection.answer(call), call.about)
        text = answer.get("serverTime") if isinstance(answer, Mapping) else None
        try:
            moment = datetime.fromisoformat(text if isinstance(text, str) else "")
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise UnreadableAnswerError(f"The answer to {call.about} does not tell the time.")
        return moment.astimezone(UTC)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ReadClient(_Client):
    """Reads. Its transport refuses every other request, so planning cannot write by mistake."""

    def __init__(
        self, account: Account, signer: Signer, *, limits: Limits | None = None, retries: Retries | None = None
    ) -> None:
        super().__init__(Connection(account, signer, may_read, limits=limits, retries=retries))

    def get_json(self, path: str, params: Mapping[str, str] | None = None) -> object:
        call = Call("GET", path, f"GET {path}", reads=True, params=params or {})
        return json_in(self._connection.answer(call), call.about)

    def suiteql(self, text: str, params: Sequence[str | int], *, limit: int, offset: int, about: str) -> object:
        """One page of a query. `Prefer: transient` is required (netsuite.md 6.1)."""
        body: dict[str, object] = {"q": text}
        if params:
            body["params"] = list(params)
        call = Call(
            "POST",
            SUITEQL,
            about,
            reads=True,
            params={"limit": str(limit), "offset": str(offset)},
            body=body,
            headers={"Prefer": "transient"},
        )
        return json_in(self._connection.answer(call), about)


class WriteClient(_Client):
    """Reads and writes the roles of one employee at a time, with credentials of its own."""

    def __init__(
        self, account: Account, signer: Signer, *, limits: Limits | None = None, retries: Retries | None = None
    ) -> None:
        super().__init__(Connection(account, signer, may_write, limits=limits, retries=retries))

    def employee(self, employee_id: str) -> object:
        """The employee record with its sublists; a GET loads it in edit mode (netsuite.md 0.1, 5.2)."""
        path = _one_employee(employee_id)
        call = Call("GET", path, f"GET {path}", reads=True, params={"expandSubResources": "true"})
        return json_in(self._connection.answer(call), call.about)

    def replace_roles(self, employee_id: str, role_ids: Sequence[str]) -> None:
        """Replace the roles sublist as a whole, which means the same whether it is keyed or not (netsuite.md 5.5)."""
        path = _one_employee(employee_id)
        call = Call(
            "PATCH",
            path,
            f"PATCH {path}?replace=roles",
            reads=False,
            params={"replace": "roles"},
            body={"roles": {"items": [{"selectedRole": {"id": role_id}} for role_id in role_ids]}},
            # Without it a misspelt field name would be dropped without a word (netsuite.md 5.3).
            headers={"X-NetSuite-PropertyNameValidation": "Error"},
        )
        answer = self._connection.answer(call)
        if answer.status != HTTPStatus.NO_CONTENT:
            raise_refusal(answer, refusal_in(answer, ()), call.about)


def _one_employee(employee_id: str) -> str:
    # Checked here too, for a path such as `1/../2` would be normalised before the transport sees it.
    if not _ID.fullmatch(employee_id):
        raise ValueError(f"not an internal id: {employee_id!r}")
    return f"{EMPLOYEE}/{employee_id}"
