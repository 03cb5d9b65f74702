"""A job of each forge: the stand-in, its variables, and the adapter that the product makes of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.wiring.forge import Forge, forge_of
from tests.support.forge_server import BOT, GITHUB_TOKEN, GITLAB_BOT, GITLAB_TOKEN, PROJECT, REPOSITORY, ForgeServer
from tests.support.forge_server import forge as serving

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WORKFLOW = ".github/workflows/reconciler-apply.yml"


@dataclass(frozen=True, slots=True)
class Job:
    server: ForgeServer
    environ: dict[str, str]
    waited: list[float] = field(default_factory=list)

    @property
    def forge(self) -> Forge:
        return forge_of(self.environ, self.waited.append)

    @property
    def me(self) -> str:
        return GITLAB_BOT if self.server.kind == "gitlab" else BOT


def github_job(server: ForgeServer, folder: Path) -> dict[str, str]:
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12, "title": "$(touch gotcha)`"}}), encoding="utf-8")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": server.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_SHA": COMMIT,
        "GITHUB_REF_NAME": "main",
        "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/{WORKFLOW}@refs/heads/main",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_TOKEN": GITHUB_TOKEN,
    }


def gitlab_job(server: ForgeServer) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": server.url,
        "CI_PROJECT_ID": PROJECT,
        "CI_COMMIT_SHA": COMMIT,
        "CI_COMMIT_BRANCH": "main",
        "CI_MERGE_REQUEST_IID": "12",
        "RECONCILER_GITLAB_TOKEN": GITLAB_TOKEN,
    }


@pytest.fixture(params=["github", "gitlab"])
def job(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Job]:
    with serving(request.param, page=5) as server:
        yield Job(server, gitlab_job(server) if request.param == "gitlab" else github_job(server, tmp_path))
