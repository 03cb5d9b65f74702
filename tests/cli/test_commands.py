"""The contract of the command line: names, options, exit codes, where output goes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from reconciler import __version__
from reconciler.cli.exit_codes import ExitCode, worst
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator, serving


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with serving() as running:
        yield running


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nope"],
        ["nope"],
        ["plan", "--nope"],
        ["apply"],
        ["plan", "nowhere"],
        ["plan", "--output", "yaml"],
        ["plan", "--output", "json="],
        ["plan", "--output", "json", "--output", "text"],
        ["schema", "nope"],
        ["show"],
        [],
    ],
)
def test_wrong_usage_is_64_and_never_reads_as_drift(workspace: Workspace, arguments: list[str]) -> None:
    result = workspace.run(*arguments)

    assert result.code == ExitCode.USAGE
    assert result.out == ""
    assert result.err


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["plan", "--ouput", "json"], "reconciler plan"),
        (["emulator", "serve", "--prt", "1"], "reconciler emulator serve"),
        (["apply"], "reconciler apply"),
        (["--nope"], "reconciler"),
        (["nope"], "reconciler"),
    ],
)
def test_wrong_usage_points_to_the_help_of_the_command_itself(
    workspace: Workspace, arguments: list[str], command: str
) -> None:
    said = workspace.run(*arguments).err

    assert said.startswith("Error: Wrong usage [usage]\n")
    assert f"`{command} --help` tells what there is\n" in said


def test_an_option_that_is_nearly_one_is_named(workspace: Workspace) -> None:
    said = workspace.run("plan", "--ouput", "json").err

    assert "  No such option: --ouput.\n" in said
    assert "  hint: did you mean --output? `reconciler plan --help` tells what there is\n" in said


def test_the_version_stands_in_one_place(workspace: Workspace) -> None:
    assert workspace.run("--version").out == f"reconciler {__version__}\n"


@pytest.mark.parametrize("group", [[], ["emulator"]])
def test_no_command_is_cut_short_in_the_list(workspace: Workspace, group: list[str]) -> None:
    shown = workspace.run(*group, "--help").out.partition("Commands:")[2]

    assert shown.strip()
    assert "..." not in shown


def test_help_names_every_command(workspace: Workspace) -> None:
    result = workspace.run("--help")

    assert result.code == 0
    for command in ("validate", "plan", "apply", "show", "schema", "emulator"):
        assert f"\n  {command} " in result.out


def test_a_plan_that_was_saved_in_another_format_says_how_to_save_one(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.run("plan", "production", "--output", "html=plan.html", "--output", "json=plan.json")

    for command in ("apply", "plan"):
        result = workspace.run(command, "plan.html")
        assert result.code == 64
        assert "the file plan.html is none: theirs end in .yaml" in result.err
        assert "reconciler plan ENV --output json=plan.json" in result.err
    missing = workspace.run("show", "plam.json")
    assert missing.code == 1
    assert missing.err.splitlines()[:3] == [
        "Error: Not a saved plan [plan-file]",
        "  There is no file plam.json.",
        '  hint: did you mean "plan.json"?',
    ]


def test_what_is_wrong_is_wrapped_for_whoever_reads_it_on_a_terminal(workspace: Workspace) -> None:
    long = f"{'a-name ' * 12}.html"
    one_line = workspace.run("plan", long).err
    workspace.environ("COLUMNS", "60")
    narrow = workspace.run("plan", long).err

    assert max(map(len, one_line.splitlines())) > 80
    assert max(map(len, narrow.splitlines())) <= 60
    assert narrow.split() == one_line.split()


def test_a_misspelt_environment_names_the_nearest(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    result = workspace.run("plan", "prodution")

    assert result.code == 64
    assert "production" in result.err


def test_validate_needs_neither_network_nor_secrets(workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    result = workspace.run("validate")

    assert (result.code, result.out) == (0, "1 file checked: all valid\n")


def test_validate_tells_everything_that_is_wrong_at_once(workspace: Workspace) -> None:
    content = an_environment("http://127.0.0.1:9", owner="")
    content["integrations"]["netsuite-connector"]["tokn_role"] = "x"
    workspace.write("production", content)
    result = workspace.run("validate", "--output", "json")
    document = json.loads(result.out)

    assert result.code == 3
    assert document["valid"] is False
    assert document["error_count"] >= 2
    assert all(item["position"]["line"] > 1 for item in document["diagnostics"])


@pytest.mark.parametrize(
    "name", ["environment", "plan", "emulator-seed", "journal", "handover", "review", "verification"]
)
def test_every_schema_is_printed_and_is_one(workspace: Workspace, name: str) -> None:
    printed = json.loads(workspace.run("schema", name).out)

    jsonschema.Draft202012Validator.check_schema(printed)
    assert name in workspace.run("schema").out.splitlines()


def test_a_plan_is_as_its_schema_says(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    schema = json.loads(workspace.run("schema", "plan").out)
    plan = json.loads(workspace.run("plan", "production", "--output", "json").out)

    jsonschema.validate(plan, schema, jsonschema.Draft202012Validator)


def test_several_environments_make_one_document_and_failures_stand_in_it(
    workspace: Workspace, emulator: Emulator
) -> None:
    workspace.production(emulator)
    (workspace.folder / "environments" / "broken.yaml").write_text("netsuite: {account: 1}\n")
    schema = json.loads(workspace.run("schema", "plan").out)
    document = json.loads(workspace.run("plan", "--output", "json").out)

    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    assert [one["environment"] for one in document["environments"]] == ["broken", "production"]
    assert document["environments"][0]["errored"] is True


def test_every_change_names_the_line_that_asked_for_it(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    lines = (workspace.folder / "environments" / "production.yaml").read_text().splitlines()
    plan = json.loads(workspace.run("plan", "production", "--output", "json").out)

    found = {change["reason"]: lines[change["declared_at"]["line"] - 1].strip() for change in plan["changes"]}
    assert found == {
        "owner-differs": '"owner": "dana.ortiz@example.com",',
        "token-role-missing": '"token_role": "NetSuite Connector Web Services",',
        "previous-owner": '"owner": "dana.ortiz@example.com",',
    }


def test_equal_input_gives_equal_bytes(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    first = workspace.run("plan", "production", "--output", "json").out

    assert workspace.run("plan", "production", "--output", "json").out == first


def test_text_and_json_come_from_one_run(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    file = workspace.folder / "plan.json"
    result = workspace.run("plan", "production", "--output", "text", "--output", f"json={file}")

    assert "Plan: 1 to create, 1 to replace, 1 to delete." in result.out
    assert json.loads(file.read_text())["summary"]["replace"] == 1


def test_a_file_that_cannot_be_written_is_told(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    result = workspace.run("plan", "production", "--output", "json=nowhere/plan.json")

    assert result.code == 1
    assert "nowhere/plan.json cannot be written" in result.err


def test_changes_are_told_by_the_exit_code_only_when_asked(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)

    assert workspace.run("plan", "production").code == 0
    assert workspace.run("plan", "production", "--detailed-exitcode").code == 2


def test_without_a_terminal_and_approval_nothing_is_written(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    result = workspace.run("apply", "production")

    assert result.code == 64
    assert "--auto-approve" in result.err
    assert emulator.writes() == []


def test_without_a_writing_login_apply_observes_and_waits(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url)
    del content["netsuite"]["apply_login"]
    workspace.write("production", content)

    assert workspace.run("apply", "production").code == 0
    result = workspace.run("apply", "production", "--detailed-exitcode")
    assert result.code == 10
    assert "Waiting for a person: grant NetSuite Connector Web Services" in result.out
    assert emulator.writes() == []


def test_a_file_with_only_netsuite_is_for_looking(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url)
    del content["integrations"]
    workspace.write("production", content)
    result = workspace.run("plan", "production", "--detailed-exitcode")

    assert result.code == 0
    assert "No changes." in result.out


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((0, 2, 10), 10), ((5, 10), 5), ((3, 4), 4), ((1, 9), 9), ((9, 8), 8), ((8, 130), 130), ((6, 7), 6), ((), 0)],
)
def test_the_worst_code_wins_in_the_published_order(codes: tuple[int, ...], expected: int) -> None:
    assert worst(ExitCode(code) for code in codes) == expected


LOADED = "import sys; from reconciler.cli.main import main; main({!r}); print(*sorted(sys.modules), file=sys.stderr)"
HEAVY = {"requests", "deepdiff", "rich", "jinja2", "sqlglot", "urllib3", "jwt", "cryptography", "reconciler.core.plan"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["validate"], ["schema", "plan"], ["explain", "gap"]])
def test_light_commands_load_nothing_heavy(workspace: Workspace, arguments: list[str]) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    call = [sys.executable, "-c", LOADED.format(arguments)]
    done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603  our own program

    assert HEAVY.isdisjoint(done.stderr.split())


WRITING = {f"reconciler.{name}" for name in ("pipeline", "executor", "core.journal", "netsuite.employee_writer")}
OF_OTHERS = {f"reconciler.{name}" for name in ("core.traffic", "core.access", "store.lock", "inspection")}


def test_a_plan_loads_nothing_that_writes_and_nothing_of_other_commands(
    workspace: Workspace, emulator: Emulator
) -> None:
    workspace.production(emulator)
    call = [sys.executable, "-c", LOADED.format(["plan", "production"])]
    done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603  our own program
    loaded = set(done.stderr.split())

    assert "reconciler.core.plan" in loaded
    assert not (WRITING | OF_OTHERS) & loaded


@pytest.mark.parametrize("names", [[], ["production"], ["environments/production.yaml", "other"], ["missing"], [""]])
def test_validate_says_the_same_whether_its_arguments_need_parsing_or_not(
    workspace: Workspace, names: list[str]
) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    workspace.write("other", {"version": 2})
    script = LOADED.replace("main({!r})", "code = main({!r})") + "; sys.exit(code)"
    plain, parsed = (
        subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", script.format(["validate", *names, *options])],
            check=False,
            capture_output=True,
            text=True,
        )
        for options in ([], ["--environments", "environments"])
    )
    *said, loaded = plain.stderr.splitlines()
    *said_when_parsed, loaded_when_parsed = parsed.stderr.splitlines()

    assert (plain.returncode, plain.stdout, said) == (parsed.returncode, parsed.stdout, said_when_parsed)
    assert "typer" not in loaded.split()
    assert "typer" in loaded_when_parsed.split()


def test_templates_are_loaded_for_pages_only(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.run("plan", "production", "--output", "json=plan.json")
    loaded = []
    for form in ("text", "markdown", "sarif", "github", "html"):
        call = [sys.executable, "-c", LOADED.format(["show", "plan.json", "--output", form])]
        done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603  our own program
        loaded += [form] if "jinja2" in done.stderr.split() else []

    assert loaded == ["html"]


@pytest.mark.parametrize("call", [["-m", "reconciler"], [str(Path(sys.executable).with_name("reconciler"))]])
def test_module_and_console_script_are_the_same(call: list[str]) -> None:
    command = [sys.executable, *call, "--version"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own program

    assert done.stdout == f"reconciler {__version__}\n"


def test_a_saved_plan_is_shown_as_it_was_printed(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    file = workspace.folder / "plan.json"
    printed = workspace.run("plan", "production", "--output", "text", "--output", f"json={file}").out

    assert workspace.run("show", str(file)).out == printed
    assert workspace.run("show", str(file), "--output", "json").out == file.read_text("utf-8")


def test_something_else_than_a_plan_is_refused(workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    result = workspace.run("show", "environments/production.yaml")

    assert result.code == 1
    assert "Not a saved plan [plan-file]" in result.err
