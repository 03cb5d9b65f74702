"""Reading what roles allow: the highest level of each permission, and never nothing where something may be hidden."""

from collections.abc import Mapping

import pytest

from reconciler.core.permissions import Level, RolePermissions
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.ports import PermissionReader
from tests.netsuite.stub import Asked, Reply, Stub, page, refusal

ROWS: list[dict[str, object]] = [
    {"role": "55", "permkey": "TRAN_SALESORD", "name": "Sales Order", "permlevel": "4"},
    {"role": "1047", "permkey": "ADMI_LOGIN_OAUTH", "name": "Log in using Access Tokens", "permlevel": "4"},
    {"role": "1047", "permkey": "TRAN_SALESORD", "name": "Sales Order", "permlevel": "1"},
    {"role": "1047", "permkey": "TRAN_SALESORD", "name": "Sales Order", "permlevel": "3"},
    {"role": "1047", "permkey": "CUST_9", "name": "", "permlevel": "2"},
]


def read(stub: Stub, *roles: str) -> Mapping[str, RolePermissions]:
    with stub.reader() as client:
        reader: PermissionReader = NetSuiteReader(client)
        return reader.permissions(roles)


def test_each_role_has_its_permissions_at_their_highest_level(stub: Stub) -> None:
    stub.otherwise = lambda _: Reply(200, page(ROWS))
    found = read(stub, "55", "1047")

    assert found["55"] == RolePermissions({"Sales Order": Level.FULL})
    assert found["1047"] == RolePermissions(
        {"Log in using Access Tokens": Level.FULL, "Sales Order": Level.EDIT, "CUST_9": Level.CREATE}
    )
    (asked,) = stub.asked
    assert asked.body["params"] == [55, 1047]


def test_a_role_without_a_row_is_hidden_and_not_powerless(stub: Stub) -> None:
    stub.otherwise = lambda _: Reply(200, page(ROWS))

    assert read(stub, "55", "66")["66"].unread == "the account shows none of them to this login."


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refusal(400, "INVALID_PARAMETER", "Record 'rolepermissions' was not found."), "is missing in this account"),
        (Reply(200, page([ROWS[0] | {"permlevel": "9"}])), "permlevel that is not 0 to 4"),
        (Reply(500, {}), "500"),
    ],
)
def test_what_cannot_be_read_says_why_for_every_role(stub: Stub, reply: Reply, told: str) -> None:
    stub.otherwise = lambda _: reply
    found = read(stub, "55", "1047")

    assert {role: one.levels for role, one in found.items()} == {"55": {}, "1047": {}}
    assert all(told in str(one.unread) for one in found.values())


def test_very_many_roles_take_few_requests(stub: Stub) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(200, page([ROWS[0] | {"role": str(role)} for role in asked.body["params"]]))

    stub.otherwise = answer
    found = read(stub, *map(str, range(100, 2100)))

    assert all(one.levels == {"Sales Order": Level.FULL} for one in found.values())
    assert len(found) == 2000
    assert len(stub.asked) <= 20
