"""Each way in which a login does not work is told apart, by the other login where that one can look it up."""

import re
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import Workspace, a_login
from tests.cli.doctor.conftest import ADMIN, doctor, environment
from tests.cli.test_oauth2 import READER, WRITER, oauth2_login, registered, revoked
from tests.support.emulator import Emulator
from tests.support.oauth2_keys import a_key, pem_of

READING = pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside another"])


def test_an_unset_reference(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None, login=a_login("UNSET_"))

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {"reference-unset"})
    names = ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET")
    lines = told.finding("reference-unset")["todo"]
    assert len(lines) == len(names), "each on a line of its own, everything at once"
    for line, name in zip(lines, names, strict=True):
        assert re.fullmatch(rf"\S+:\d+:\d+: env:(NETSUITE_UNSET_{name}) is not set; set the variable \1", line)
    assert told.finding("reference-unset")["text"] == "login: A part of the login is not there"


@READING
def test_an_account_that_is_not_there(workspace: Workspace, emulator: Emulator, *, alone: bool) -> None:
    environment(workspace, emulator, account="7654321", **({"apply_login": None} if alone else {}))

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {"account-unknown"})


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wrong_clock(workspace: Workspace, emulator: Emulator, hours: int) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.behave(signature_clock="account")
    emulator.later(f"{hours}h")

    told = doctor(workspace)

    assert told.code == 4
    assert told.troubles == {"clock", "clock-wrong"}
    told_as = f"60 minutes {'behind' if hours > 0 else 'ahead of'} NetSuite's"
    assert told_as in told.finding("clock-wrong")["text"]


def test_a_clock_that_is_only_a_little_off(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.behave(signature_clock="account")
    emulator.later("2m")

    told = doctor(workspace)

    assert (told.code, told.verdicts["clock"]) == (0, "look")


def test_nobody_answers(workspace: Workspace, emulator: Emulator) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        environment(workspace, emulator, endpoint=f"http://127.0.0.1:{closed.getsockname()[1]}", apply_login=None)

        told = doctor(workspace)

    assert told.troubles == {"account", "clock", "unreachable"}
    assert told.code == workspace.run("plan", "production").code == 1, "the same as of any command"


def test_an_answer_that_is_not_netsuites(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.fault("GET /services/rest", times=50, status=200, body="<html>Sign in to the network</html>")

    assert (doctor(workspace).code, doctor(workspace).troubles) == (1, {"not-readable"})
    assert workspace.run("plan", "production").code == 1


def test_a_login_that_is_let_in_and_may_nothing(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.fault("* /services/rest", times=50, status=403)

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {"rest-forbidden"})
    assert "HTTP 403" in told.finding("rest-forbidden")["text"]
    assert "REST Web Services (Full)" in told.finding("rest-forbidden")["todo"][0]
    assert workspace.run("plan", "production").code == 4, "the same as of any command"


def test_too_many_requests_at_once(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.fault("GET /services/rest/system", times=50, status=429)

    assert (doctor(workspace).code, doctor(workspace).troubles) == (1, {"concurrency-exhausted"})
    assert workspace.run("plan", "production").code == 1


@pytest.mark.parametrize(("key", "prefix"), [("login", ""), ("apply_login", "APPLY_")])
def test_another_person_or_role_than_the_declared_one(
    workspace: Workspace, emulator: Emulator, key: str, prefix: str
) -> None:
    other = {"employee": READER[0], "role": READER[1]} if prefix else ADMIN
    environment(workspace, emulator, **{key: a_login(prefix) | {"acts_as": other}})

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {f"{key}-wrong-role"})


def other_integration(workspace: Workspace, emulator: Emulator) -> None:
    """Let the writing login belong to another integration record than the reading one."""
    who = {"user": ADMIN["employee"], "role": ADMIN["role"], "as": ADMIN["employee"]}
    made = emulator.act("tokens", application="Shipping Hub", **who)
    pair = emulator.act("integrations/Shipping%20Hub/reset-credentials")
    for name in ("consumer_key", "consumer_secret"):
        workspace.environ(f"NETSUITE_APPLY_{name.upper()}", pair[name])
    for name in ("token_id", "token_secret"):
        workspace.environ(f"NETSUITE_APPLY_{name.upper()}", made[name])


def blocked(workspace: Workspace, emulator: Emulator) -> None:
    other_integration(workspace, emulator)
    emulator.act("integrations/Shipping%20Hub", state="Blocked")


def wrong_key(workspace: Workspace, _: Emulator) -> None:
    workspace.environ("NETSUITE_APPLY_CONSUMER_KEY", "0" * 64)


def wrong_secret(workspace: Workspace, _: Emulator) -> None:
    workspace.environ("NETSUITE_APPLY_TOKEN_SECRET", "0" * 64)


def inactive_token(_: Workspace, emulator: Emulator) -> None:
    emulator.act("tokens/105/deactivate")


def no_access(_: Workspace, emulator: Emulator) -> None:
    emulator.act(f"employees/{ADMIN['employee']}", access=False)


def no_certificate(workspace: Workspace, emulator: Emulator) -> None:
    revoked(emulator, registered(workspace, emulator, WRITER, a_key(), "APPLY_"))


def ended_certificate(workspace: Workspace, emulator: Emulator) -> None:
    registered(workspace, emulator, WRITER, a_key(), "APPLY_", days=3)
    emulator.later("4d")


def other_key(workspace: Workspace, emulator: Emulator) -> None:
    registered(workspace, emulator, WRITER, a_key(), "APPLY_")
    workspace.environ("NETSUITE_APPLY_PRIVATE_KEY", pem_of(a_key("3072")).replace("\n", "\\n"))


def unknown_client(workspace: Workspace, emulator: Emulator) -> None:
    registered(workspace, emulator, WRITER, a_key(), "APPLY_")
    workspace.environ("NETSUITE_APPLY_CLIENT_ID", "0" * 64)


def feature_off(workspace: Workspace, emulator: Emulator) -> None:
    registered(workspace, emulator, WRITER, a_key(), "APPLY_")
    emulator.act("features", oauth2=False)


TBA, OAUTH2 = a_login("APPLY_"), oauth2_login("APPLY_")


@pytest.mark.parametrize(
    ("login", "broken", "rule"),
    [
        (TBA, blocked, "integration-blocked"),
        (TBA, wrong_key, "consumer-key-unknown"),
        (TBA, wrong_secret, "secret-wrong"),
        (TBA, inactive_token, "token-rejected"),
        (TBA, no_access, "person-or-role-refused"),
        (OAUTH2, no_certificate, "certificate-ended-or-unknown"),
        (OAUTH2, ended_certificate, "certificate-ended-or-unknown"),
        (OAUTH2, other_key, "key-and-certificate-differ"),
        (OAUTH2, unknown_client, "consumer-key-unknown"),
        (OAUTH2, feature_off, "feature-disabled"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_other_login_looks_up_why_one_is_refused(
    workspace: Workspace,
    emulator: Emulator,
    login: dict[str, Any],
    broken: Callable[[Workspace, Emulator], None],
    rule: str,
) -> None:
    environment(workspace, emulator, apply_login=login)
    broken(workspace, emulator)

    told = doctor(workspace, "--profile", "people")

    assert (told.code, told.troubles) == (4, {rule})
    finding = told.finding(rule)
    assert finding["text"].startswith("apply_login: ")
    assert finding["verdict"] == "missing"


def test_the_writing_login_looks_up_for_the_reading_one(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)
    emulator.act("tokens/104/deactivate")

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {"token-rejected"})
    assert told.finding("token-rejected")["text"].startswith("login: ")


def test_where_nobody_can_look_it_up_the_way_to_look_is_told(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)
    emulator.act("integrations/Reconciler", state="Blocked")

    told = doctor(workspace)

    assert (told.code, told.troubles) == (4, {"login-refused"})
    both = [one for one in told.document["findings"] if one["rule"] == "login-refused"]
    assert [one["text"].partition(":")[0] for one in both] == ["login", "apply_login"]
    assert all("Filter the trail by User Agent: reconciler/" in " ".join(one["todo"]) for one in both)


def test_how_long_a_certificate_lasts_is_told(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, login=oauth2_login())
    for days, verdict in ((365, "ok"), (timedelta(weeks=2).days, "look")):
        registered(workspace, emulator, READER, a_key(), "", days=days)

        assert doctor(workspace).verdicts["login-certificate"] == verdict
