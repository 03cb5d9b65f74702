"""The two clients: one that cannot write, and one that can write the roles of an employee and nothing else."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

from reconciler.core.errors import MissingTableError, RefusedError, UnreadableAnswerError
from reconciler.core.live import Identity
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import json_in, raise_refusal, refusal_in
from reconciler.netsuite.connection import Call, Connection
from reconciler.netsuite.literals import inlined
from reconciler.netsuite.pool import Pool
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

    @property
    def identity(self) -> Identity | None:
        """Who the login is, where it says so itself: with OAuth 2.0, after the first request (netsuite.md 4.1)."""
        return self._connection.signer.identity

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
        self,
        account: Account,
        signer: Signer,
        *,
        limits: Limits | None = None,
        retries: Retries | None = None,
        pool: Pool | None = None,
    ) -> None:
        super().__init__(Connection(account, signer, may_read, limits=limits, retries=retries, pool=pool))
        # None until an answer has told; accounts before 2026.2 know no bound parameters (netsuite-2.md 9).
        self._takes_parameters: bool | None = None

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far NetSuite's clock is ahead of this machine's; None before the first answer with a date."""
        return self._connection.ahead

    def certificate_ends(self) -> datetime | None:
        """When the certificate behind the login ends (UTC); None when there is none, or this cannot be told."""
        return self._connection.signer.certificate_ends(self.user_agent)

    @property
    def takes_parameters(self) -> bool | None:
        """Whether the account takes bound parameters; None until a query with one was answered."""
        return self._takes_parameters

    def get_json(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> object:
        call = Call("GET", path, f"GET {path}", reads=True, params=params or {}, headers=headers or {})
        return json_in(self._connection.answer(call), call.about)

    def suiteql(self, text: str, params: Sequence[str | int], *, limit: int, offset: int, about: str) -> object:
        """One page of a query. `Prefer: transient` is required (netsuite.md 6.1).

        Parameters are bound. Where the account knows none, the first refusal shows it, and from then on strictly
        typed literals take their place.
        """
        page = (limit, offset, about)
        if not params:
            return self._page({"q": text}, *page)
        if self._takes_parameters is False:
            return self._page({"q": inlined(text, params)}, *page)
        try:
            answer = self._page({"q": text, "params": list(params)}, *page)
        except RefusedError as refused:
            if self._takes_parameters or not _may_mind_parameters(refused):
                raise
            return self._without_parameters(text, params, page, refused)
        self._takes_parameters = True
        return answer

    def _without_parameters(
        self, text: str, params: Sequence[str | int], page: tuple[int, int, str], refused: RefusedError
    ) -> object:
        """The same query with literals; when that is refused too, parameters were not the reason."""
        try:
            answer = self._page({"q": inlined(text, params)}, *page)
        except RefusedError as second:
            if second.status != HTTPStatus.BAD_REQUEST or _may_mind_parameters(second):
                raise refused from None
            # Now the query itself was read, and names something that is not there.
            self._takes_parameters = False
            raise
        self._takes_parameters = False
        return answer

    def _page(self, body: Mapping[str, object], limit: int, offset: int, about: str) -> object:
        params = {"limit": str(limit), "offset": str(offset)}
        headers = {"Prefer": "transient"}
        call = Call("POST", SUITEQL, about, reads=True, params=params, body=body, headers=headers)
        return json_in(self._connection.answer(call), about)


def _may_mind_parameters(refused: RefusedError) -> bool:
    """How an older account words it is not known; a table or a column that is not there is certainly something else."""
    other = isinstance(refused, MissingTableError) or "Unknown identifier" in refused.message
    return refused.status == HTTPStatus.BAD_REQUEST and not other


class WriteClient(_Client):
    """Reads one employee at a time and writes their roles and flags, with credentials of its own.

    Each time right before a write is sent, `before_write` is asked; what it raises keeps the write from being sent.
    """

    def __init__(
        self,
        account: Account,
        signer: Signer,
        *,
        limits: Limits | None = None,
        retries: Retries | None = None,
        pool: Pool | None = None,
        before_write: Callable[[], None] | None = None,
    ) -> None:
        connection = Connection(
            account, signer, may_write, limits=limits, retries=retries, pool=pool, before_write=before_write
        )
        super().__init__(connection)

    def employee(self, employee_id: str) -> object:
        """The employee record with its sublists; a GET loads it in edit mode (netsuite.md 0.1, 5.2)."""
        path = _one_employee(employee_id)
        call = Call("GET", path, f"GET {path}", reads=True, params={"expandSubResources": "true"})
        return json_in(self._connection.answer(call), call.about)

    def replace_roles(self, employee_id: str, role_ids: Sequence[str]) -> None:
        """Replace the roles sublist as a whole, which means the same whether it is keyed or not (netsuite.md 5.5)."""
        items = [{"selectedRole": {"id": role_id}} for role_id in role_ids]
        self._patch(employee_id, {"roles": {"items": items}}, {"replace": "roles"})

    def set_flag(self, employee_id: str, field: str, value: bool) -> None:  # noqa: FBT001  the value of a field, not a mode
        """Write one yes-or-no field of the record (netsuite.md 5.4)."""
        self._patch(employee_id, {field: value}, {})

    def _patch(self, employee_id: str, body: Mapping[str, object], params: Mapping[str, str]) -> None:
        path = _one_employee(employee_id)
        about = f"PATCH {path}" + "".join(f"?{name}={value}" for name, value in params.items())
        # Without the header a misspelt field name would be dropped without a word (netsuite.md 5.3).
        headers = {"X-NetSuite-PropertyNameValidation": "Error"}
        call = Call("PATCH", path, about, reads=False, params=params, body=body, headers=headers)
        answer = self._connection.answer(call)
        if answer.status != HTTPStatus.NO_CONTENT:
            raise_refusal(answer, refusal_in(answer, ()), call.about)


def _one_employee(employee_id: str) -> str:
    # Checked here too, for a path such as `1/../2` would be normalised before the transport sees it.
    if not _ID.fullmatch(employee_id):
        raise ValueError(f"not an internal id: {employee_id!r}")
    return f"{EMPLOYEE}/{employee_id}"
