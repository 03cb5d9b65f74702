"""What the documents show is what really happens."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.formats import APPLY, EXPLAIN, PLAIN, PLAN, REVIEW, VALIDATE, VERIFY, Format
from reconciler.cli.main import main
from reconciler.core.guards import GUARDS
from reconciler.core.login_failure import SUMMARIES
from reconciler.core.profiles import LOOKING, WORKBOOK
from reconciler.core.review.rules import RULES
from tests.support.documents import CHECKED, ROOT, refreshed
from tests.support.documents import PAGES as DOCUMENTS
from tests.support.follower import is_runnable
from tests.support.reference import FOLDER, PAGES

MOST_LINES = 150


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_output_shown_is_the_real_one(path: Path) -> None:
    shown = path.read_text("utf-8")

    assert refreshed(shown) == shown, "run: python -m tests.support.documents"


def test_times_on_a_page_are_those_of_one_run() -> None:
    page = (
        "```console\n$ reconciler verify local | head -5\n```\n\n```console\n$ reconciler plan local | tail -1\n```\n"
    )
    fresh = refreshed(page)
    older = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2001-01-01 00:00 UTC", fresh)
    changed = older.replace("No step takes away", "No steps take away")

    assert older != fresh
    assert changed != older
    assert refreshed(older) == older
    assert "2001-01-01" not in refreshed(changed)
    assert "2001-01-01" not in refreshed(older, anew=True)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_reference_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "run: python -m tests.support.documents"


def test_the_reference_has_no_other_pages() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= MOST_LINES


def test_every_link_to_a_file_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)[)#]", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)}: {target}"


def test_the_guide_to_apply_lists_every_guard_and_who_may_override_it() -> None:
    text = (ROOT / "docs" / "apply.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (yes|no) \|$", text, re.MULTILINE))

    assert listed == {guard.rule: "no" if guard.is_final else "yes" for guard in GUARDS}


def test_the_guide_to_doctor_lists_every_cause_of_a_login_that_fails() -> None:
    text = (ROOT / "docs" / "doctor.md").read_text("utf-8")

    assert dict(re.findall(r"^\| `([a-z-]+)` \| ([A-Z].*) \|$", text, re.MULTILINE)) == SUMMARIES


def test_the_guide_to_outputs_says_which_command_offers_which() -> None:
    text = (ROOT / "docs" / "outputs.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([a-z]+)` \| .* \| ([a-z, `-]+) \|$", text, re.MULTILINE))
    offers = {
        "validate": VALIDATE,
        "plan": PLAN,
        "drift": PLAN,
        "show": PLAN,
        "apply": APPLY,
        "verify": VERIFY,
        "review": REVIEW,
        "explain": EXPLAIN,
    }
    expected = {form: ", ".join(name for name, forms in offers.items() if form in forms) for form in Format}

    assert listed == expected | dict.fromkeys(PLAIN, "every command with `--output`")


def test_every_link_to_a_section_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", path.read_text("utf-8")):
            assert anchor in anchors(path.parent / target if target else path), f"{path.name}: {target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """Sections as GitHub names them in addresses."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_table_has_a_head_and_rows_of_one_width(path: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for table in re.findall(r"(?:^\|.*\n)+", prose, re.MULTILINE):
        head, rule, *rows = table.splitlines()
        assert re.fullmatch(r"(\|-+)+\|", rule), f"{path.name}: no table begins with {head}"
        assert {width(row) for row in (head, *rows)} == {width(rule)}, f"{path.name}: the table of {head}"


def width(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row))


def test_the_guide_to_reviews_lists_every_finding_with_its_severity() -> None:
    text = (ROOT / "docs" / "review.md").read_text("utf-8").partition("## Settings")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \| ([a-z]+) \| .* \|$", text, re.MULTILINE)

    assert listed == [(rule.name, rule.severity) for rule in RULES]


def test_the_page_on_first_contact_asks_for_the_permissions_that_doctor_looks_for() -> None:
    text = (ROOT / "docs" / "how-to" / "first-contact.md").read_text("utf-8")
    listed = re.findall(r"^\| ([A-Z].+?) \| \w+ \| (\w+) \| .* \|$", text, re.MULTILINE)

    login = {"REST Web Services (Full)", "Log in using OAuth 2.0 Access Tokens (Full)"}
    assert {f"{name} ({level})" for name, level in listed} == login | {str(need) for need in (WORKBOOK, *LOOKING)}


def test_the_page_on_exit_codes_tells_each() -> None:
    text = (ROOT / "docs" / "how-to" / "exit-codes.md").read_text("utf-8")
    listed = re.findall(r"^\| \[?(\d+)\]?.* \| .* \| .* \|$", text, re.MULTILINE)

    assert [int(code) for code in listed] == list(ExitCode)


FOR_CONTRIBUTORS = ("CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md")


def test_the_pages_for_contributors_name_files_that_are_there() -> None:
    text = "".join((ROOT / page).read_text("utf-8") for page in FOR_CONTRIBUTORS)
    named = set(re.findall(r"`((?:reconciler|tests|schemas|docs|scripts)/[\w/.-]+)`", text))

    assert sorted(path for path in named if not (ROOT / path).exists()) == ["reconciler/render/to_tsv.py"]


def test_what_the_pages_for_contributors_name_beside_a_file_is_in_that_file() -> None:
    text = "".join((ROOT / page).read_text("utf-8") for page in FOR_CONTRIBUTORS)
    named = re.findall(r"`(\w+)`\s(?:\(|of |in )`((?:reconciler|tests)/[\w/]+\.py)`", text)

    assert len(named) > 15
    for name, path in named:
        code = (ROOT / path).read_text("utf-8")
        assert re.search(rf"^ *(?:class |def )?{name}\b", code, re.MULTILINE), f"{path}: {name}"


def test_the_pipeline_of_the_readme_uses_the_action_as_it_is() -> None:
    shown = re.search(r"## The pipeline.*?```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown
    (job,) = yaml.safe_load(shown[1])["jobs"].values()
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]

    (used,) = (step["with"] for step in job["steps"] if step["uses"].startswith("./"))
    assert used.keys() <= action.keys()
    assert f"{used['mode']}:" in action["mode"]["description"]


def test_no_page_installs_by_a_name_that_others_own_in_an_index() -> None:
    by_name = re.compile(r"(?:install|add|run) ['\"]?reconciler\b(?!(?:\[[^\]]*\])? @)")
    for path in DOCUMENTS:
        assert not by_name.search(path.read_text("utf-8")), path.name


def shapes() -> set[str]:
    """Commands of the tool that stand in a page with a placeholder, so that nobody runs them."""
    blocks = (
        block for path in DOCUMENTS for block in re.findall(r"```console\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    )
    commands = {line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")}
    return {command for command in commands if command.startswith("reconciler ") and not is_runnable(command)}


@pytest.mark.parametrize("command", sorted(shapes()))
def test_what_is_shown_with_a_placeholder_has_options_that_there_are(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, *words = shlex.split(command, comments=True)
    names = words[:2] if words[0] in {"emulator", "forge"} else words[:1]

    assert main([*names, "--help"]) == 0
    offered = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word not in offered] == []


def test_there_are_commands_with_placeholders() -> None:
    assert any(command.startswith("reconciler doctor ENV") for command in shapes())
