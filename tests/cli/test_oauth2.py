"""A whole plan and apply with OAuth 2.0 logins, and every way in which such a login is refused."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from reconciler.netsuite.oauth2_key import SigningKey
from tests.cli.conftest import Result, Workspace, a_login, an_environment
from tests.support.emulator import Emulator, serving
from tests.support.oauth2_keys import PrivateKey, a_key, certificate_of, pem_of

READER = ("svc.reader@example.com", "Reconciler Reader")
WRITER = ("svc.admin@example.com", "Administrator")


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    """One emulator for all tests that change nothing in it but certificates."""
    with serving() as running:
        yield running


def oauth2_login(kind: str = "", who: tuple[str, str] | None = None) -> dict[str, Any]:
    names = ("client_id", "certificate_id", "private_key")
    login: dict[str, Any] = {"method": "oauth2"} | {name: f"env:NETSUITE_{kind}{name.upper()}" for name in names}
    return login | ({"acts_as": {"employee": who[0], "role": who[1]}} if who else {})


def registered(
    workspace: Workspace,
    emulator: Emulator,
    who: tuple[str, str],
    key: PrivateKey,
    *kinds: str,
    days: float = 365,
) -> str:
    """Map a certificate of the key to somebody, in place of an earlier one, and put it into the variables of logins."""
    for row in emulator.door(f"accounts/{emulator.account}/certificates"):
        if (row["employee"], row["role"], row["revoked"]) == (*who, False):
            revoked(emulator, row["certificate_id"])
    today = datetime.fromisoformat(emulator.door("clock")["now"])
    made: dict[str, str] = emulator.act(
        "certificates",
        employee=who[0],
        role=who[1],
        application="Reconciler",
        certificate=certificate_of(key, days, today),
    )
    for kind in kinds or ("",):
        workspace.environ(f"NETSUITE_{kind}CLIENT_ID", made["client_id"])
        workspace.environ(f"NETSUITE_{kind}CERTIFICATE_ID", made["certificate_id"])
        workspace.environ(f"NETSUITE_{kind}PRIVATE_KEY", pem_of(key).replace("\n", "\\n"))
    return made["certificate_id"]


def revoked(emulator: Emulator, certificate_id: str) -> None:
    emulator.act(f"certificates/{certificate_id}/revoke")


def production(workspace: Workspace, emulator: Emulator, **netsuite: Any) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url)
    content["netsuite"] |= {"login": oauth2_login(who=READER), **netsuite}
    workspace.write("production", content)


def refused(workspace: Workspace, emulator: Emulator, *said: str) -> Result:
    result = workspace.run("plan", "production")
    assert result.code == 4, result.out + result.err
    for words in said:
        assert words in " ".join(result.err.split())
    assert emulator.writes() == []
    return result


@pytest.mark.parametrize(("reader", "writer"), [("3072", "P-256"), ("P-384", "3072")])
def test_plan_and_apply_with_certificates(workspace: Workspace, reader: str, writer: str) -> None:
    with serving() as emulator:
        registered(workspace, emulator, READER, a_key(reader))
        registered(workspace, emulator, WRITER, a_key(writer), "APPLY_")
        production(workspace, emulator, apply_login=oauth2_login("APPLY_", WRITER))

        plan = workspace.run("plan", "production")
        assert plan.code == 0, plan.out + plan.err
        assert "own-" not in plan.out
        assert "wrong-reader" not in plan.out
        applied = workspace.run("apply", "production", "--auto-approve")

        assert applied.code == 0, applied.out + applied.err
        assert "done          grant NetSuite Connector Web Services to dana.ortiz@example.com" in applied.out
        assert len(emulator.writes()) == 1


def test_an_oauth2_reader_beside_a_writing_token(workspace: Workspace) -> None:
    with serving() as emulator:
        registered(workspace, emulator, READER, a_key())
        production(workspace, emulator)

        applied = workspace.run("apply", "production", "--auto-approve")

        assert applied.code == 0, applied.out + applied.err
        assert len(emulator.writes()) == 1


def test_a_key_in_a_file(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, READER, a_key())
    (workspace.folder / "netsuite.pem").write_text(pem_of(a_key()), "ascii")
    production(workspace, shared, login=oauth2_login(who=READER) | {"private_key": "file:netsuite.pem"})

    assert workspace.run("plan", "production").code == 0


def test_a_revoked_certificate(workspace: Workspace, shared: Emulator) -> None:
    revoked(shared, registered(workspace, shared, READER, a_key()))
    production(workspace, shared)

    refused(workspace, shared, "Login refused [login-refused]", "neither revoked nor expired")


def test_an_expired_certificate(workspace: Workspace) -> None:
    with serving() as emulator:
        registered(workspace, emulator, READER, a_key(), days=3)
        emulator.later("4d")
        production(workspace, emulator)

        refused(workspace, emulator, "invalid_client", "neither revoked nor expired")


def test_a_key_that_does_not_belong_to_the_certificate(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, READER, a_key("P-384"))
    workspace.environ("NETSUITE_PRIVATE_KEY", pem_of(a_key("3072")))
    production(workspace, shared)

    refused(workspace, shared, "Login refused", "belongs to private_key")


def test_a_certificate_id_that_is_not_there(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, READER, a_key())
    workspace.environ("NETSUITE_CERTIFICATE_ID", "unknown-id")
    production(workspace, shared)

    result = refused(workspace, shared, "MissingKey is about certificate_id")
    assert "unknown-id" not in result.err


def test_an_algorithm_that_is_answered_with_a_failure(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as emulator:
        emulator.behave(token_wrong_algorithm="500")
        registered(workspace, emulator, READER, a_key("3072"))
        production(workspace, emulator)
        init = SigningKey.__init__
        monkeypatch.setattr(SigningKey, "__init__", lambda self, _, key: init(self, "RS256", key))

        refused(workspace, emulator, "HTTP 500", "algorithm that it does not accept")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("not a key canary", "holds no private key in PEM form"),
        (pem_of(a_key("2048")), "is an RSA key of 2048 bits"),
    ],
)
def test_a_key_that_netsuite_would_not_take_names_its_line(
    workspace: Workspace, shared: Emulator, key: str, said: str
) -> None:
    registered(workspace, shared, READER, a_key())
    workspace.environ("NETSUITE_PRIVATE_KEY", key)
    production(workspace, shared)

    result = refused(workspace, shared, f"env:NETSUITE_PRIVATE_KEY {said}", "environments/production.yaml:")
    assert "canary" not in result.err


def test_validate_needs_neither_key_nor_account(workspace: Workspace) -> None:
    content = an_environment("http://127.0.0.1:9")
    content["netsuite"] |= {"login": oauth2_login(), "apply_login": oauth2_login("APPLY_", WRITER)}
    workspace.write("production", content)

    result = workspace.run("validate", "production")

    assert result.code == 0


def test_a_writing_login_that_is_somebody_else_writes_nothing(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, READER, a_key(), "", "APPLY_")
    production(workspace, shared, apply_login=oauth2_login("APPLY_", WRITER))

    result = workspace.run("apply", "production", "--auto-approve")

    assert result.code == 4
    assert "logs in as svc.reader@example.com (Reconciler Reader)" in result.err
    assert shared.writes() == []


def test_a_reading_login_that_is_somebody_else_is_told(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, READER, a_key())
    production(workspace, shared, login=oauth2_login(who=WRITER))

    result = workspace.run("plan", "production")

    assert result.code == 0
    assert "[wrong-reader]" in result.out


def test_a_certificate_that_ends_soon_is_told(workspace: Workspace) -> None:
    """Only a role that may manage its own certificates sees when they end."""
    with serving() as emulator:
        registered(workspace, emulator, WRITER, a_key(), days=20)
        production(workspace, emulator, login=oauth2_login(who=WRITER))

        result = workspace.run("plan", "production")

        assert result.code == 0
        assert "[own-certificate-ends]" in result.out


def test_neither_key_nor_token_is_shown_anywhere(
    workspace: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    assertions: list[str] = []
    signed = SigningKey.signed

    def kept(self: SigningKey, *claims: Any) -> str:
        assertions.append(signed(self, *claims))
        return assertions[-1]

    monkeypatch.setattr(SigningKey, "signed", kept)
    with serving() as emulator:
        registered(workspace, emulator, WRITER, a_key("P-521"), "APPLY_")
        certificate = registered(workspace, emulator, READER, a_key("3072"))
        production(workspace, emulator, apply_login=oauth2_login("APPLY_", WRITER))
        said = [workspace.run("plan", "production", "--output", "json"), workspace.run("apply", "production")]
        said.append(workspace.run("apply", "production", "--auto-approve"))
        revoked(emulator, certificate)
        said.append(workspace.run("plan", "production"))

    text = caplog.text + "".join(result.out + result.err for result in said)
    lines = [line for kind in ("3072", "P-521") for line in pem_of(a_key(kind)).splitlines()[1:-1]]
    assert assertions
    assert not [hidden for hidden in (*assertions, *lines, "eyJ", certificate, "-----BEGIN") if hidden in text]


def test_a_token_login_still_works_beside(workspace: Workspace, shared: Emulator) -> None:
    registered(workspace, shared, WRITER, a_key(), "APPLY_")
    production(workspace, shared, login=a_login(), apply_login=oauth2_login("APPLY_", WRITER))

    assert workspace.run("plan", "production").code == 0
