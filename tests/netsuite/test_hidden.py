"""Whatever is hidden from the reader, no plan takes away what the plan of the full picture would not.

The account is one of the random worlds of the core, asked through SuiteQL. What can be hidden is what NetSuite hides: a
table as a whole, an answer that fails, people from a restricted role, rows of a trail that lags behind, and rows of a
table for which the role lacks its permission. What nothing betrays cannot be noticed, and is not hidden here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from reconciler.core.errors import LoginRefusedError, MissingTableError, RefusedError, UnansweredError
from reconciler.core.guards import taken_from
from reconciler.core.live import LiveState, LoginGroup
from reconciler.core.plan import Plan, build_plan
from reconciler.core.step import Status
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.signing import TokenBasedAuth
from reconciler.planning import look
from tests.netsuite.stub import CREDENTIALS
from tests.support.builders import TOOL_READER
from tests.support.worlds import World, worlds

TABLES = ("role", "oauthtoken", "integrationapp", "loginaudit", "employee", "employeerolesforsearch", "rolepermissions")
KEY_OF = {"oauthtoken": "ADMI_MANAGE_OAUTH_TOKENS", "loginaudit": "ADMI_AUDITLOGIN", "role": "ADMI_MANAGEROLES"}
KEYS = (*KEY_OF.values(), "LIST_EMPLOYEE_RECORD", "ADMI_INTEGRAPP")
AHEAD = timedelta(hours=-7)
Row = dict[str, object]


@dataclass(frozen=True)
class Hidden:
    """`failing` are the numbers of requests that fail; `partly` maps a table to the share of its rows that is shown."""

    missing: frozenset[str] = frozenset()
    failing: Mapping[int, str] = field(default_factory=dict)
    partly: Mapping[str, int] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    grants: frozenset[int] = frozenset()
    lag: timedelta = timedelta()


NOTHING = Hidden()
HIDDEN = st.builds(
    Hidden,
    missing=st.frozensets(st.sampled_from(TABLES), max_size=2),
    failing=st.dictionaries(
        st.integers(1, 14), st.sampled_from(["cut", "refused", "unanswered", "login", "half"]), max_size=2
    ),
    partly=st.dictionaries(st.sampled_from(sorted(KEY_OF)), st.integers(0, 3), max_size=1),
    people=st.frozensets(st.sampled_from(["1", "2", "3", "4", "91"]), max_size=2),
    grants=st.frozensets(st.integers(0, 15), max_size=2),
    lag=st.sampled_from([timedelta(), timedelta(minutes=10), timedelta(hours=8)]),
)


class HidingClient(ReadClient):
    """Answers like an account that shows a world, without what is hidden."""

    def __init__(self, live: LiveState, hidden: Hidden) -> None:
        super().__init__(Account("1234567", "http://127.0.0.1:1"), TokenBasedAuth("1234567", CREDENTIALS))
        self._live = live
        self._hidden = hidden
        self._asked = 0

    def ping(self) -> datetime:
        return self._live.read_at

    def suiteql(self, text: str, params: Sequence[str | int], *, limit: int, offset: int, about: str) -> object:
        del limit, offset
        self._asked += 1
        (table,) = re.findall(r"FROM (\w+)", text)
        failure = self._hidden.failing.get(self._asked, "")
        if failure in _FAILURES:
            error = _FAILURES[failure]()
            raise error
        if table in self._hidden.missing or table in {"integration", "employeeroles"}:
            raise MissingTableError(table, f"no {table}", status=400, code=None)
        rows = self._partly(table, self._rows(table, text, {str(param) for param in params}))
        shown = rows[: len(rows) // 2] if failure in {"cut", "half"} else rows
        total = len(rows) if failure == "cut" else len(shown)
        more = failure == "cut" and total > len(shown)
        del about
        return {"items": shown, "count": len(shown), "offset": 0, "totalResults": total, "hasMore": more}

    def _partly(self, table: str, rows: list[Row]) -> list[Row]:
        share = self._hidden.partly.get(table)
        if share is None or any("firstat" in row and "day" not in row for row in rows):
            return rows
        return [row for number, row in enumerate(rows) if number % 4 < share]

    def _rows(self, table: str, text: str, params: set[str]) -> list[Row]:
        live = self._live
        if table == "employee":
            return self._employees(text, params)
        if table == "employeerolesforsearch":
            column = "role" if "WHERE role IN" in text else "employeeid"
            rows: list[Row] = [{"employeeid": one.employee_id, "role": one.role_id} for one in live.grants]
            return [
                row for number, row in enumerate(rows) if row[column] in params and not self._is_hidden(row, number)
            ]
        if table == "loginaudit":
            return self._trail(text, params)
        if table == "rolepermissions":
            lacking = {KEY_OF[table] for table in self._hidden.partly}
            return [{"permkey": key, "permlevel": "1"} for key in KEYS if key not in lacking]
        if table == "role":
            own = "WHERE id" in text
            return [
                {"id": one.id, "name": one.name, "scriptid": one.script_id, "isinactive": _flag(not one.active)}
                for one in live.roles
                if not own or one.id in params
            ]
        if table == "oauthtoken":
            return self._tokens()
        return [{"id": one.id, "name": one.name, "state": one.state.value} for one in live.integrations]

    def _is_hidden(self, row: Row, number: int) -> bool:
        return number in self._hidden.grants or row["employeeid"] in self._hidden.people

    def _employees(self, text: str, params: set[str]) -> list[Row]:
        live = self._live
        by: Callable[[Row], object] = (
            (lambda row: row["id"]) if "WHERE id IN" in text else (lambda row: str(row["email"]).lower())
        )
        rows: list[Row] = [
            {
                "id": one.id,
                "entityid": one.entity_id,
                "email": one.email,
                "giveaccess": _flag(one.access),
                "isinactive": _flag(not one.active),
                "rolesforsearch": ", ".join(sorted(live.roles_of.get(one.id, ()), key=int)) or None,
            }
            for one in live.employees
            if one.id not in self._hidden.people
        ]
        return [row for row in rows if by(row) in params]

    def _tokens(self) -> list[Row]:
        return [
            {
                "id": one.id,
                "tba_token_name": one.name,
                "tba_app_name": one.application_id,
                "application": one.application,
                "entity_name": one.owner_id,
                "role_name": one.role_id,
                "created": _written(one.created) if one.created else None,
                "binactive": _flag(one.inactive),
                "brevoked": _flag(one.revoked),
            }
            for one in self._live.tokens
        ]

    def _trail(self, text: str, params: set[str]) -> list[Row]:
        live, lag = self._live, self._hidden.lag
        if "useragent" in text:
            own: Row = {"userid": TOOL_READER.id, "role": "90", "firstat": _written(live.read_at)}
            return [] if lag else [own]
        if "oauthappname IS NOT NULL" in text:
            last = {who: at for who, at in live.last_token_logins.items() if at is not None and who in params}
            return [{"userid": who, "oauthappname": "any", "lastat": _written(at)} for who, at in last.items()]
        groups = [group for group in live.logins if group.application in params and group.first <= live.read_at - lag]
        return [_group(number, group, live.read_at - lag) for number, group in enumerate(groups)]


def _group(number: int, group: LoginGroup, until: datetime) -> Row:
    return {
        "oauthappname": group.application,
        "userid": group.user_id,
        "role": group.role_id,
        "oauthaccesstokenname": group.token_name,
        "status": "Success" if group.success else "Failure",
        "detail": group.detail or None,
        "day": str(number),
        "firstat": _written(group.first),
        "lastat": _written(min(group.last, until)),
    }


def _written(moment: datetime) -> str:
    return f"{moment + AHEAD:%Y-%m-%d %H:%M:%S}"


def _flag(value: bool) -> str:
    return "T" if value else "F"


_FAILURES: Mapping[str, Callable[[], Exception]] = {
    "refused": lambda: RefusedError("no", status=403),
    "unanswered": lambda: UnansweredError("no answer", sent=True),
    "login": lambda: LoginRefusedError("no", status=401),
}


def planned(world: World, hidden: Hidden) -> Plan:
    desired = replace(world.desired, reader=None)
    with HidingClient(world.live, hidden) as client:
        return look(desired, NetSuiteReader(client, concurrency=1)).plan


def taken_away(plan: Plan) -> set[str]:
    return {step.id for step in plan.steps if step.status is Status.READY and taken_from(step.operation) is not None}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), HIDDEN)
def test_what_is_hidden_never_leads_to_a_removal(world: World, hidden: Hidden) -> None:
    full, blind = planned(world, NOTHING), planned(world, hidden)

    event(f"full picture removes: {bool(taken_away(full))}")
    assert taken_away(blind) <= taken_away(full)
    if taken_away(blind) != taken_away(full):
        assert blind.diagnostics != full.diagnostics


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_the_whole_account_is_read_as_it_is(world: World) -> None:
    """So that the test above compares with the truth."""
    with HidingClient(world.live, NOTHING) as client:
        live = NetSuiteReader(client, concurrency=1)
        plan = look(replace(world.desired, reader=None), live).plan
    truth = build_plan(replace(world.desired, reader=None), world.live)

    assert plan.complete == truth.complete
    assert [(step.id, step.status) for step in plan.steps] == [(step.id, step.status) for step in truth.steps]
