"""`plan --trusted REV`: what protects the account is taken from the base branch, whatever a pull request says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.config.environment import DEFAULT_STORE
from reconciler.wiring.configuration import load
from reconciler.wiring.revisions import trusting
from tests.cli.conftest import Workspace, a_login, an_environment
from tests.support.checkout import Checkout
from tests.support.emulator import Emulator, serving


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with serving() as running:
        yield running


@pytest.fixture
def checkout(workspace: Workspace, emulator: Emulator) -> Checkout:
    made = Checkout.new(workspace.folder)
    workspace.production(emulator)
    made.write(".github/workflows/plan.yml", "on: pull_request\n\njobs: {}\n")
    made.commit("Begin")
    made.git("checkout", "--quiet", "-b", "topic")
    return made


def edited(workspace: Workspace, emulator: Emulator, **sections: Any) -> None:
    content = an_environment(emulator.url)
    content["netsuite"] |= sections.pop("netsuite", {})
    workspace.write("production", {**content, **sections})


def a_waiver(address: str) -> dict[str, str]:
    return {
        "finding": "token-age",
        "address": address,
        "reason": "soon",
        "owner": "it@example.com",
        "expires": "2099-01-31",
    }


def planned(workspace: Workspace, *options: str) -> dict[str, Any]:
    result = workspace.run("plan", "production", "--trusted", "main", "--output", "json", *options)
    assert result.code == 0, result.err
    document: dict[str, Any] = json.loads(result.out)
    return document


def warnings(document: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(item["address"], item["detail"]) for item in document["diagnostics"] if item["rule"] == "sensitive-change"]


def test_a_pull_request_that_changes_only_what_is_declared_is_planned_as_ever(
    checkout: Checkout, workspace: Workspace
) -> None:
    plain = json.loads(workspace.run("plan", "production", "--output", "json").out)
    assert planned(workspace) == plain


def test_an_endpoint_of_a_pull_request_is_never_asked_and_is_told_at_its_line(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    edited(workspace, emulator, netsuite={"endpoint": "http://127.0.0.1:9", "login": a_login("OTHER_")})
    document = planned(workspace)
    assert document["complete"]
    addresses = [address for address, _ in warnings(document)]
    assert addresses[0] == "netsuite.endpoint"
    assert "netsuite.login.token_secret" in addresses
    first = next(item for item in document["diagnostics"] if item["rule"] == "sensitive-change")
    assert first["severity"] == "warning"
    lines = (workspace.folder / "environments/production.yaml").read_text("utf-8").splitlines()
    assert '"endpoint"' in lines[first["position"]["line"] - 1]
    assert f"netsuite.endpoint: {emulator.url} -> http://127.0.0.1:9" in first["detail"]


def test_guards_of_a_pull_request_hold_nothing_back_and_let_nothing_through(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    before = json.loads(workspace.run("plan", "production", "--output", "json").out)
    edited(workspace, emulator, guards={"max_removals": 0, "protected_employees": ["dana.ortiz@example.com"]})
    document = planned(workspace)
    assert document["digest"] == before["digest"], "the digest covers guards, and these are the base branch's"
    assert warnings(document) == [
        ("guards", "guards: (absent) -> max_removals: 0, protected_employees: dana.ortiz@example.com")
    ]


def test_a_login_that_a_pull_request_takes_out_is_still_used_and_told(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    content = an_environment(emulator.url)
    del content["netsuite"]["apply_login"]
    workspace.write("production", content)
    document = planned(workspace)
    assert document["applyable"]
    assert [address for address, _ in warnings(document)] == ["netsuite.apply_login"]


def test_settings_in_a_base_count_as_much(checkout: Checkout, workspace: Workspace, emulator: Emulator) -> None:
    checkout.git("checkout", "--quiet", "main")
    content = an_environment(emulator.url)
    checkout.write("environments/base/guards.yaml", "guards:\n  max_removals: 2\n")
    workspace.write("production", {"extends": "base/guards.yaml", **content})
    checkout.commit("Guard")
    checkout.git("checkout", "--quiet", "-B", "topic")
    checkout.write("environments/base/guards.yaml", "guards:\n  max_removals: 20\n")
    document = planned(workspace)
    assert warnings(document) == [("guards.max_removals", "guards.max_removals: 2 -> 20")]
    (item,) = [item for item in document["diagnostics"] if item["rule"] == "sensitive-change"]
    assert (item["position"]["file"], item["position"]["line"]) == ("environments/base/guards.yaml", 2)


def test_what_the_base_branch_changed_meanwhile_is_used_and_not_laid_to_the_pull_request(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    checkout.git("checkout", "--quiet", "main")
    edited(workspace, emulator, guards={"protected_employees": ["ann@example.com"]})
    checkout.commit("Protect")
    checkout.git("checkout", "--quiet", "topic")
    document = planned(workspace)
    assert warnings(document) == []
    assert "protected-employees" in {item["rule"] for item in document["diagnostics"]}


def test_a_new_environment_is_validated_and_said_so_and_not_planned(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    workspace.write("fresh", an_environment("http://127.0.0.1:9"))
    result = workspace.run("plan", "fresh", "--trusted", "main", "--output", "json")
    assert result.code == 0
    (item,) = json.loads(result.out)["diagnostics"]
    assert (item["rule"], item["severity"]) == ("no-trusted-settings", "info")
    assert "planned once it is merged" in result.err

    workspace.write("fresh", {"version": 1, "netsuite": {"account": "not one"}})
    assert workspace.run("plan", "fresh", "--trusted", "main").code == 3


def test_a_change_of_the_pipeline_is_told_with_its_first_line(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    checkout.write(".github/workflows/plan.yml", "on: pull_request\n\njobs: {evil: {}}\n")
    checkout.write(".gitlab-ci.yml", "evil: {}\n")
    checkout.commit()
    document = planned(workspace)
    found = {
        item["position"]["file"]: item["position"]["line"]
        for item in document["diagnostics"]
        if item["rule"] == "sensitive-change"
    }
    assert found == {".github/workflows/plan.yml": 3, ".gitlab-ci.yml": 1}
    alone = workspace.run("plan", "--changed-since", "main")
    assert ".gitlab-ci.yml is new" in alone.err, "also where no environment is touched"
    (checkout.folder / ".github/workflows/plan.yml").unlink()
    gone = [item for item in planned(workspace)["diagnostics"] if "is gone" in item["detail"]]
    assert [item["position"] for item in gone] == [None]


def test_settings_that_are_broken_on_the_base_branch_are_told_and_nothing_is_asked(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    checkout.git("checkout", "--quiet", "main")
    workspace.write("production", {"extends": "base/none.yaml", **an_environment(emulator.url)})
    checkout.commit("Break")
    checkout.git("checkout", "--quiet", "topic")
    result = workspace.run("plan", "production", "--trusted", "main")
    assert result.code == 3
    assert "With netsuite, guards, waivers and store as main has them" in result.err
    assert "reconciler-" not in result.err, "where git's files lay for a moment is nobody's business"


def test_a_waiver_of_what_is_gone_does_not_stand_in_the_way(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    content = an_environment(emulator.url)
    other = content["integrations"]["netsuite-connector"] | {"application": "Other"}
    both = {**content["integrations"], "other": other}
    checkout.git("checkout", "--quiet", "main")
    workspace.write("production", {**content, "integrations": both, "waivers": [a_waiver("integrations.other")]})
    checkout.commit("Waive")
    checkout.git("checkout", "--quiet", "-B", "topic")
    workspace.write("production", content)
    document = planned(workspace)
    assert [address for address, _ in warnings(document)] == ["waivers"]


@pytest.mark.parametrize(
    "address",
    [
        "integrations.netsuite-connector",
        "integrations.netsuite-connector.owner",
        "account",
        "applications.Legacy Sync",
        'employees."somebody@example.com"',
        "guards.min_administrators",
        "netsuite.login",
    ],
)
def test_a_waiver_of_what_can_still_be_found_stays(checkout: Checkout, workspace: Workspace, address: str) -> None:
    content = an_environment("http://127.0.0.1:9")
    checkout.git("checkout", "--quiet", "main")
    workspace.write("production", {**content, "waivers": [a_waiver(address)]})
    checkout.commit("Waive")
    checkout.git("checkout", "--quiet", "-B", "topic")
    workspace.write("production", content)
    (trusted,) = trusting(load(["production"], workspace.folder / "environments"), "main")
    assert trusted.loaded.environment is not None
    assert [one.address for one in trusted.loaded.environment.desired.waivers] == [address]


def test_a_pull_request_decides_neither_where_the_journal_is_nor_what_is_accepted(
    checkout: Checkout, workspace: Workspace, emulator: Emulator
) -> None:
    edited(workspace, emulator, store="elsewhere", waivers=[a_waiver("integrations.netsuite-connector")])
    (trusted,) = trusting(load(["production"], workspace.folder / "environments"), "main")
    assert trusted.loaded.environment is not None
    assert trusted.loaded.environment.store == DEFAULT_STORE
    assert trusted.loaded.environment.desired.waivers == ()
    assert [item.address for item in trusted.warnings] == ["store", "waivers"]
