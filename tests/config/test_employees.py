"""The employees section arrives in the types of the core, with the place of each part."""

from pathlib import Path

import pytest

from reconciler.config.environment import read_environment
from reconciler.core.desired import DesiredEmployee, PersonKey, PersonRef
from reconciler.core.diagnostics import Diagnostic

TEXT = """\
netsuite: {account: "1", endpoint: emulator}
employees:
  Dana.Ortiz@example.com:
    active: true
    access: false
    roles:
      exactly: [Administrator, customrole_clerk]
  external_id:HR-7: {roles: {at_least: [Clerk]}}
  "entity_id:Kim: Park": {}
"""


def employees(text: str, folder: Path) -> tuple[DesiredEmployee, ...]:
    (folder / "a.yaml").write_text(text)
    environment = read_environment(folder / "a.yaml", folder).environment
    assert environment
    return environment.desired.employees


def diagnostics(text: str, folder: Path) -> tuple[Diagnostic, ...]:
    (folder / "a.yaml").write_text(f'netsuite: {{account: "1", endpoint: emulator}}\n{text}')
    return read_environment(folder / "a.yaml", folder).diagnostics


def test_everything_that_is_declared_arrives(tmp_path: Path) -> None:
    dana, seven, kim = employees(TEXT, tmp_path)

    assert dana.person == PersonRef(PersonKey.EMAIL, "Dana.Ortiz@example.com")
    assert (dana.active, dana.access, dana.exactly) == (True, False, True)
    assert dana.roles == ("Administrator", "customrole_clerk")
    assert dana.address == 'employees."Dana.Ortiz@example.com"'
    assert seven.person == PersonRef(PersonKey.EXTERNAL_ID, "HR-7")
    assert (seven.active, seven.access, seven.exactly, seven.roles) == (None, None, False, ("Clerk",))
    assert kim.person == PersonRef(PersonKey.ENTITY_ID, "Kim: Park")
    assert (kim.active, kim.access, kim.exactly, kim.roles, kim.positions) == (None, None, False, (), {})


def test_every_part_has_its_place(tmp_path: Path) -> None:
    dana, seven, _ = employees(TEXT, tmp_path)
    lines = TEXT.splitlines()
    expected = {
        "active": "active:",
        "access": "access:",
        "roles": "roles:",
        "roles.0": "Administrator,",
        "roles.1": "customrole_clerk]",
    }

    assert set(dana.positions) == set(expected)
    for name, text in expected.items():
        place = dana.at(name)
        assert lines[place.line - 1][place.column - 1 :].startswith(text)
    assert str(dana.position) == f"{tmp_path}/a.yaml:3:3"
    assert seven.at("active", "roles.0") == seven.at("roles.0")


def test_a_file_without_the_section_asks_for_nothing(tmp_path: Path) -> None:
    assert employees('netsuite: {account: "1", endpoint: emulator}', tmp_path) == ()


@pytest.mark.parametrize("roles", ["Connector, Administrator", "CONNECTOR, administrator, Other"])
def test_an_owner_may_be_declared_with_exactly_what_they_need(roles: str, tmp_path: Path) -> None:
    text = f"""\
integrations:
  connector: {{application: A, owner: dana@example.com, token_role: Connector, required_roles: [Administrator]}}
employees:
  DANA@example.com: {{active: true, access: true, roles: {{exactly: [{roles}]}}}}
"""

    assert diagnostics(text, tmp_path) == ()


def test_a_contradiction_names_both_places(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "integrations:\n  connector: {application: A, owner: dana@example.com, token_role: Connector}\n"
    )

    (found,) = diagnostics("extends: base.yaml\nemployees:\n  dana@example.com: {active: false}\n", tmp_path)

    assert found.rule == "owner-contradicts-employees"
    assert found.address == 'employees."dana@example.com".active'
    assert str(found.position) == f"{tmp_path}/a.yaml:4:30"
    assert f"({tmp_path}/base.yaml:2)" in found.detail
    assert found.hint == "name another owner, or write true"


def test_the_same_name_of_another_kind_is_another_person(tmp_path: Path) -> None:
    text = """\
integrations:
  connector: {application: A, owner: {external_id: HR-7}, token_role: Connector}
employees:
  entity_id:HR-7: {active: false}
  external_id:hr-7: {active: false}
"""

    assert diagnostics(text, tmp_path) == ()


def test_no_role_left_says_what_to_do_instead(tmp_path: Path) -> None:
    (found,) = diagnostics("employees: {dana@example.com: {roles: {exactly: []}}}", tmp_path)

    assert (found.rule, found.summary) == ("no-role-left", "Nobody loses the last role")
    assert found.hint == "name a role, or write access: false to shut a person out"
