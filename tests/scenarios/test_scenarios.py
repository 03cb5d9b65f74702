"""What `plan` says in each situation that production accounts are known for.

A folder is a scenario: `seed.yaml` is the account, `environment.yaml` the file, `acts.yaml` (where it is needed) what
people and applications did since, `plan.txt` what the command says and exits with, and the other files named `plan`
what it writes in the formats that their endings tell. Seeds give their times as dates, and the account's clock is set
to one moment before anything is read; so the texts hold dates that never change, and nothing has to be normalised.
With WRITE_SCENARIOS=1 in the environment the texts are written anew: read their diff.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.render.samples import without_style
from tests.scenarios.conftest import Desk
from tests.support.emulator import Emulator, serving

HERE = Path(__file__).parent
SCENARIOS = sorted(folder.parent.name for folder in HERE.glob("*/seed.yaml"))
ENDINGS = {"markdown": "md", "html": "html", "sarif": "sarif", "github": "github", "json": "json"}
MOMENT = "2026-11-22T12:00:00Z"
TAKES_AWAY = {"deactivate-token", "revoke-token", "remove-role"}


def told(name: str, desk: Desk, emulator: Emulator, *also: str) -> str:
    folder = HERE / name
    seed = yaml.safe_load((folder / "seed.yaml").read_text("utf-8"))
    ((account, content),) = seed["accounts"].items()
    there = replace(emulator, account=account)
    there.door("clock", {"set": MOMENT})
    if content.get("logins"):
        desk.log_in(there)
    else:
        desk.log_in_with_what_is_gone()
    acts = folder / "acts.yaml"
    for act in yaml.safe_load(acts.read_text("utf-8")) if acts.exists() else ():
        there.door(act["path"], act["body"], act.get("method"))
    desk.declare("scenario", (folder / "environment.yaml").read_text("utf-8"), there)
    code, said = desk.run("plan", "scenario", *also)
    said = said.replace(emulator.url.removeprefix("http://"), "EMULATOR")
    return f"$ reconciler plan scenario\n{said}exit code {code}\n"


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_plan_reads_as_expected(name: str, desk: Desk) -> None:
    outputs = [part for kind, end in ENDINGS.items() for part in ("--output", f"{kind}={desk.folder}/plan.{end}")]
    with serving(seed=HERE / name / "seed.yaml") as emulator:
        found = {"txt": told(name, desk, emulator, "--output", "text", *outputs)}
        for end in ENDINGS.values():
            text = (desk.folder / f"plan.{end}").read_text("utf-8")
            found[end] = text.replace(emulator.url.removeprefix("http://"), "EMULATOR")
    found["html"] = without_style(found["html"])
    for end, text in found.items():
        expected = HERE / name / f"plan.{end}"
        if os.environ.get("WRITE_SCENARIOS"):
            expected.write_text(text, "utf-8")
        assert text == expected.read_text("utf-8"), f"{expected.name}: run with WRITE_SCENARIOS=1 and read the diff"


@pytest.mark.parametrize("name", SCENARIOS)
def test_where_facts_cannot_decide_nothing_is_ready_to_be_taken_away(name: str, desk: Desk) -> None:
    with serving(seed=HERE / name / "seed.yaml") as emulator:
        told(name, desk, emulator)
        _, said = desk.run("plan", "scenario", "--output", "json")
        document = json.loads(said[said.index("{") : said.rindex("}") + 1]) if "{" in said else {}

    ready = {step["kind"] for step in document.get("steps", ()) if step["status"] == "ready"}
    assert not ready & TAKES_AWAY
