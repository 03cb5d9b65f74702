"""Every sentence that a plan can tell a person can be carried out word for word, or asks for nothing."""

from dataclasses import replace

import pytest

from reconciler.core.instructions import instructions
from reconciler.core.step import (
    KIND,
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
)
from tests.browser.instructions import (
    Action,
    Click,
    ClickBeside,
    EnterSecret,
    Fill,
    KeepSecret,
    Menu,
    Tick,
    read,
)
from tests.support.builders import ANN, APPLICATION, CONNECTOR, DANA, a_live_state, a_token

TOKENS = Menu(("Setup", "Users/Roles", "Access Tokens"))
EMPLOYEES = Menu(("Lists", "Employees", "Employees"))
TOKEN_ROW = ("token 500", "Ann Keller")
DANA_ROW = ("Dana Ortiz", "dana.ortiz@example.com")

STEPS: tuple[tuple[Operation, list[Action]], ...] = (
    (
        GrantRole(DANA, CONNECTOR, for_token=True),
        [
            EMPLOYEES,
            ClickBeside("Edit", DANA_ROW),
            Click("Access"),
            Click("Roles"),
            Fill("Role", CONNECTOR.name),
            Click("Add"),
            Click("Save"),
        ],
    ),
    (
        EnableIntegration(APPLICATION),
        [
            Menu(("Setup", "Integration", "Manage Integrations")),
            Tick("Show Inactives", on=True),
            Click("Refresh"),
            Click(APPLICATION),
            Click("Edit"),
            Fill("State", "Enabled"),
            Click("Save"),
        ],
    ),
    (
        CreateToken(APPLICATION, DANA, CONNECTOR, "NetSuite Connector - Dana Ortiz #1"),
        [
            TOKENS,
            Click("New Access Token"),
            Fill("Application Name", APPLICATION),
            Fill("User", "Dana Ortiz (dana.ortiz@example.com)"),
            Fill("Role", CONNECTOR.name),
            Fill("Token Name", "NetSuite Connector - Dana Ortiz #1"),
            Click("Save"),
            KeepSecret(),
        ],
    ),
    (
        EnterCredentials(APPLICATION, DANA, CONNECTOR, a_token("501", DANA), "spare", a_token()),
        [
            Menu(("app.farapp.com", "NetSuite", "Settings", "Credentials")),
            Fill("NetSuite Account ID", "1234567"),
            EnterSecret(),
            Click("Save and Test Connection"),
        ],
    ),
    (
        DeactivateToken(APPLICATION, a_token()),
        [TOKENS, ClickBeside("Edit", TOKEN_ROW), Tick("Inactive", on=True), Click("Save")],
    ),
    (
        RevokeToken(APPLICATION, replace(a_token(), inactive=True)),
        [TOKENS, Fill("Revoked", "No"), ClickBeside("Edit", TOKEN_ROW), Click("Revoke")],
    ),
    (
        RemoveRole(ANN, CONNECTOR, (APPLICATION,)),
        [
            EMPLOYEES,
            ClickBeside("Edit", ("Ann Keller", "ann@example.com")),
            Click("Access"),
            Click("Roles"),
            Click(CONNECTOR.name),
            Click("Remove"),
            Click("Save"),
        ],
    ),
    (
        Activate(DANA),
        [
            EMPLOYEES,
            Tick("Show Inactives", on=True),
            Click("Refresh"),
            ClickBeside("Edit", DANA_ROW),
            Tick("Inactive", on=False),
            Click("Save"),
        ],
    ),
    (
        GiveAccess(DANA),
        [
            EMPLOYEES,
            ClickBeside("Edit", DANA_ROW),
            Click("Access"),
            Tick("Give Access", on=True),
            Tick("Send New Access Notification Email", on=True),
            Click("Save"),
        ],
    ),
    (
        RemoveAccess(DANA),
        [EMPLOYEES, ClickBeside("Edit", DANA_ROW), Click("Access"), Tick("Give Access", on=False), Click("Save")],
    ),
    (Inactivate(DANA), [EMPLOYEES, ClickBeside("Edit", DANA_ROW), Tick("Inactive", on=True), Click("Save")]),
)


@pytest.mark.parametrize(("step", "expected"), STEPS, ids=[KIND[type(step)] for step, _ in STEPS])
def test_a_step_is_read_word_for_word(step: Operation, expected: list[Action]) -> None:
    lines = instructions(step, a_live_state())

    assert [action for line in lines for action in read(line)] == expected


def test_every_kind_of_step_that_a_person_does_is_read() -> None:
    assert {type(step) for step, _ in STEPS} == set(KIND) - {QuietPeriod}


@pytest.mark.parametrize("line", ["press the green button", "Save > then do something", "set Inactive > Save", "save"])
def test_what_nobody_could_carry_out_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="no person could carry out"):
        read(line)
