"""`import` as its user calls it: to the terminal, to a new file, beside a file that is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.cli.writing import UnwritableError, write_new
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import CONNECTOR, Emulator


@pytest.fixture
def emulator(netsuite_emulator: Emulator) -> Emulator:
    return netsuite_emulator


def looking(workspace: Workspace, emulator: Emulator, **more: Any) -> Path:
    """A file that has `netsuite:` only, and what else is given."""
    workspace.production(emulator)
    content = an_environment(emulator.url)
    del content["integrations"]
    return written(workspace, content | more)


def written(workspace: Workspace, content: dict[str, Any]) -> Path:
    """As a person would write it, and not as JSON."""
    file = workspace.folder / "environments" / "production.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return file


def test_what_is_imported_plans_empty(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)

    result = workspace.run("import", "production", "--employees", "--out", "environments/imported.yaml")

    assert result.code == 0
    assert "Wrote environments/imported.yaml." in result.err
    assert workspace.run("plan", "imported", "--detailed-exitcode").code == 0
    assert workspace.run("validate").code == 0
    assert emulator.writes() == []


def test_to_stdout_is_the_same_file(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    workspace.run("import", "production", "--out", "imported.yaml")

    assert workspace.run("import", "production").out == Path("imported.yaml").read_text("utf-8")


def test_what_a_person_wrote_around_it_stays(workspace: Workspace, emulator: Emulator) -> None:
    file = looking(workspace, emulator)
    before = f"# ours\n{file.read_text('utf-8')}"
    after = "\n# why five\nguards:\n  max_removals: 5\n"
    file.write_text(before + "integrations: {}\n" + after, "utf-8")

    text = workspace.run("import", "production").out

    assert text.startswith(before)
    assert text.endswith(after)
    assert f"application: {CONNECTOR}" in text
    assert text.count("integrations:") == 1


def test_settings_that_no_account_shows_are_kept(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url, owner="ann@example.com", quiet_period="36h", seen_within="3d")
    integrations = content["integrations"]
    content["integrations"] = {"the-shop": integrations["netsuite-connector"]}
    written(workspace, content)

    text = workspace.run("import", "production").out

    assert "  the-shop:\n" in text
    assert "quiet_period: 36h" in text
    assert "seen_within: 3d" in text
    assert "netsuite-connector:" not in text


def test_a_default_that_the_file_spells_out_stays(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    spelt = an_environment(emulator.url, owner="ann@example.com", previous_owner="retire")
    written(workspace, spelt)
    assert "    previous_owner: retire\n" in workspace.run("import", "production").out

    del spelt["integrations"]["netsuite-connector"]["previous_owner"]
    written(workspace, spelt)
    assert "previous_owner" not in workspace.run("import", "production").out


def test_what_is_not_taken_over_is_told(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url, owner="ann@example.com")
    content["integrations"]["a-new-one"] = {
        "application": "New",
        "owner": "ann@example.com",
        "token_role": "Administrator",
    }
    content["employees"] = {"lee.wong@example.com": {"access": True}}
    file = written(workspace, content)
    text = file.read_text("utf-8")
    text = text.replace("owner: ann@example.com", "owner: ann@example.com  # until May", 1)
    file.write_text(text.replace("employees:", "employees:\n  # the administrator on duty"), "utf-8")

    told = workspace.run("import", "production").err

    assert (
        "Not taken over from environments/production.yaml: integrations.a-new-one, "
        'employees."lee.wong@example.com", 2 comments; --diff shows what is different.\n'
    ) in told
    only = workspace.run("import", "production", "--only", "integrations.netsuite-connector").err
    assert "Not taken over from environments/production.yaml: 2 comments;" in only


def test_where_all_is_taken_over_nothing_is_told(workspace: Workspace, emulator: Emulator) -> None:
    file = looking(workspace, emulator)
    # A sign within quotes begins no comment, and comments around the sections stay.
    file.write_text("# ours\n" + file.read_text("utf-8") + "waivers: []  # none yet\nguards: {freeze: []}\n", "utf-8")
    workspace.run("import", "production", "--out", "environments/imported.yaml")

    assert "Not taken over" not in workspace.run("import", "production").err
    assert "Not taken over" not in workspace.run("import", "imported").err


def test_nothing_is_ever_overwritten(workspace: Workspace, emulator: Emulator) -> None:
    file = looking(workspace, emulator)
    before = file.read_bytes()

    result = workspace.run("import", "production", "--out", str(file))

    assert result.code == 64
    assert "overwrites nothing" in result.err
    assert file.read_bytes() == before
    assert emulator.requests() == [], "refused before anybody is asked"


def test_a_difference_is_shown_and_nothing_written(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    workspace.run("import", "production", "--out", "environments/imported.yaml")
    before = Path("environments/imported.yaml").read_text("utf-8")
    assert workspace.run("import", "imported", "--diff").out == ""
    emulator.act("integrations/Shipping%20Hub", state="Blocked")

    result = workspace.run("import", "imported", "--diff")

    assert "-  shipping-hub:" in result.out
    assert "+  # TO DECIDE: The integration record is Blocked" in result.out
    assert Path("environments/imported.yaml").read_text("utf-8") == before


def test_a_file_in_braces_is_left_to_its_author(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    content = an_environment(emulator.url)
    del content["integrations"]
    workspace.write("production", content)

    result = workspace.run("import", "production")

    assert (result.code, result.out) == (64, "")
    assert "do not stand on lines of their own" in result.err


def test_importing_again_repeats_nothing(workspace: Workspace, emulator: Emulator) -> None:
    """Also where nothing is clear, so that every section is a comment as a whole."""
    looking(workspace, emulator)
    emulator.act("integrations/Shipping%20Hub", state="Blocked")
    emulator.act("integrations/NetSuite%20Connector", state="Blocked")
    workspace.run("import", "production", "--out", "environments/imported.yaml")
    text = Path("environments/imported.yaml").read_text("utf-8")
    assert "# integrations:" in text.splitlines()

    assert workspace.run("import", "imported").out == text


def test_globs_choose(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)

    one = workspace.run("import", "production", "--only", "integrations.ship*").out
    people = workspace.run("import", "production", "--employees", "--only", "employees.*").out

    assert ("shipping-hub:" in one, "netsuite-connector:" in one) == (True, False)
    assert ("integrations:" in people, "ann@example.com:" in people) == (False, True)
    assert workspace.run("import", "production", "--only", "integrations.nothing*").code == 64


def test_only_owners_of_tokens_are_declared(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)

    text = workspace.run("import", "production", "--employees").out

    assert "ann@example.com:" in text
    assert "dana.ortiz@example.com" not in text, "who owns no token"


def test_an_account_that_no_file_describes(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    described = ("--account", "1234567", "--login", "tba", "--endpoint", emulator.url)

    result = workspace.run("import", *described, "--out", "environments/fresh.yaml")

    assert result.code == 0
    text = Path("environments/fresh.yaml").read_text("utf-8")
    assert "consumer_secret: env:NETSUITE_CONSUMER_SECRET" in text
    kinds = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    assert not [kind for kind in kinds if emulator.credentials()[kind] in text]
    assert workspace.run("plan", "fresh", "--detailed-exitcode").code == 0


def test_a_secret_in_place_of_a_reference_is_not_repeated(workspace: Workspace, emulator: Emulator) -> None:
    described = ("--account", "1234567", "--login", "tba", "--endpoint", emulator.url)

    literal = workspace.run("import", *described, "--reference", "token_secret=s3cr3tvalue0")
    bare = workspace.run("import", *described, "--reference", "s3cr3tvalue0")

    assert (literal.code, bare.code) == (3, 64)
    assert "s3cr3tvalue0" not in literal.out + literal.err + bare.out + bare.err


def test_other_references_are_taken(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.environ("RECONCILER_OTHER", emulator.credentials()["token_secret"])
    described = ("--account", "1234567", "--login", "tba", "--endpoint", emulator.url)

    text = workspace.run("import", *described, "--reference", "token_secret=env:RECONCILER_OTHER").out

    assert "token_secret: env:RECONCILER_OTHER" in text


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("production", "--login", "tba"),
        ("production", "--endpoint", "emulator"),
        ("--account", "1234567"),
        ("--account", "1234567", "--login", "password"),
        ("--account", "1234567", "--endpoint", "emulator", "--reference", "token_id=env:NETSUITE_X"),
        ("--account", "1234567", "--login", "tba", "--reference", "colour=env:NETSUITE_X"),
    ],
)
def test_wrong_usage(workspace: Workspace, emulator: Emulator, arguments: tuple[str, ...]) -> None:
    looking(workspace, emulator)

    assert workspace.run("import", *arguments).code == 64


def test_what_cannot_be_read_is_not_taken_for_nothing(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    emulator.act("roles/1052", permissions={"ADMI_MANAGE_OAUTH_TOKENS": None})

    result = workspace.run("import", "production", "--out", "imported.yaml")

    assert result.code == 4
    assert not Path("imported.yaml").exists()


TOKEN = {"user": "priya.nair@example.com", "role": "Shipping Hub Web Services"}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("tokens", {"application": "Shipping Hub", **TOKEN, "name": "second"}, "2 tokens are live"),
        ("tokens/103/deactivate", {}, "No token is live (there is an inactive one)"),
        ("tokens/103/revoke", {}, "No token is live (none was made, or all are revoked)"),
        ("employees/priya.nair@example.com", {"active": False}, "is inactive: name another one"),
        ("employees/priya.nair@example.com", {"access": False}, "has no access: name another one"),
        ("employees/priya.nair@example.com/roles", {"remove": [TOKEN["role"]]}, "the token cannot log in"),
        ("integrations/Shipping%20Hub", {"state": "Blocked"}, "The integration record is Blocked"),
    ],
)
def test_what_is_not_clear_is_left_to_decide(
    workspace: Workspace, emulator: Emulator, path: str, body: dict[str, Any], said: str
) -> None:
    looking(workspace, emulator)
    emulator.act(path, **body)

    result = workspace.run("import", "production")

    assert result.code == 0
    sentences = [line for line in result.out.splitlines() if "TO DECIDE: " in line]
    assert any(said in one for one in sentences), sentences
    assert "  # shipping-hub:" in result.out
    assert "left for you to decide" in result.err


def test_a_commented_entry_works_once_its_marks_are_gone(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    emulator.act("tokens", application="Shipping Hub", **TOKEN, name="second")
    lines = workspace.run("import", "production").out.splitlines()
    begin = lines.index("  # shipping-hub:")
    freed = lines[:begin] + [line.replace("  # ", "  ", 1) for line in lines[begin:]]
    Path("environments/freed.yaml").write_text("\n".join(freed) + "\n", "utf-8")

    assert workspace.run("validate", "freed").code == 0
    assert "shipping-hub" in workspace.run("plan", "freed").out


def test_what_the_tool_logs_in_with_is_no_entry_that_a_person_could_free(workspace: Workspace) -> None:
    """The story's tool has a token that reads and one that writes; only their record says that they belong together."""
    given = ("--account", "1234567", "--endpoint", "emulator")
    told = workspace.run("import", *given, "--out", "environments/found.yaml")
    text = Path("environments/found.yaml").read_text("utf-8")

    assert told.code == 0
    assert "  # Left out: Reconciler: this tool itself logs in with token" in text
    assert "application: Reconciler" not in text
    assert "TO DECIDE" not in text


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text("somebody else's\n", encoding="utf-8")
    with pytest.raises(UnwritableError):
        write_new(file, "ours\n")

    assert file.read_text("utf-8") == "somebody else's\n"
    assert list(tmp_path.iterdir()) == [file]
