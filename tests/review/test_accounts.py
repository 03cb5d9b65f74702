"""Every trouble of an account is told by a finding of its own, and a healthy account gives none."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.core.audit_detail import meaning
from reconciler.core.review.rules import RULES
from tests.scenarios.conftest import Desk
from tests.support.emulator import Emulator

# Of netsuite.md 2.4, the Detail column.
REFUSALS = (
    "consumer_key_refused", "consumer_key_unknown", "FeatureDisabled", "MissingTokenPassportRequiredFields",
    "nonce_rejected", "NonceUsed", "parameter_rejected", "permission_denied", "InvalidSignature", "UnknownAlgorithm",
    "temporary_locked", "InvalidTimestamp", "token_rejected", "VersionRejected",
)  # fmt: skip
TROUBLES = {
    "integrations.netsuite-connector": {
        "token-role-without-rest", "token-role-without-cross-subsidiary", "owner-without-administrator",
    },
    "integrations.inactive-owner": {"owner-inactive"},
    "integrations.owner-without-access": {"owner-without-access"},
    "integrations.role-lost": {"owner-without-token-role"},
    "integrations.required-role": {"owner-without-required-role"},
    "integrations.wrong-owner": {"token-on-undeclared-owner"},
    "integrations.role-gone": {"token-role-missing"},
    "integrations.role-inactive": {"token-role-inactive"},
    "integrations.no-token-login": {"token-role-without-token-login"},
    "integrations.stray-holder": {"stray-role-holder"},
    "integrations.unused": {"token-unused"},
    "integrations.old": {"token-age"},
    "integrations.two-tokens": {"several-live-tokens"},
    "integrations.two-alike": {"several-live-tokens", "cannot-tell-apart"},
    "integrations.no-token": {"no-live-token"},
    "integrations.administrator-token": {"administrator-token"},
    "applications.Undeclared": {"undeclared-application"},
    "integrations.blocked": {"integration-blocked"},
    # Which of the two a token would be for is not known, so there is none.
    "integrations.two-records": {"ambiguous-application", "no-live-token"},
    "integrations.uninstalled": {"unknown-application", "no-live-token"},
    'employees."u21@example.com"': {"shared-owner"},
    "integrations.refused": {"failing-logins"},
    "guards.min_administrators": {"few-administrators"},
}  # fmt: skip
# These are troubles of a whole account, told of others below, or begin with a day that is still to come.
ELSEWHERE = {"last-administrator", "sandbox-refreshed", "owner-unknown", "own-certificate-ends", "tba-ends"}


def review(desk: Desk, *options: str) -> dict[str, Any]:
    file = desk.folder / "review.json"
    desk.run("review", "production", "--output", f"json={file}", *options)
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return document


def findings(desk: Desk) -> Iterator[dict[str, Any]]:
    yield from review(desk)["extract"]["findings"]


def test_a_healthy_account_gives_no_finding(desk: Desk, healthy: Emulator) -> None:
    document = review(desk)

    assert document["extract"]["findings"] == []
    assert (document["complete"], document["extract"]["not_judged"], document["run"]["diagnostics"]) == (True, [], [])


def test_each_trouble_is_told_by_its_own_finding(desk: Desk, troubled: Emulator) -> None:
    found = [one for one in findings(desk) if one["rule"] != "waiver-expired"]

    told: dict[str, set[str]] = {}
    for one in found:
        told.setdefault(one["address"], set()).add(one["rule"])
    assert told == TROUBLES
    assert all(number == 1 for key, number in Counter((one["address"], one["rule"]) for one in found).items()
               if key[1] != "failing-logins")  # fmt: skip
    assert all(one["hint"] and (one["position"] or not one["address"].startswith("integrations.")) for one in found)


def test_every_rule_is_tried_against_an_account() -> None:
    assert {rule.name for rule in RULES} == set().union(*TROUBLES.values()) | ELSEWHERE


def test_each_reason_of_a_refused_login_is_told_with_what_to_do(desk: Desk, troubled: Emulator) -> None:
    told = [one["detail"] for one in findings(desk) if one["rule"] == "failing-logins"]

    assert len(told) == len(REFUSALS)
    for detail in REFUSALS:
        (sentence,) = (one for one in told if f'"{detail}"' in one)
        assert str(meaning(detail)) in sentence
        assert "look it up" not in sentence


def test_a_waiver_that_expired_is_told_at_its_line_and_accepts_nothing(desk: Desk, troubled: Emulator) -> None:
    (expired,) = (one for one in findings(desk) if one["rule"] == "waiver-expired")

    lines = (desk.folder / "environments" / "production.yaml").read_text("utf-8").splitlines()
    assert "finding: token-age" in lines[expired["position"]["line"] - 1]
    assert "token-age" in {one["rule"] for one in findings(desk)}


def test_an_account_with_one_administrator_left_is_told(desk: Desk, healthy: Emulator) -> None:
    for gone in ("ann@example.com", "lee.wong@example.com"):
        healthy.act(f"employees/{gone}", **{"as": "dana.ortiz@example.com", "active": False})

    assert {one["rule"] for one in findings(desk)} == {"last-administrator"}


@pytest.mark.parametrize("left", [{"active": False}, {"access": False}])
def test_who_left_and_owns_a_token_is_told_with_the_last_login(
    desk: Desk, healthy: Emulator, left: dict[str, bool]
) -> None:
    queries = len(review(desk)["run"]["queries"])
    healthy.act("employees/dana.ortiz@example.com", **left)

    document = review(desk)
    (person,) = (one for one in document["extract"]["people"] if one["email"] == "dana.ortiz@example.com")
    (token,) = (one for one in document["extract"]["tokens"] if one["owner"] == "dana.ortiz@example.com")

    assert person["last_login"] == token["last_used"] == "2026-11-22T09:00:00Z"
    assert len(document["run"]["queries"]) == queries


def test_an_owner_who_was_deleted_leaves_no_token(desk: Desk, healthy: Emulator) -> None:
    healthy.door("accounts/1234567/employees/priya.nair@example.com", {"as": "lee.wong@example.com"}, "DELETE")

    assert {(one["rule"], one["address"]) for one in findings(desk)} == {
        ("no-live-token", "integrations.shipping-hub"),
        ("unknown-employee", "integrations.shipping-hub"),
    }


@pytest.mark.parametrize("time", ["2027-03-01T12:00:00Z", "2028-02-01T12:00:00Z"])
def test_the_end_of_tokens_is_told_from_its_day_on(desk: Desk, healthy: Emulator, time: str) -> None:
    healthy.door("clock", {"set": time})

    assert [one["address"] for one in findings(desk) if one["rule"] == "tba-ends"] == [
        "integrations.netsuite-connector",
        "integrations.shipping-hub",
    ]


def test_verify_finds_everybody_at_work_in_a_healthy_account(desk: Desk, healthy: Emulator) -> None:
    code, said = desk.run("verify", "production")

    assert code == 0
    assert said.count(": at work") == len(("netsuite-connector", "shipping-hub"))
    assert "is at work as declared" in said


def test_verify_tells_each_trouble_that_stops_the_work(desk: Desk, troubled: Emulator) -> None:
    code, _ = desk.run("verify", "production", "--output", f"json={desk.folder}/verify.json")
    found = json.loads((desk.folder / "verify.json").read_text("utf-8"))["integrations"]
    standing = {one["address"]: one["standing"] for one in found}

    assert code == 9
    assert standing["integrations.refused"] == "refused"
    assert standing["integrations.wrong-owner"] == "somebody else"
    assert standing["integrations.unused"] == standing["integrations.uninstalled"] == "not proven yet"
    assert standing["integrations.old"] == "at work"
    (refused,) = (one for one in found if one["address"] == "integrations.refused")
    assert {one["detail"] for one in refused["refused"]} == set(REFUSALS)
