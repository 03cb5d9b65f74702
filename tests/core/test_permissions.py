"""What people may do more or less: the highest level of any of their roles, before and after."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.change import Action, Change, HeldRole, Reason
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.live import LiveState, Role
from reconciler.core.permissions import (
    Level,
    PermissionMove,
    RolePermissions,
    permission_differences,
    roles_to_read,
)
from reconciler.core.plan_building import build_plan
from reconciler.core.sensitive import SENSITIVE, administrators_added
from reconciler.core.step import Actor, GrantRole, Operation, RemoveRole, Status, Step
from tests.support.builders import ADMIN, ANN, CONNECTOR, DANA, a_desired_state, a_live_state, grants, without_grants

CLERK = Role("1100", "Clerk", None, active=True)
SELLER = Role("1101", "Seller", None, active=True)
GONE = Role("1102", "Gone", None, active=False)
ROLES = (ADMIN, CONNECTOR, CLERK, SELLER, GONE)


def a_step(operation: Operation, status: Status = Status.BLOCKED) -> Step:
    return Step("x", "x", Actor.RECONCILER, "a", status, (), "x", (), "x", operation)


def granting(role: Role, status: Status = Status.BLOCKED) -> Step:
    return a_step(GrantRole(DANA, role, for_token=False), status)


def removing(role: Role) -> Step:
    return a_step(RemoveRole(DANA, role, ()))


def an_account(*roles: Role) -> LiveState:
    return a_live_state(roles=ROLES, grants=grants(*((DANA, role) for role in roles)))


def known(**levels: Mapping[str, Level]) -> dict[str, RolePermissions]:
    ids = {"clerk": CLERK.id, "seller": SELLER.id, "connector": CONNECTOR.id, "gone": GONE.id}
    return {ids[name]: RolePermissions(of_role) for name, of_role in levels.items()}


def test_only_what_no_other_role_gives_is_gained() -> None:
    permissions = known(
        clerk={"Sales Order": Level.VIEW, "Items": Level.FULL}, seller={"Sales Order": Level.EDIT, "Items": Level.VIEW}
    )
    (one,) = permission_differences([granting(SELLER)], an_account(CLERK), permissions)

    assert (one.person, one.gains, one.loses) == ("dana.ortiz@example.com", ("Seller",), ())
    assert one.moves == (PermissionMove("Sales Order", Level.VIEW, Level.EDIT),)
    assert one.moves[0].gained
    assert one.notes == ()


def test_only_what_no_other_role_keeps_is_lost() -> None:
    permissions = known(clerk={"Sales Order": Level.VIEW}, seller={"Sales Order": Level.EDIT, "Items": Level.VIEW})
    (one,) = permission_differences([removing(SELLER)], an_account(CLERK, SELLER), permissions)

    assert one.moves == (
        PermissionMove("Items", Level.VIEW, Level.NONE),
        PermissionMove("Sales Order", Level.EDIT, Level.VIEW),
    )
    assert not one.moves[0].gained


def test_roles_that_come_and_go_are_taken_together() -> None:
    permissions = known(clerk={"Items": Level.VIEW}, seller={"Items": Level.VIEW})
    (one,) = permission_differences([granting(SELLER), removing(CLERK)], an_account(CLERK), permissions)

    assert (one.gains, one.loses, one.moves) == (("Seller",), ("Clerk",), ())


def test_an_inactive_role_keeps_nothing() -> None:
    permissions = known(gone={"Items": Level.FULL}, seller={"Items": Level.VIEW})
    (one,) = permission_differences([granting(SELLER)], an_account(GONE), permissions)

    assert one.moves == (PermissionMove("Items", Level.NONE, Level.VIEW),)
    assert GONE.id not in roles_to_read([granting(SELLER)], an_account(GONE))


def test_what_is_done_already_is_no_difference() -> None:
    assert permission_differences([granting(SELLER, Status.DONE)], an_account(CLERK), {}) == ()
    assert roles_to_read([granting(SELLER, Status.DONE)], an_account(CLERK)) == ()


def test_of_an_administrator_nothing_is_read_and_it_is_said_why() -> None:
    cases = (
        ([granting(SELLER)], an_account(ADMIN), "stays one"),
        ([granting(ADMIN)], an_account(CLERK), "Becomes an Administrator"),
        ([removing(ADMIN)], an_account(ADMIN, CLERK), "no longer"),
    )
    for steps, live, said in cases:
        (one,) = permission_differences(steps, live, {})
        assert said in one.notes[0]
        assert one.moves == ()
        assert roles_to_read(steps, live) == ()


def test_a_role_that_could_not_be_read_is_a_gap_and_not_an_empty_role() -> None:
    permissions = known(seller={"Items": Level.VIEW}) | {CLERK.id: RolePermissions(unread="NetSuite said no.")}
    (one,) = permission_differences([granting(SELLER)], an_account(CLERK), permissions)

    assert one.notes == ("The permissions of Clerk are not known: NetSuite said no.",)
    assert permission_differences([granting(SELLER)], an_account(CLERK), {})[0].notes == (
        "The permissions of Clerk are not known: they were not read",
        "The permissions of Seller are not known: they were not read",
    )


def test_the_roles_to_read_are_those_of_the_people_concerned() -> None:
    live = a_live_state(roles=ROLES, grants=grants((DANA, CLERK), (ANN, CONNECTOR)))

    assert roles_to_read([granting(SELLER)], live) == (CLERK.id, SELLER.id)


LEVELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from([level for level in Level if level is not Level.NONE]))


@given(clerk=LEVELS, seller=LEVELS)
def test_taking_a_role_away_again_moves_everything_back(clerk: dict[str, Level], seller: dict[str, Level]) -> None:
    permissions = known(clerk=clerk, seller=seller)
    (there,) = permission_differences([granting(SELLER)], an_account(CLERK), permissions)
    (back,) = permission_differences([removing(SELLER)], an_account(CLERK, SELLER), permissions)

    assert [(move.permission, move.after, move.before) for move in there.moves] == [
        (move.permission, move.before, move.after) for move in back.moves
    ]
    assert all(move.gained for move in there.moves)
    assert {move.permission for move in there.moves} <= set(seller)


def test_a_plan_that_makes_an_administrator_says_so_at_the_line_that_asks_for_it() -> None:
    plan = build_plan(a_desired_state(), without_grants(a_live_state(), (DANA, ADMIN)))
    found = [item for item in plan.diagnostics if item.rule == SENSITIVE]
    asked = [
        change.declared_at
        for change in plan.changes
        if isinstance(change.after, HeldRole) and change.after.role == ADMIN.name
    ]

    assert [(item.severity, item.position) for item in found] == [(Severity.WARNING, asked[0])]
    assert "dana.ortiz@example.com would hold Administrator" in found[0].detail


def test_a_plan_that_makes_no_administrator_warns_of_none() -> None:
    plan = build_plan(a_desired_state(), a_live_state())

    assert not [item for item in plan.diagnostics if item.rule == SENSITIVE]
    assert not list(administrators_added([granting(ADMIN, Status.DONE), granting(CLERK), removing(ADMIN)], ()))
    change = Change("b", Action.CREATE, None, HeldRole("Administrator", "p"), Reason.ROLE_MISSING, Position("f", 1, 1))
    (warning,) = administrators_added([granting(ADMIN)], (change,))
    assert warning.position is None


def test_what_was_found_elsewhere_joins_the_plan_in_order_and_leaves_its_digest() -> None:
    plan = build_plan(a_desired_state(), a_live_state())
    error = Diagnostic(Severity.ERROR, "a", "s", "d")
    joined = plan.with_diagnostics([Diagnostic(Severity.WARNING, SENSITIVE, "s", "d"), error, *plan.diagnostics])

    assert joined.diagnostics[0] == error
    assert len(joined.diagnostics) == len(plan.diagnostics) + 2
    assert joined.digest == plan.digest
