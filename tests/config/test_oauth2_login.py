"""An OAuth 2.0 login is read from its file, and its key from where the file points to."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.config.environment import Environment, Oauth2Login, read_environment
from reconciler.config.references import Reference, parse_reference, resolve_key
from reconciler.core.desired import ActsAs, PersonKey, PersonRef
from reconciler.core.diagnostics import Position
from reconciler.core.errors import CredentialError

HERE = Position("environments/a.yaml", 7, 9)
PEM = "-----BEGIN PRIVATE KEY-----\nYWJj\nZGVm\n-----END PRIVATE KEY-----"
LOGIN = """
    method: oauth2
    client_id: env:NETSUITE_CLIENT_ID
    certificate_id: env:NETSUITE_CERTIFICATE_ID
    private_key: file:/run/secrets/netsuite.pem
    acts_as: {employee: svc.reader@example.com, role: Reconciler Reader}
"""


def read(folder: Path, login: str, endpoint: str = "") -> tuple[Environment | None, list[str]]:
    path = folder / "a.yaml"
    path.write_text(f'netsuite:\n  account: "1234567"\n{endpoint}  login:{login}  apply_login:{login}', "utf-8")
    loaded = read_environment(path, folder)
    return loaded.environment, [item.rule for item in loaded.diagnostics]


def test_both_logins_may_be_oauth2(tmp_path: Path) -> None:
    environment, said = read(tmp_path, LOGIN)

    assert environment
    assert said == []
    login = environment.login
    assert isinstance(login, Oauth2Login)
    assert isinstance(environment.apply_login, Oauth2Login)
    names = (login.client_id, login.certificate_id, login.private_key)
    assert list(map(str, names)) == [
        "env:NETSUITE_CLIENT_ID",
        "env:NETSUITE_CERTIFICATE_ID",
        "file:/run/secrets/netsuite.pem",
    ]
    assert login.private_key.position == Position(str(tmp_path / "a.yaml"), 7, 18)
    place = Position(str(tmp_path / "a.yaml"), 8, 5)
    assert login.acts_as == ActsAs(PersonRef(PersonKey.EMAIL, "svc.reader@example.com"), "Reconciler Reader", place)


@pytest.mark.parametrize("missing", ["client_id", "certificate_id", "private_key"])
@pytest.mark.parametrize("endpoint", ["", "  endpoint: emulator\n"])
def test_each_of_the_three_references_is_needed_everywhere(tmp_path: Path, missing: str, endpoint: str) -> None:
    login = "\n".join(line for line in LOGIN.splitlines() if missing not in line) + "\n"

    environment, said = read(tmp_path, login, endpoint)

    assert environment is None
    assert set(said) == {"missing-key"}


def resolved(environ: dict[str, str], **more: Any) -> str:
    reference = parse_reference("env:NETSUITE_KEY", HERE)
    assert isinstance(reference, Reference)
    return resolve_key(reference, environ, Path(), **more).reveal()


@pytest.mark.parametrize(
    "text", [PEM, PEM.replace("\n", "\r\n"), PEM.replace("\n", "\\n"), PEM.replace("\n", "\\r\\n") + "\\n"]
)
def test_a_key_in_a_variable_has_line_breaks_however_they_are_written(text: str) -> None:
    assert resolved({"NETSUITE_KEY": text}).rstrip("\n") == PEM


def test_a_key_in_a_file_has_lines(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM + "\n", "ascii")
    reference = parse_reference("file:key.pem", HERE)
    assert isinstance(reference, Reference)

    assert resolve_key(reference, {}, tmp_path).reveal() == PEM


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "is not set"),
        ({"NETSUITE_KEY": " \n"}, "is empty"),
        ({"NETSUITE_KEY": "\x00canary"}, "holds a character that no key in PEM form has"),
        ({"NETSUITE_KEY": "canary\u00e4"}, "holds a character that no key in PEM form has"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_its_place(environ: dict[str, str], said: str) -> None:
    with pytest.raises(CredentialError) as caught:
        resolved(environ)

    assert caught.value.message == f"environments/a.yaml:7:9: env:NETSUITE_KEY {said}"
    assert "canary" not in str(caught.value.hint)
