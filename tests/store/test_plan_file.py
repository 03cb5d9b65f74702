"""A saved plan is shown as it was, and anything else is refused with a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from reconciler.config.schema_files import schema_text
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.render.to_json import plan_document, to_json
from reconciler.render.to_text import plan_to_text
from reconciler.store.plan_file import PlanFileError, read_plans
from tests.support.builders import a_desired_state, a_live_state
from tests.support.worlds import World, worlds

SCHEMA = json.loads(schema_text("plan"))


def saved(folder: Path, content: str) -> tuple[Plan, ...]:
    file = folder / "plan.json"
    file.write_text(content, encoding="utf-8")
    return read_plans(file, SCHEMA)


def as_saved(plan: Plan) -> Plan:
    """Without what only the plan of this moment knows: its operations, and whether all that differs is under way."""
    return replace(plan, steps=tuple(replace(step, operation=None) for step in plan.steps), under_way=False)


@settings(max_examples=100)
@given(world=worlds())
def test_every_plan_survives_being_saved(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    plan = build_plan(world.desired, world.live)
    (read,) = saved(tmp_path_factory.mktemp("plan"), to_json([plan_document(plan)]))

    assert read == as_saved(plan)
    assert plan_to_text(read) == plan_to_text(plan)


def a_document(edit: Callable[[dict[str, Any]], object]) -> str:
    document = plan_document(build_plan(a_desired_state(), a_live_state()))
    edit(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is JSON, but no plan"),
        ("{}", "has format_version none"),
        (
            a_document(lambda plan: plan.update(format_version="2.0")),
            "format_version 2.0, and this version reads 1.x",
        ),
        (a_document(lambda plan: plan.pop("steps")), "is no plan"),
        (a_document(lambda plan: plan["changes"][0].update(action="explode")), "is no plan"),
        (a_document(lambda plan: plan["changes"][0].update(reason="because")), "is no plan"),
        (a_document(lambda plan: plan["steps"].pop(0)), "needs grant-role/20/1047, which is not there"),
        (
            a_document(
                lambda plan: plan.update(read_as={"employee": "a", "role": "b", "certificate_ends": "2026-13-01"})
            ),
            "is no plan: month must be in 1..12",
        ),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(PlanFileError, match=said):
        saved(tmp_path, content)


def test_what_a_newer_minor_version_adds_is_ignored(tmp_path: Path) -> None:
    def edit(plan: dict[str, Any]) -> None:
        plan.update(format_version="1.7", more={"to": "come"})
        plan["changes"][0]["after"]["since"] = "2027"

    (plan,) = saved(tmp_path, a_document(edit))

    assert plan.environment == "test"
    assert plan_to_text(plan) == plan_to_text(saved(tmp_path, a_document(lambda _: None))[0])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match=r"There is no file .*nowhere\.json\.") as told:
        read_plans(tmp_path / "nowhere.json", SCHEMA)

    assert told.value.hint == "save one with: reconciler plan ENV --output json=PLAN.json"


def test_a_file_with_a_name_like_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")

    with pytest.raises(PlanFileError) as told:
        read_plans(tmp_path / "plna.json", SCHEMA)

    assert told.value.hint == f'did you mean "{tmp_path / "plan.json"}"?'


def test_what_is_no_file_says_how_to_save_one(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="cannot be read: Is a directory") as told:
        read_plans(tmp_path, SCHEMA)

    assert told.value.hint == "save one with: reconciler plan ENV --output json=PLAN.json"
