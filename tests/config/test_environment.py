"""What a file asks for arrives in the types of the core; what cannot be read is said."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.config.endpoints import EmulatorEndpoint
from reconciler.config.environment import TbaLogin, read_environment
from reconciler.core.desired import ActsAs, FreezeWindow, PersonKey, PersonRef, PreviousOwner
from reconciler.core.diagnostics import Position

ROOT = Path(__file__).parent.parent.parent


def email(address: str) -> PersonRef:
    return PersonRef(PersonKey.EMAIL, address)


def test_the_demo_is_read() -> None:
    environment = read_environment(ROOT / "environments/local.yaml", ROOT).environment

    assert environment
    (integration,) = environment.desired.integrations
    admin = ActsAs(email("svc.admin@example.com"), "Administrator", Position(environment.file, 16, 5))
    assert (environment.name, environment.desired.account) == ("local", "1234567")
    assert environment.endpoint == EmulatorEndpoint()
    assert environment.login is None
    assert environment.apply_login == TbaLogin(None, None, None, None, admin)
    assert (environment.desired.can_write, environment.desired.writer) == (True, admin)
    assert (integration.owner, integration.quiet_period) == (email("dana.ortiz@example.com"), timedelta(hours=24))
    assert environment.desired.guards.protected_employees == (email("break.glass@example.com"),)


def test_the_production_example_is_read() -> None:
    environment = read_environment(ROOT / "environments/examples/production.yaml", ROOT).environment

    assert environment
    assert isinstance(environment.login, TbaLogin)
    assert environment.apply_login
    sync = environment.desired.integrations[1]
    assert str(environment.login.token_secret) == "env:NETSUITE_TOKEN_SECRET"
    assert environment.concurrency == 2
    assert (sync.previous_owner, sync.token_not_before) == (PreviousOwner.KEEP, date(2026, 11, 1))
    window = FreezeWindow(datetime(2026, 12, 20, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC), "year end")
    assert environment.desired.guards.freeze == (window,)
    # From the base.
    assert environment.desired.guards.protected_employees == (email("break.glass@example.com"),)
    assert [str(item.person) for item in environment.desired.employees if item.exactly] == ["lee.wong@example.com"]


def test_positions_name_the_file_as_it_was_given_and_the_place_of_the_key() -> None:
    path = Path(os.path.relpath(ROOT / "environments/local.yaml"))
    environment = read_environment(path, ROOT).environment

    assert environment
    (integration,) = environment.desired.integrations
    lines = path.read_text().splitlines()
    for name, key in (("owner", "owner:"), ("token_role", "token_role:"), ("required_roles.0", "Administrator]")):
        place = integration.at(name)
        assert place.file == str(path)
        assert lines[place.line - 1][place.column - 1 :].startswith(key)


def test_logins_and_guards_know_the_places_of_their_keys() -> None:
    path = ROOT / "environments/examples/production.yaml"
    environment = read_environment(path, ROOT).environment

    assert environment
    reader, writer, guards = environment.desired.reader, environment.desired.writer, environment.desired.guards
    assert reader
    assert writer
    # The protected employees stand in the base.
    assert {"freeze", "protected_employees"} <= set(guards.positions)
    assert reader.position != writer.position
    for key, place in [("acts_as", reader.position), ("acts_as", writer.position), *guards.positions.items()]:
        assert place
        line = Path(place.file).read_text().splitlines()[place.line - 1]
        assert line[place.column - 1 :].startswith(f"{key}:")


def test_what_is_not_a_readable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "large.yaml").touch()
    os.truncate(tmp_path / "large.yaml", 50_000_000)

    told = {
        name: [item.rule for item in read_environment(tmp_path / f"{name}.yaml", tmp_path).diagnostics]
        for name in ("folder", "loop", "pipe", "large", "missing")
    }

    assert told.pop("large") == ["file-too-large"]
    assert set(map(tuple, told.values())) == {("unreadable-file",)}


def test_a_file_name_that_is_no_environment_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my env.yaml"
    path.write_text("netsuite: {account: '1', endpoint: emulator}")

    assert [item.rule for item in read_environment(path, tmp_path).diagnostics] == ["environment-name"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_character_raises(data: st.DataObject, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "environments/examples/base", tmp_path / "base", dirs_exist_ok=True)
    name, other = data.draw(st.permutations(["production.yaml", "base/defaults.yaml"]))
    (tmp_path / other).write_bytes((ROOT / "environments/examples" / other).read_bytes())
    text = bytearray((ROOT / "environments/examples" / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(text) - 1))
        text[where : where + data.draw(st.integers(0, 9))] = data.draw(
            st.sampled_from(b"\x00\t\n :-[]{}'\"#&*!1a~")
        ).to_bytes()
    (tmp_path / name).write_bytes(text)

    loaded = read_environment(tmp_path / "production.yaml", tmp_path)

    files = {str(tmp_path / "production.yaml"), str(tmp_path / "base/defaults.yaml")}
    assert loaded.environment or loaded.diagnostics
    assert all(item.position and item.position.file in files for item in loaded.diagnostics)


def test_validating_loads_neither_requests_nor_deepdiff() -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "import reconciler.config.environment as e\nimport reconciler.config.discovery\n"
        "assert 'jsonschema' not in sys.modules\n"
        "assert e.read_environment(Path('environments/local.yaml'), Path()).environment\n"
        "print([m for m in ('requests', 'deepdiff', 'urllib3', 'requests_oauthlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  # our own code

    assert done.stdout == "[]\n"
