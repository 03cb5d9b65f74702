"""`verify` against an account: what people and applications do there is what it says."""

import json
from typing import Any

import pytest

from tests.review.conftest import HERE, MOMENT, at
from tests.scenarios.conftest import Desk
from tests.support.emulator import Emulator, serving

LEE = {"as": "lee.wong@example.com"}


def verified(desk: Desk, *options: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, what is said of the Connector, and the text."""
    file = desk.folder / "verify.json"
    code, said = desk.run("verify", "production", "--output", "text", "--output", f"json={file}", *options)
    document = json.loads(file.read_text("utf-8"))
    return code, document["integrations"][0] if "integrations" in document else {}, " ".join(said.split())


def test_no_traffic_is_not_proven_yet_and_no_failure(desk: Desk, healthy: Emulator) -> None:
    code, found, said = verified(desk, "--since", "1h")

    assert (code, found["standing"]) == (0, "not proven yet")
    assert "Not proven yet: NetSuite Connector has not logged in for 1h" in said
    assert verified(desk, "--since", "1h", "--detailed-exitcode")[0] == 10


def test_another_declared_owner_is_contradicted(desk: Desk, healthy: Emulator) -> None:
    file = desk.folder / "environments" / "production.yaml"
    file.write_text(file.read_text("utf-8").replace("owner: dana.ortiz@", "owner: ann@"), "utf-8")

    code, found, said = verified(desk)

    assert (code, found["standing"], found["at_work"]) == (9, "somebody else", "dana.ortiz@example.com")
    assert "dana.ortiz@example.com is at work, not ann@example.com as declared" in said


def test_orders_of_the_declared_owner_are_told_with_how_they_were_made(desk: Desk, healthy: Emulator) -> None:
    _, found, _ = verified(desk, "--since", "3d")

    made = {(day["person"], day["made"]) for day in found["days"] if day["orders"]}
    assert made == {("dana.ortiz@example.com", "in the token's role")}
    assert sum(day["orders"] for day in found["days"]) == 3


def test_an_audit_trail_that_is_hidden_says_nothing_and_is_never_zero(desk: Desk, healthy: Emulator) -> None:
    healthy.act("roles/Reconciler%20Reader", **LEE, permissions={"ADMI_AUDITLOGIN": None})

    code, found, said = verified(desk)

    assert (code, found["standing"]) == (4, "unknown")
    assert "Incomplete: not everything could be read" in said


def test_orders_that_are_hidden_are_told_and_the_logins_still_speak(desk: Desk, healthy: Emulator) -> None:
    healthy.act("roles/Reconciler%20Reader", **LEE, permissions={"TRAN_FIND": None, "TRAN_SALESORD": None})

    code, found, said = verified(desk)

    assert found["standing"] == "at work"
    assert code == 0
    assert "orders could not be read in full" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--since", "401d"), "write a length up to 400d"),
        (("--since", "0d"), "--since 0d"),
        (("--since", "soon"), "soon"),
        (("--link-base", "javascript:1"), "--link-base javascript:1 is no address"),
        (("--output", "csv"), "csv"),
    ],
)
def test_wrong_options_are_wrong_usage(desk: Desk, healthy: Emulator, options: tuple[str, str], words: str) -> None:
    code, said = desk.run("verify", "production", *options)

    assert code == 64
    assert words in " ".join(said.split())


@pytest.mark.parametrize("command", ["verify", "review"])
def test_a_page_links_to_the_lines(desk: Desk, troubled: Emulator, command: str) -> None:
    _, page = desk.run(
        command, "production", "--output", "html", "--link-base", "https://git.example.com/o/r/blob/main"
    )

    assert 'href="https://git.example.com/o/r/blob/main/environments/production.yaml#L' in page


def test_nothing_is_ever_written(desk: Desk, troubled: Emulator) -> None:
    for command in ("verify", "review"):
        desk.run(command, "production")

    assert troubled.writes() == []


def test_what_waits_in_a_plan_for_a_role_says_what_else_depends_on_it(desk: Desk, healthy: Emulator) -> None:
    file = desk.folder / "environments" / "production.yaml"
    priya = "employees:\n  priya.nair@example.com: {access: false}\n"
    alone = file.read_text("utf-8").partition("  shipping-hub:")[0]
    file.write_text(alone + priya, "utf-8")

    _, said = desk.run("plan", "production")

    assert "[also-affected]" in said
    assert 'token "hub" of Shipping Hub, last used at 2026-11-22 09:00 UTC' in " ".join(said.split())


def test_days_are_those_of_the_trails_clock_and_times_are_in_utc(desk: Desk) -> None:
    """Somebody who lives in Denver is shown the trail by the clock there."""
    text = (HERE / "healthy.yaml").read_text("utf-8")
    (desk.folder / "seed.yaml").write_text(text.replace("time_zone: UTC", "time_zone: America/Denver"), "utf-8")
    with serving(seed=desk.folder / "seed.yaml") as emulator:
        emulator.door("clock", {"set": MOMENT})
        emulator.snapshot("moment")
        at(desk, emulator, "healthy")
        _, found, said = verified(desk, "--since", "3d")

    assert "Days are those of the login audit trail's clock, UTC-07:00; all times are in UTC." in said
    assert found["last"] == "2026-11-22T09:00:00Z"
    logins = {day["day"]: day["logins"] for day in found["days"]}
    # Of those at 01:00, 05:00 and 09:00 UTC only the last is of the same day in Denver.
    assert (logins["2026-11-22"], logins["2026-11-21"]) == (1, 6)
