"""Whatever an account looks like: what import writes is read back the same, and planning it shows no changes."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from reconciler.core.desired import DesiredIntegration, DesiredState
from reconciler.core.diagnostics import Position
from reconciler.core.importing import Choice, Imported
from reconciler.core.naming import can_be_written
from reconciler.inspection import import_from
from reconciler.planning import look
from reconciler.render.environment_file import head, sections
from reconciler.wiring.configuration import Environment, read_text
from tests.imports.accounts import Account, accounts
from tests.imports.conftest import ACCOUNT, Accounts

NETSUITE = {"account": ACCOUNT, "endpoint": "emulator"}
EMPTY = DesiredState("random", "random.yaml", ACCOUNT, emulator=True, integrations=())
ANYWHERE = Position("", 0, 0)
SLOWLY = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def imported(emulated: Accounts, choice: Choice) -> tuple[Imported, str]:
    client, reader = emulated.reader()
    with client:
        found = import_from(EMPTY, reader, choice)
    return found, f"{head(NETSUITE)}\n{sections(found)}"


def environment_of(text: str) -> Environment:
    loaded = read_text(Path("environments/random.yaml"), text)
    assert loaded.diagnostics == ()
    assert loaded.environment is not None
    return loaded.environment


@SLOWLY
@given(account=accounts())
def test_planning_what_was_imported_shows_no_changes(emulated: Accounts, account: Account) -> None:
    """And it is read back the same, leaves nothing out that is clear, and is the same bytes each time."""
    emulated.hold(account.seed, sorted(account.twins))
    choice = Choice(employees=True, without_tokens=True)
    found, text = imported(emulated, choice)
    desired = environment_of(text).desired
    client, reader = emulated.reader()
    with client:
        plan = look(desired, reader).plan

    assert (plan.changes, plan.steps, plan.drifted) == ((), (), False)
    assert not [item for item in plan.diagnostics if item.severity == "error"]
    assert [said(one) for one in desired.integrations] == [
        said(one.desired(ANYWHERE)) for one in found.integrations if not one.doubts
    ]
    assert [(one.person, one.active, one.access, one.roles) for one in desired.employees] == [
        (one.person, one.active, one.access, one.roles)
        for one in (entry.desired(ANYWHERE) for entry in found.employees if not entry.doubts)
    ]
    assert {name for name in account.tidy if is_clear(account, name)} <= {
        one.application for one in desired.integrations
    }
    assert imported(emulated, choice) == (found, text)


def said(one: DesiredIntegration) -> tuple[object, ...]:
    return one.key, one.application, one.owner, one.token_role, one.required_roles, one.previous_owner, one.seen_within


def is_clear(account: Account, name: str) -> bool:
    """Whether a tidy application and its owner have names that a file can hold, and that are theirs alone."""
    names = [one["name"] for one in account.seed["integrations"]]
    token = next(one for one in account.seed["tokens"] if one["application"] == name)
    owner = next(one for one in account.seed["employees"] if one["entityid"] == token["user"])
    nameable = owner.get("email", "admin@example.com") != "admin@example.com" or can_be_written(owner["entityid"])
    alone = [one.casefold() for one in names].count(name.casefold()) == 1
    return can_be_written(name) and alone and nameable
