"""The catalogue of behaviours: each with a sentence, a source that can be opened, and switches that do something."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import catalogue
from reconciler.emulator.behaviours import (
    AREAS,
    BEHAVIOURS,
    SWITCHES,
    Behaviour,
    Known,
    Switches,
    UnknownBehaviourError,
)
from reconciler.emulator.behaviours.behaviour import NUMBER, TEXT
from reconciler.emulator.behaviours.sources import NOT_FOUND
from tests.emulator.clients import Emulator
from tests.emulator.test_program import run

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reconciler" / "emulator"
DOCUMENT = (ROOT / "docs" / "emulator.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "emulator-reference.md").read_text("utf-8")
SECTIONS = set(re.findall(r"^#+ (.+)$", REFERENCE, re.MULTILINE))
CODE = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.parent.name != "behaviours")
TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
# An address, which may have a word beside it, or that it was seen in public code.
TO_OPEN = re.compile(r"https?://[a-z0-9.-]+\.[a-z]+/\S+|\bpublic clients?\b")
OWN = re.compile(r"the emulator's own: docs/emulator-reference\.md, (.+)")
# Their positions stand in the answer as they are, or are handed on as they are.
HANDED_ON = {
    "login-error-code",
    "token-type",
    "token-error",
    "admin-record-status",
    "restlet-unknown-script-status",
    "token-flow-status",
    "revoketoken-refusal-status",
    "admin-record-code",
    "suiteql-date-format",
    "other-integrations-certificate",
    "role-assignment-permission",
    "integration-permission",
    "access-token-algorithm",
    "role-assignment-table",
}


def named(behaviour: Behaviour) -> str:
    return behaviour.name


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=named)
def test_every_behaviour_says_what_it_is(behaviour: Behaviour) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", behaviour.name)
    assert len(behaviour.text) > 10
    assert behaviour.text.isascii()
    assert not behaviour.text.endswith((".", " "))


def test_every_name_stands_once() -> None:
    assert [name for name, number in Counter(each.name for each in BEHAVIOURS).items() if number > 1] == []


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=named)
def test_every_source_can_be_opened_or_says_why_not(behaviour: Behaviour) -> None:
    assert behaviour.sources
    for source in behaviour.sources:
        own = OWN.fullmatch(source)
        if own:
            assert own.group(1) in SECTIONS, source
        else:
            assert TO_OPEN.search(source) or source == NOT_FOUND, source
        assert not re.search(r"\b[A-Z]:[0-9]", source), "a number that nobody else can look up"


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=named)
def test_how_sure_we_are_fits_the_sources(behaviour: Behaviour) -> None:
    has_own = any(OWN.fullmatch(source) for source in behaviour.sources)
    match behaviour.known:
        case Known.UNKNOWN:
            assert NOT_FOUND in behaviour.sources or any(TO_OPEN.search(source) for source in behaviour.sources)
        case Known.OWN:
            assert has_own
        case Known.CONFIRMED:
            assert NOT_FOUND not in behaviour.sources
        case Known.LIKELY:
            assert set(behaviour.sources) != {NOT_FOUND}


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=named)
def test_a_behaviour_without_positions_has_no_default(behaviour: Behaviour) -> None:
    assert bool(behaviour.values) == bool(behaviour.default)


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=named)
def test_every_default_is_accepted(switch: Behaviour) -> None:
    switches = Switches()

    switches.choose(switch.name, switch.default)

    assert switches.value(switch.name) == switch.default


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=named)
def test_every_position_is_used(switch: Behaviour) -> None:
    calls = (f'value("{switch.name}")', f'number("{switch.name}")')
    assert any(call in CODE for call in calls)
    if switch.name in HANDED_ON:
        return
    words = [value for value in switch.values if value not in {NUMBER, TEXT}]
    unused = [word for word in words if f'"{word}"' not in CODE]
    # One of them may be what happens otherwise.
    assert len(unused) <= 1, unused


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=named)
def test_every_switch_is_moved_by_a_test_of_its_own(switch: Behaviour) -> None:
    snake = switch.name.replace("-", "_")
    assert any(written in TESTS for written in (f"{snake}=", f'"{snake}"', f'"{switch.name}"'))


def test_a_fixed_behaviour_is_no_switch() -> None:
    with pytest.raises(UnknownBehaviourError, match="There is no behaviour"):
        Switches().choose("login-signature", "x")


def test_the_summary_counts_what_the_list_has() -> None:
    shown = run("behaviours", "--summary").stdout

    *rows, _, first, second = shown.splitlines()
    counted = {row[:40].strip(): tuple(int(number) for number in row[40:].split()) for row in rows[1:]}
    assert counted.keys() == AREAS.keys()
    for area, behaviours in AREAS.items():
        kinds = Counter(each.known for each in behaviours)
        assert counted[area] == (*(kinds[known] for known in Known), sum(bool(each.values) for each in behaviours))
    assert f"{first}\n{second}" == catalogue.totals(BEHAVIOURS)
    # docs/emulator.md shows it; that it is the real one is a test of tests/test_documents.py.
    assert shown in DOCUMENT


def test_the_list_shows_everything_within_80_columns() -> None:
    listed = run("behaviours")

    assert listed.returncode == 0
    lines = listed.stdout.splitlines()
    assert [line for line in lines if len(line) > 80 and "://" not in line] == []
    for area, behaviours in AREAS.items():
        assert f"\n{area}\n{'=' * len(area)}\n" in f"\n{listed.stdout}"
        for behaviour in behaviours:
            kind = "known" if behaviour.known is Known.CONFIRMED else behaviour.known.value
            assert f"{behaviour.name}: {kind}" in lines
            assert all(source in " ".join(listed.stdout.split()) for source in behaviour.sources)
    assert listed.stdout.endswith(f"\n{catalogue.totals(BEHAVIOURS)}\n")


def test_an_entry_reads_well() -> None:
    shown = run("behaviours", "suiteql-sysdate-zone").stdout

    assert shown.startswith(
        "SuiteQL\n=======\n\n"
        "suiteql-sysdate-zone: unknown\n"
        "    the time zone of SYSDATE and CURRENT_DATE; same: that of suiteql-zone\n"
        "    = same  (same | caller | utc | account | pacific)\n"
        "    searched for, not found\n"
        "    https://"
    )
    assert "1 behaviour: 0 confirmed, 1 assumed (0 likely, 1 unknown)" in shown


def test_only_what_is_assumed() -> None:
    shown = json.loads(run("behaviours", "--assumed", "--json").stdout)

    assert {row["known"] for row in shown} == {"likely", "unknown"}
    assert len(shown) == sum(each.known in {Known.LIKELY, Known.UNKNOWN} for each in BEHAVIOURS)


def test_a_pattern_names_several() -> None:
    shown = json.loads(run("behaviours", "token-*", "signature-clock", "--json").stdout)

    names = [row["name"] for row in shown]
    assert {"token-type", "token-revoked", "signature-clock"} <= set(names)
    assert all(name.startswith("token-") or name == "signature-clock" for name in names)


@pytest.mark.parametrize("wanted", ["nothing", "nothing-*", ""])
def test_a_name_of_nothing_is_wrong_usage(wanted: str) -> None:
    ended = run("behaviours", "suiteql-zone", wanted)

    assert ended.returncode == 64
    assert ended.stdout == ""
    assert f"There is no behaviour {wanted!r}" in ended.stderr


def test_json_is_what_the_back_door_lists(story: Emulator) -> None:
    listed: list[dict[str, Any]] = json.loads(run("behaviours", "--json").stdout)

    assert listed == story.door("GET", "behaviours")
    zone = next(row for row in listed if row["name"] == "loginaudit-zone")
    assert zone["area"] == "Login audit trail"
    assert zone["source"] == "; ".join(zone["sources"])
    assert zone.keys() == {"name", "area", "value", "default", "values", "known", "sources", "source", "text"}


def test_what_was_listed_can_be_chosen_again_as_a_whole(emulator: Emulator) -> None:
    emulator.behave(suiteql_zone="utc")
    before = emulator.door("GET", "behaviours")
    emulator.behave(suiteql_zone="pacific", error_type="w3.org")

    assert emulator.door("POST", "behaviours", {row["name"]: row["value"] for row in before}) == before


@pytest.mark.parametrize("wanted", [{"suiteql-zone": ""}, {"login-signature": "x"}, {"suiteql-zone": None}])
def test_what_is_no_position_is_refused(story: Emulator, wanted: dict[str, Any]) -> None:
    assert story.door("POST", "behaviours", wanted, 400)["error"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_closed_pipe_is_quiet(options: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "reconciler.emulator", "behaviours", *options]
    try:
        ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=20)  # noqa: S603 - our own
    finally:
        os.close(writing)

    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is at hand on Linux only")
def test_a_full_disk_is_told() -> None:
    command = [sys.executable, "-m", "reconciler.emulator", "behaviours"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=20)  # noqa: S603 - our own

    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
