"""What ends a login and what brings it back: one answer on the wire, the reason in the trail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, CONNECTOR, CONNECTOR_ROLE, Client, Emulator
from tests.emulator.flow_clients import application

TIME = "/services/rest/system/v1/serverTime"
LEE = "lee.wong@example.com"
DANA = "dana.ortiz@example.com"
Deed = Callable[[Emulator], object]


def act(path: str, **content: Any) -> Deed:
    return lambda emulator: emulator.act(path, {"as": LEE, **content})


def remove(path: str) -> Deed:
    return lambda emulator: emulator.door("DELETE", f"accounts/{ACCOUNT}/{path}", {"as": LEE})


def token_of_dana(emulator: Emulator) -> str:
    rows = emulator.door("GET", f"accounts/{ACCOUNT}/tokens")
    return str(next(row["id"] for row in rows if row["user"] == DANA))


def token_is(what: str) -> Deed:
    return lambda emulator: emulator.act(f"tokens/{token_of_dana(emulator)}/{what}", {"as": LEE})


@dataclass(frozen=True)
class Event:
    """Something that happens to a login, the detail of its next failure, and what brings it back, if anything."""

    name: str
    deed: Deed
    detail: str
    undo: Deed | None = None


DANAS_ROLE = f"employees/{DANA}/roles"
DANA_PATH = f"employees/{DANA}"
ROLE = f"roles/{CONNECTOR_ROLE}"
TBA = "token_based_authentication"
LOGIN = "ADMI_LOGIN_OAUTH"
EVENTS = [
    Event(
        "role removed from the entity",
        act(DANAS_ROLE, remove=[CONNECTOR_ROLE]),
        "permission_denied",
        act(DANAS_ROLE, add=[CONNECTOR_ROLE]),
    ),
    Event("role made inactive", act(ROLE, inactive=True), "permission_denied", act(ROLE, inactive=False)),
    Event(
        "permission taken from the role",
        act(ROLE, permissions={LOGIN: None}),
        "permission_denied",
        act(ROLE, permissions={LOGIN: "Full"}),
    ),
    Event("entity made inactive", act(DANA_PATH, active=False), "permission_denied", act(DANA_PATH, active=True)),
    Event("access removed", act(DANA_PATH, access=False), "permission_denied", act(DANA_PATH, access=True)),
    Event("entity deleted", remove(DANA_PATH), "token_rejected"),
    Event("token made inactive", token_is("deactivate"), "token_rejected", token_is("activate")),
    Event("token revoked", token_is("revoke"), "token_rejected"),
    Event(
        "integration blocked",
        act(f"integrations/{CONNECTOR}", state="Blocked"),
        "consumer_key_refused",
        act(f"integrations/{CONNECTOR}", state="Enabled"),
    ),
    Event(
        "integration waits for approval",
        act(f"integrations/{CONNECTOR}", state="Waiting for Approval"),
        "consumer_key_refused",
        act(f"integrations/{CONNECTOR}", state="Enabled"),
    ),
    Event("integration removed", remove(f"integrations/{CONNECTOR}"), "consumer_key_unknown"),
    Event("feature switched off", act("features", **{TBA: False}), "FeatureDisabled", act("features", **{TBA: True})),
    Event("sandbox refreshed", act("refresh"), "token_rejected"),
]


def danas_login(emulator: Emulator, name: str = CONNECTOR) -> Client:
    emulator.act(DANAS_ROLE, {"as": LEE, "add": [CONNECTOR_ROLE]})
    wanted = {"as": LEE, "application": name, "user": DANA, "role": CONNECTOR_ROLE}
    made = emulator.act("tokens", wanted, 201)
    token = {"oauth_token": made["token_id"], "oauth_token_secret": made["token_secret"]}
    return application(emulator, name).client(token)


def wire(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["o:errorDetails"][0]["o:errorCode"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_each_event_ends_the_login_and_its_undoing_brings_it_back(emulator: Emulator, event: Event) -> None:
    client = danas_login(emulator)
    assert client.send("GET", TIME).status_code == 200

    event.deed(emulator)

    assert wire(client.send("GET", TIME)) == (401, "INVALID_LOGIN")
    row = emulator.newest_audit()
    assert (row["status"], row["detail"]) == ("Failure", event.detail)
    if event.undo is not None:
        event.undo(emulator)
        assert client.send("GET", TIME).status_code == 200


FINAL = [event for event in EVENTS if event.undo is None]


def test_what_is_final_is_what_the_documentation_says() -> None:
    assert [event.name for event in FINAL] == [
        "entity deleted",
        "token revoked",
        "integration removed",
        "sandbox refreshed",
    ]


def tokens(emulator: Emulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = emulator.door("GET", f"accounts/{ACCOUNT}/tokens")
    return found


def test_a_removed_integration_leaves_its_tokens_revoked_and_named(emulator: Emulator) -> None:
    before = [row["id"] for row in tokens(emulator) if row["application"] == CONNECTOR]

    removed = emulator.door("DELETE", f"accounts/{ACCOUNT}/integrations/{CONNECTOR}", {"as": LEE})

    assert removed == {"removed": CONNECTOR, "tokens_revoked": len(before)}
    after = [row for row in tokens(emulator) if row["application"] == CONNECTOR]
    assert [(row["id"], row["revoked"]) for row in after] == [(key, True) for key in before]
    rows = emulator.admin.items("SELECT BUILTIN.DF(tba_app_name) AS app FROM oauthtoken WHERE id = ?", int(before[0]))
    assert rows == [{"app": CONNECTOR}]
    assert emulator.admin.items("SELECT id FROM integrationapp WHERE name = ?", CONNECTOR) == []


def test_a_record_made_in_the_account_cannot_be_removed(emulator: Emulator) -> None:
    path = f"accounts/{ACCOUNT}/integrations/Shipping%20Hub"

    assert "Blocked" in emulator.door("DELETE", path, {"as": LEE}, 409)["error"]


def test_reset_credentials_end_the_old_pair_and_no_token(emulator: Emulator) -> None:
    client = danas_login(emulator, "Shipping Hub")

    pair = emulator.act("integrations/Shipping%20Hub/reset-credentials", {"as": LEE})

    assert wire(client.send("GET", TIME)) == (401, "INVALID_LOGIN")
    assert emulator.newest_audit()["detail"] == "consumer_key_unknown"
    half = client.with_(credentials={**client.credentials, "consumer_key": pair["consumer_key"]})
    assert half.send("GET", TIME).status_code == 401
    assert emulator.newest_audit()["detail"] == "InvalidSignature"
    whole = half.with_(credentials={**half.credentials, "consumer_secret": pair["consumer_secret"]})
    assert whole.send("GET", TIME).status_code == 200
    row = emulator.server.world.database.row("SELECT * FROM integrations WHERE name = 'Shipping Hub'")
    assert row is not None
    assert row["client_id"] == pair["consumer_key"]


def newest_note(emulator: Emulator) -> dict[str, Any]:
    row = emulator.server.world.database.row("SELECT * FROM system_notes ORDER BY id DESC LIMIT 1")
    assert row is not None
    return dict(row)


def test_a_reset_leaves_a_note_without_the_credentials(emulator: Emulator) -> None:
    pair = emulator.act("integrations/Shipping%20Hub/reset-credentials", {"as": LEE})

    note = newest_note(emulator)

    assert (note["record"], note["name"], note["old"], note["new"]) == ("Shipping Hub", 4180, "", "Reset Credentials")
    assert pair["consumer_key"] not in str(note)
    assert pair["consumer_secret"] not in str(note)


def test_the_credentials_of_an_installed_record_are_not_reset_here(emulator: Emulator) -> None:
    refusal = emulator.act(f"integrations/{CONNECTOR}/reset-credentials", {"as": LEE}, 409)

    assert "installed" in refusal["error"]


def test_changes_of_a_role_leave_notes(emulator: Emulator) -> None:
    changed = emulator.act(ROLE, {"as": LEE, "inactive": True, "permissions": {"LIST_FIND": "Edit", "TRAN_FIND": None}})

    assert changed["inactive"] is True
    assert changed["permissions"]["LIST_FIND"] == "Edit"
    assert "TRAN_FIND" not in changed["permissions"]
    rows = emulator.server.world.database.rows("SELECT * FROM system_notes WHERE record_type = -118 ORDER BY id")
    assert [(row["record_id"], row["field"], row["old"], row["new"]) for row in rows] == [
        (1047, "ROLE.BINACTIVE", "F", "T"),
        (1047, "ROLE.LIST_FIND", "View", "Edit"),
        (1047, "ROLE.TRAN_FIND", "View", ""),
    ]
    again = {"as": LEE, "inactive": True, "permissions": {"LIST_FIND": "Edit"}}
    emulator.act(ROLE, again)
    assert newest_note(emulator)["id"] == rows[-1]["id"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "words"),
    [
        ("POST", ROLE, {"as": "marco.silva@example.com"}, 403, "Bulk Manage Roles"),
        ("POST", "roles/Administrator", {"as": LEE, "inactive": True}, 409, "cannot be edited"),
        ("POST", "roles/Nobody", {"as": LEE}, 404, "There is no role"),
        ("POST", ROLE, {"as": LEE, "permissions": ["LIST_FIND"]}, 400, "permissions must be"),
        ("POST", ROLE, {"as": LEE, "permissions": {"LIST_FIND": "Most"}}, 400, "must be null or one of"),
        ("POST", ROLE, {"as": LEE, "permissions": {"LIST_ANYTHING": "View"}}, 400, "There is no permission"),
        ("POST", ROLE, {"as": LEE, "inactive": "yes"}, 400, "true or false"),
        ("POST", ROLE, {"as": LEE, "name": "X"}, 400, "Unknown keys"),
        ("POST", "features", {"as": "marco.silva@example.com", TBA: False}, 403, "no Administrator"),
        ("POST", "features", {"as": LEE, "everything": True}, 400, "Unknown features"),
        ("POST", "features", {"as": LEE, TBA: "off"}, 400, "true or false"),
        ("DELETE", f"integrations/{CONNECTOR}", {"as": "marco.silva@example.com"}, 403, "no Administrator"),
        ("POST", "integrations/Shipping%20Hub/reset-credentials", {"as": "marco.silva@example.com"}, 403, "no Admin"),
        ("POST", "integrations/Nobody/reset-credentials", {"as": LEE}, 404, "There is no integration"),
    ],
)
def test_what_cannot_be_done_is_told(
    emulator: Emulator, method: str, path: str, content: dict[str, Any], status: int, words: str
) -> None:
    assert words in emulator.door(method, f"accounts/{ACCOUNT}/{path}", content, status)["error"]


def test_features_answer_with_what_is_on(emulator: Emulator) -> None:
    changed = emulator.act("features", {"as": LEE, "oauth2": False})

    assert changed == {"advanced_employee_permissions": True, "oauth2": False, TBA: True}


def test_a_refresh_ends_flows_under_way(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()

    emulator.act("refresh", {"as": LEE})

    assert app.decide(asked["oauth_token"]).status_code == 400


def test_a_deleted_person_cannot_have_allowed_anything(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()
    verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]

    remove(DANA_PATH)(emulator)

    assert app.third(asked, verifier).json()["error"]["code"] == "TokenRejected"


def test_no_token_gets_the_id_of_one_that_is_gone(emulator: Emulator) -> None:
    wanted = {"as": LEE, "application": CONNECTOR, "user": "ann@example.com", "role": CONNECTOR_ROLE}
    first = int(emulator.act("tokens", wanted, 201)["id"])

    emulator.act("refresh")
    assert int(emulator.act("tokens", wanted, 201)["id"]) == first + 1

    emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/ann@example.com", {"as": LEE})
    again = {**wanted, "user": "lee.wong@example.com", "role": "Administrator"}
    assert int(emulator.act("tokens", again, 201)["id"]) == first + 2
