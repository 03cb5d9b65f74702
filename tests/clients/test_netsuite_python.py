"""The package `netsuite-python` from PyPI (theapiguys): OAuth 2.0 client credentials, PS256, SuiteQL."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import APART, BAD_QUERY, HERE, PRIYA, Stage, detail_of
from tests.support.emulator import ACCOUNT
from tests.support.oauth2_keys import a_key, certificate_of, pem_of

QUERY = "SELECT id, entityid FROM employee ORDER BY id"
Call = tuple[str, list[Any], dict[str, Any]]


@pytest.fixture
def config(stage: Stage, tmp_path: Path) -> dict[str, str]:
    """A certificate of its own, mapped to the reader."""
    key = a_key("3072")
    made = stage.emulator.act(
        "certificates",
        application="Reconciler",
        employee="svc.reader@example.com",
        role="Reconciler Reader",
        certificate=certificate_of(key),
    )
    key_file = tmp_path / "key.pem"
    key_file.write_text(pem_of(key))
    return {
        "CLIENT_ID": made["client_id"],
        "CERT_ID": made["certificate_id"],
        "NETSUITE_KEY_FILE": str(key_file),
        "NETSUITE_APP_NAME": ACCOUNT,
        "JSON_STORAGE_PATH": str(tmp_path / "tokens.json"),
    }


def done(stage: Stage, folder: Path, config: dict[str, str], *calls: Call) -> list[Any]:
    assert APART.is_dir(), "run: make clients"
    job, results = folder / "job.json", folder / "results.json"
    proxy = stage.front.surroundings["HTTPS_PROXY"]
    job.write_text(
        json.dumps({"config": config, "proxy": proxy, "authority": str(stage.front.authority), "calls": calls})
    )
    command = [sys.executable, str(HERE / "netsuite_python_job.py"), str(job), str(results)]
    surroundings = {**os.environ, "PYTHONPATH": str(APART)}
    ran = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  a script of ours
    assert ran.returncode == 0, ran.stderr
    found: list[Any] = json.loads(results.read_text("utf-8"))
    return found


def test_it_logs_in_and_reads_a_query_page_by_page(stage: Stage, tmp_path: Path, config: dict[str, str]) -> None:
    stage.emulator.behave(assertion_audience_check="ignored")
    pages = [("query", [QUERY], {"limit": 9, "offset": offset}) for offset in (0, 9, 18, 27)]

    token, *found = done(stage, tmp_path, config, ("token", [], {}), *pages)

    assert token is True
    ids = [item["id"] for page in found for item in page]
    assert len(ids) == len(set(ids)) > 20
    assert PRIYA in ids
    assert found[-1] == []


def test_it_logs_in_anew_when_its_token_has_ended(stage: Stage, tmp_path: Path, config: dict[str, str]) -> None:
    stage.emulator.behave(assertion_audience_check="ignored")
    kept = {"default": {"access_token": "old", "end_of_life": 1}}
    Path(config["JSON_STORAGE_PATH"]).write_text(json.dumps(kept), "utf-8")

    (rows,) = done(stage, tmp_path, config, ("query", [QUERY], {"limit": 1000, "offset": 0}))

    assert {"links": [], "id": PRIYA, "entityid": "Priya Nair"} in rows
    assert stage.asked() == [
        ("POST", "/services/rest/auth/oauth2/v1/token", 200),
        ("POST", "/services/rest/query/v1/suiteql?limit=1000&offset=0", 200),
    ]


def test_it_is_told_why_a_query_is_bad(stage: Stage, tmp_path: Path, config: dict[str, str]) -> None:
    stage.emulator.behave(assertion_audience_check="ignored")

    _, refused = done(stage, tmp_path, config, ("token", [], {}), ("query", ["SELECT nosuchcolumn FROM employee"], {}))

    assert detail_of(refused["body"], 400, "INVALID_PARAMETER") == BAD_QUERY


def test_it_gets_no_token_where_the_audience_is_checked(stage: Stage, tmp_path: Path, config: dict[str, str]) -> None:
    """It means the right address and sends it as the text of a Python tuple; see behaviour assertion-audience-check."""
    (token,) = done(stage, tmp_path, config, ("token", [], {}))

    assert token is False
    assert stage.asked() == [("POST", "/services/rest/auth/oauth2/v1/token", 400)]
