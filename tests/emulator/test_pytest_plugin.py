"""The fixtures for other people's tests, used as other people use them: installed, in a folder of their own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.emulator.client import BackDoorError, Emulator, StartError, serving
from tests.support.documents import ROOT

SECRETS = ("consumer_key", "consumer_secret", "token_id", "token_secret")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout, announced to Python as an installed distribution with its entry points."""
    site = tmp_path_factory.mktemp("site")
    announced = site / "reconciler-0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: reconciler\nVersion: 0\n", encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.search(r"^\[project\.entry-points\.pytest11\]\n((?:.+\n)+)", project, re.MULTILINE)
    assert declared
    entries = declared.group(1).replace('"', "")
    (announced / "entry_points.txt").write_text(f"[pytest11]\n{entries}", encoding="utf-8")
    (announced / "RECORD").write_text("reconciler/__init__.py,,\nreconciler/emulator/testing.py,,\n", encoding="utf-8")
    (site / "reconciler").symlink_to(ROOT / "reconciler")
    (site / "schemas").symlink_to(ROOT / "schemas")
    return site


def pytest_in(folder: Path, site: Path, *options: str) -> str:
    """What pytest says about the tests in a folder."""
    ended = subprocess.run(  # noqa: S603 - our own tests
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "error",
            "--rootdir",
            str(folder),
            *options,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ended.stdout + ended.stderr


def test_the_example_in_the_documents_works_as_it_stands(tmp_path: Path, site: Path) -> None:
    text = (ROOT / "docs" / "emulator.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(def test_.+?)```", text, re.DOTALL)
    assert example
    (tmp_path / "test_example.py").write_text(example.group(1), encoding="utf-8")

    assert "1 passed" in pytest_in(tmp_path, site)


EACH_BEGINS_ANEW = """
import pytest

@pytest.mark.parametrize("_", range(3))
def test_it(netsuite_emulator, _):
    assert netsuite_emulator.requests() == []
    assert netsuite_emulator.door("faults") == []
    assert len(netsuite_emulator.door("accounts/1234567/orders?limit=1000")) == ORDERS
    switches = {row["name"]: row["value"] for row in netsuite_emulator.door("behaviours")}
    assert switches["suiteql-zone"] == "caller"
    netsuite_emulator.order()
    netsuite_emulator.later("400d")
    netsuite_emulator.behave(suiteql_zone="utc")
    netsuite_emulator.fault("* .*", times=5)
"""


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("-p", "reconciler.emulator.testing")])
def test_each_test_begins_with_the_same_account(tmp_path: Path, site: Path, options: tuple[str, ...]) -> None:
    with serving() as emulator:
        orders = len(emulator.door("accounts/1234567/orders?limit=1000"))
    test = EACH_BEGINS_ANEW.replace("ORDERS", str(orders))
    (tmp_path / "test_three.py").write_text(test, encoding="utf-8")

    assert "3 passed" in pytest_in(tmp_path, site, *options)


def test_a_seed_of_ones_own_is_given_by_overriding_the_options(tmp_path: Path, site: Path) -> None:
    (tmp_path / "seed.yaml").write_text('accounts: {"42": {name: Answer}}', encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.fixture(scope='session')\n"
        "def netsuite_emulator_options():\n"
        "    return ('--seed', 'seed.yaml')\n",
        encoding="utf-8",
    )
    (tmp_path / "test_own.py").write_text(
        "def test_own(netsuite_emulator):\n    assert netsuite_emulator.door('health')['accounts'] == ['42']\n"
        "    assert netsuite_emulator.account == '42'\n",
        encoding="utf-8",
    )

    assert "1 passed" in pytest_in(tmp_path, site)


def test_who_does_not_ask_for_it_loads_nothing_of_it(tmp_path: Path, site: Path) -> None:
    (tmp_path / "test_loaded.py").write_text(
        "import sys\n"
        "def test_loaded():\n"
        "    loaded = {name for name in sys.modules if name.partition('.')[0] in {'reconciler', 'sqlglot'}}\n"
        "    assert loaded == {'reconciler', 'reconciler.emulator', 'reconciler.emulator.testing'}\n",
        encoding="utf-8",
    )

    assert "1 passed" in pytest_in(tmp_path, site)


def test_a_seed_that_cannot_be_served_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StartError, match="exit code 1"), serving(seed=tmp_path / "none.yaml"):
        pass

    assert "cannot be read" in capfd.readouterr().err


def test_a_refusal_of_the_back_door_is_an_error_with_its_sentence() -> None:
    with serving() as emulator:
        with pytest.raises(BackDoorError, match="There is no account '7'") as caught:
            emulator.door("accounts/7/login", {})
        elsewhere = Emulator(f"{emulator.url}/..")
        with pytest.raises(BackDoorError):
            elsewhere.door("nothing")

    assert caught.value.status == 404


def test_the_client_does_what_it_says() -> None:
    with serving("--account", "7654321") as served:
        emulator = Emulator(served.url, "7654321")
        assert set(SECRETS) <= emulator.credentials("svc.admin@example.com").keys()
        state = emulator.dump()
        emulator.snapshot("a b")
        emulator.act("employees/priya.nair@example.com", title="Changed")
        emulator.reset("a b")
        assert emulator.door("accounts/7654321/employees/4210")["title"] != "Changed"
        emulator.act("tokens/102/revoke")
        emulator.load(state)
        assert emulator.order()["posted"] is True
        made = emulator.act("employees/dana.ortiz@example.com/roles", add=["NetSuite Connector Web Services"])
        assert made["email"] == "dana.ortiz@example.com"


def test_another_account_of_the_same_server_is_meant_with_of(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    account = {
        "name": "A",
        "roles": [{"id": 3, "name": "Administrator"}],
        "employees": [
            {"id": 1, "entityid": "Me", "email": "me@example.com", "access": True, "roles": ["Administrator"]}
        ],
    }
    seed.write_text(json.dumps({"accounts": {"41": account, "42": account}}), encoding="utf-8")

    with serving(seed=seed) as emulator:
        other = emulator.of("42", "me@example.com")
        other.act("employees", entityid="New One")

        assert (emulator.account, other.account, other.url) == ("41", "42", emulator.url)
        assert [len(each.door(f"accounts/{each.account}/employees")) for each in (emulator, other)] == [1, 2]


def test_the_account_of_the_options_is_the_one_that_is_meant() -> None:
    with serving("--account", "7654321") as emulator:
        assert emulator.account == "7654321"
        assert emulator.order()["set_by"] == "Ann Keller"
