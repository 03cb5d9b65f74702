"""The command: its outputs, what they are held against, and its exit codes."""

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.config.schema_files import schema_text
from tests.scenarios.conftest import Desk
from tests.support.emulator import Emulator

FORMATS = ("text", "json", "csv", "markdown", "html", "sarif")


def written(desk: Desk, name: str, *options: str) -> dict[str, Any]:
    code, _ = desk.run("review", "production", "--output", f"json={desk.folder}/{name}", *options)
    assert code == 0
    document: dict[str, Any] = json.loads((desk.folder / name).read_text("utf-8"))
    return document


def test_two_reviews_of_the_same_facts_have_the_same_extract(desk: Desk, healthy: Emulator) -> None:
    """Hours and a day later, after the first look left its own rows in the audit trail."""
    first = written(desk, "first.json")
    healthy.later("3h")
    second = written(desk, "second.json")
    healthy.later("25h")
    third = written(desk, "third.json")

    assert first["extract"] == second["extract"] == third["extract"]
    assert first["sha256"] == second["sha256"] == third["sha256"]
    assert first["run"]["read_at"] != second["run"]["read_at"]


@pytest.mark.parametrize("form", FORMATS)
def test_equal_facts_give_equal_bytes(desk: Desk, troubled: Emulator, form: str) -> None:
    outputs: list[bytes] = []
    for name in ("one", "two"):
        troubled.reset("moment")
        code, _ = desk.run("review", "production", "--output", f"{form}={desk.folder}/{name}")
        assert code == 0
        outputs.append((desk.folder / name).read_bytes())

    if form == "json":
        outputs = [json.dumps(json.loads(one)["extract"]).encode() for one in outputs]
    assert outputs[0] == outputs[1]


def test_the_document_is_as_its_schema_says(desk: Desk, troubled: Emulator) -> None:
    document = written(desk, "review.json")

    validator = Draft202012Validator(json.loads(schema_text("review")))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["run"]["tool"].startswith("reconciler ")
    assert document["extract"]["read_as"]["employee"] == "svc.reader@example.com"
    for query in document["run"]["queries"]:
        assert query["text"].startswith("SELECT ")
        assert query["rows"] >= 0


def test_anybody_can_check_the_seal_without_this_tool(desk: Desk, troubled: Emulator) -> None:
    document = written(desk, "review.json")
    sorted_json = ("jq", "-jcS", ".extract", str(desk.folder / "review.json"))
    try:
        extract = subprocess.run(sorted_json, check=True, capture_output=True).stdout  # noqa: S603  a fixed command
    except FileNotFoundError:
        extract = json.dumps(document["extract"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (desk.folder / "extract").write_bytes(extract)
    told = subprocess.run(
        ("/usr/bin/sha256sum", "extract"), cwd=desk.folder, check=True, capture_output=True, text=True
    ).stdout

    assert document["sha256"] == f"sha256:{told.split()[0]}"


def test_a_name_like_a_formula_is_text_in_a_spreadsheet(desk: Desk, healthy: Emulator) -> None:
    _, said = desk.run("review", "production", "--output", "csv")

    rows = list(csv.DictReader(io.StringIO(said)))
    assert "'=cmd|'/C calc'!A0" in {row["name"] for row in rows}
    assert not any(cell.lstrip(" '\"")[:1] in set("=+-@|%") and not cell.startswith("'")
                   for row in rows for cell in row.values())  # fmt: skip
    assert {(row["kind"], row["employee"], row["role"], row["token"]) for row in rows} >= {
        ("role", "dana.ortiz@example.com", "Administrator", ""),
        ("token", "priya.nair@example.com", "Shipping Hub Web Services", "hub"),
    }


def add_role(emulator: Emulator, person: str, role: str) -> None:
    emulator.act(f"employees/{person}/roles", **{"as": "lee.wong@example.com", "add": [role]})


@pytest.mark.parametrize(("severity", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on_counts_from_its_severity_on(desk: Desk, healthy: Emulator, severity: str, code: int) -> None:
    healthy.act(
        "employees/ann@example.com/roles", **{"as": "lee.wong@example.com", "add": ["Shipping Hub Web Services"]}
    )

    assert desk.run("review", "production", "--fail-on", severity)[0] == code


def test_fail_on_passes_where_nothing_is_found(desk: Desk, healthy: Emulator) -> None:
    assert desk.run("review", "production", "--fail-on", "info")[0] == 0


def test_fail_on_something_else_is_wrong_usage(desk: Desk, healthy: Emulator) -> None:
    code, said = desk.run("review", "production", "--fail-on", "fatal")

    assert code == 64
    assert "write error, warning, info" in said


def waive(desk: Desk, **different: str) -> None:
    waiver = {
        "finding": "stray-role-holder",
        "address": "integrations.shipping-hub",
        "reason": "stands in until spring",
        "owner": "it@example.com",
        "expires": "2027-04-01",
    } | different
    file = desk.folder / "environments" / "production.yaml"
    file.write_text(file.read_text("utf-8") + f"waivers:\n  - {json.dumps(waiver)}\n", "utf-8")


def test_an_accepted_finding_does_not_fail_and_is_shown(desk: Desk, healthy: Emulator) -> None:
    healthy.act(
        "employees/ann@example.com/roles", **{"as": "lee.wong@example.com", "add": ["Shipping Hub Web Services"]}
    )
    waive(desk)

    code, said = desk.run("review", "production", "--fail-on", "info")

    assert code == 0
    assert "Accepted by it@example.com until 2027-04-01: stands in until spring" in " ".join(said.split())
    assert "no findings, 1 accepted" in said


def test_a_waiver_that_is_over_fails_at_its_line(desk: Desk, healthy: Emulator) -> None:
    waive(desk, expires="2026-11-22")

    code, said = desk.run("review", "production", "--fail-on", "error")

    lines = (desk.folder / "environments" / "production.yaml").read_text("utf-8").splitlines()
    assert code == 1
    assert f"[waiver-expired]\n  environments/production.yaml:{len(lines)}:5" in said


def test_compare_tells_what_changed_since(desk: Desk, healthy: Emulator) -> None:
    written(desk, "before.json")
    add_role(healthy, "ann@example.com", "Accountant")

    code, said = desk.run("review", "production", "--compare", "before.json")

    assert code == 0
    assert "Changed since 2026-11-22T12:" in said
    assert "role gained: Accountant: ann@example.com" in said


def test_compare_with_itself_tells_nothing(desk: Desk, healthy: Emulator) -> None:
    written(desk, "before.json")

    assert "\n  nothing\n" in desk.run("review", "production", "--compare", "before.json")[1]


def changed(before: dict[str, Any], desk: Desk, **different: Any) -> None:
    (desk.folder / "before.json").write_text(json.dumps(before | different), "utf-8")


def test_a_review_that_somebody_changed_is_refused(desk: Desk, healthy: Emulator) -> None:
    before = written(desk, "before.json")
    before["extract"]["people"] = before["extract"]["people"][1:]
    changed(before, desk)

    code, said = desk.run("review", "production", "--compare", "before.json")

    assert code == 1
    assert "does not fit its checksum" in said


def test_a_review_of_another_account_environment_or_form_is_refused(desk: Desk, healthy: Emulator) -> None:
    before = written(desk, "before.json")
    for different, words in (
        ({"account": "7654321"}, "is about account 7654321"),
        ({"environment": "sandbox"}, "holds no review of production"),
        ({"format_version": "2.0"}, "has format_version 2.0"),
        ({"extract": 1}, "is no review"),
    ):
        changed(before, desk, **different)
        code, said = desk.run("review", "production", "--compare", "before.json")
        assert (code, words in " ".join(said.split())) == (1, True), said
    assert desk.run("review", "production", "--compare", "gone.json")[0] == 1


def decide(desk: Desk, document: dict[str, Any], *but: str, verdict: str = "keep") -> Path:
    """A decision on everything, where `verdict` is that on roles of these names."""
    day = {"reviewer": "ciso@example.com", "reason": "asked the team", "date": "2026-11-20"}
    extract = document["extract"]
    made = [
        {
            "employee": person["email"],
            "role": role["name"],
            "decision": verdict if role["name"] in but else "keep",
            **day,
        }
        for person in extract["people"]
        for role in person["roles"]
    ]
    made += [
        {
            "employee": token["owner"],
            "role": token["role"],
            "application": token["application"],
            "token": token["name"],
            "decision": "keep",
            **day,
        }
        for token in extract["tokens"]
    ]
    file = desk.folder / "decisions.yaml"
    content = {"version": 1, "environment": "production", "extract": document["sha256"], "decisions": made}
    file.write_text(json.dumps(content, indent=1), "utf-8")
    return file


def test_decisions_on_everything_are_enough(desk: Desk, healthy: Emulator) -> None:
    file = decide(desk, written(desk, "review.json"))

    code, said = desk.run("review", "production", "--decisions", str(file), "--fail-on", "info")

    assert code == 0
    assert "10 of 10 decided" in said


def test_what_was_to_be_removed_fails_until_it_is_gone(desk: Desk, healthy: Emulator) -> None:
    add_role(healthy, "marco.silva@example.com", "Shipping Hub Web Services")
    file = decide(desk, written(desk, "review.json"), "Accountant", verdict="remove")

    code, said = desk.run("review", "production", "--decisions", str(file), "--fail-on", "error")
    healthy.act("employees/marco.silva@example.com/roles", **{"as": "lee.wong@example.com", "remove": ["Accountant"]})
    after, _ = desk.run("review", "production", "--decisions", str(file), "--fail-on", "error")

    assert (code, after) == (1, 0)
    assert "[decision-not-carried-out]\n  decisions.yaml:" in said.replace(f"{desk.folder}/", "")


def test_a_decisions_file_that_is_none_is_told_by_line(desk: Desk, healthy: Emulator) -> None:
    file = desk.folder / "decisions.yaml"
    begin = "version: 1\nenvironment: production\ndecisions:\n  - {employee: a@example.com, role: x"
    day = '"2026-02-30"'
    for text, words in (
        (f"{begin}}}\n", "decisions.yaml:4:5"),
        (f"{begin}, decision: keep, reviewer: c@d.e, reason: y, date: {day}}}\n", "There is no 2026-02-30"),
        ("version: 1\nenvironment: other\ndecisions: []\n", "which is not reviewed here"),
    ):
        file.write_text(text, "utf-8")
        code, said = desk.run("review", "production", "--decisions", "decisions.yaml")
        assert (code in {3, 64}, words in said) == (True, True), said


def test_a_gap_makes_the_review_incomplete_and_never_zero(desk: Desk, healthy: Emulator) -> None:
    """A role that may not see tokens is told so; what rests on them is not judged."""
    hidden = {"ADMI_MANAGE_OAUTH_TOKENS": None}
    healthy.act("roles/Reconciler%20Reader", **{"as": "lee.wong@example.com", "permissions": hidden})

    code, said = desk.run("review", "production", "--output", "text", "--output", f"json={desk.folder}/review.json")
    document = json.loads((desk.folder / "review.json").read_text("utf-8"))

    assert code == 4
    assert "Incomplete: this is no review of everybody" in " ".join(said.split())
    assert (document["complete"], document["extract"]["complete"]) == (False, False)
    assert "owner-inactive" in document["extract"]["not_judged"]
    assert document["extract"]["gaps"][0]["hint"]


def test_one_environment_that_fails_hides_no_other(desk: Desk, healthy: Emulator) -> None:
    broken = (
        (desk.folder / "environments" / "production.yaml").read_text("utf-8").replace("NETSUITE_TOKEN_ID", "NETSUITE_X")
    )
    (desk.folder / "environments" / "sandbox.yaml").write_text(broken, "utf-8")

    for form in FORMATS:
        code, said = desk.run("review", "--output", form)
        assert code == 4
        assert "dana.ortiz@example.com" in said or form == "sarif"
        assert "NETSUITE_X" in said or form == "csv"
        assert "sandbox" in said
