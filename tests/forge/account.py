"""The account that pipelines are about, its environment file, and what people do in it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.cli.conftest import a_login
from tests.support.emulator import CONNECTOR, Emulator
from tests.support.oauth2_keys import a_key, certificate_of, pem_of

PRODUCTION = "environments/production.yaml"
ANN, DANA = "ann@example.com", "dana.ortiz@example.com"
ROLE = "NetSuite Connector Web Services"
READER = {"employee": "svc.reader@example.com", "role": "Reconciler Reader"}
WRITER = {"employee": "svc.admin@example.com", "role": "Administrator"}
INSTALL = "reconciler[emulator,bucket] @ https://example.com/reconciler.whl#sha256=" + "0" * 64
_NAMES = ("consumer_key", "consumer_secret", "token_id", "token_secret")


def environment(url: str, owner: str, **more: Any) -> str:
    login = {name: f"env:NETSUITE_{name.upper()}" for name in ("client_id", "certificate_id", "private_key")}
    content = {
        "version": 1,
        "netsuite": {
            "account": "1234567",
            "endpoint": url,
            "login": {"method": "oauth2", **login, "acts_as": READER},
            "apply_login": {**a_login("APPLY_"), "acts_as": WRITER},
        },
        "integrations": {
            "netsuite-connector": {
                "application": CONNECTOR,
                "owner": owner,
                "token_role": ROLE,
                "required_roles": ["Administrator"],
            }
        },
        **more,
    }
    return json.dumps(content, indent=1)


def credentials(emulator: Emulator) -> tuple[dict[str, str], dict[str, str]]:
    key, today = a_key(), datetime.fromisoformat(emulator.door("clock")["now"])
    certificate = certificate_of(key, 365, today)
    made = emulator.act("certificates", **READER, application="Reconciler", certificate=certificate)
    reading = {
        "NETSUITE_CLIENT_ID": made["client_id"],
        "NETSUITE_CERTIFICATE_ID": made["certificate_id"],
        "NETSUITE_PRIVATE_KEY": pem_of(key).replace("\n", "\\n"),
    }
    login = emulator.credentials(WRITER["employee"], WRITER["role"])
    return reading, {f"NETSUITE_APPLY_{name.upper()}": login[name] for name in _NAMES}


def secrets_in(variables: Mapping[str, str]) -> list[str]:
    """What no page and no log may hold."""
    lines = [line for value in variables.values() for line in value.split("\\n")]
    return [line for line in lines if len(line) > 8 and "PRIVATE KEY" not in line]


def new_token(emulator: Emulator) -> dict[str, str]:
    """The token that the plan asks a person to create."""
    name = "NetSuite Connector - Dana Ortiz #1"
    made: dict[str, str] = emulator.act("tokens", application=CONNECTOR, user=DANA, role=ROLE, name=name)
    return made


def enter(emulator: Emulator, token: dict[str, str]) -> None:
    """Put it into the Connector, which then works with it."""
    for _ in range(2):
        emulator.later("10m")
        emulator.enter(token)
        emulator.order()


def old_token_is_revoked(emulator: Emulator) -> None:
    """What people do once the new owner's token is at work."""
    emulator.later("25h")
    emulator.order()
    rows = emulator.door("accounts/1234567/tokens")
    (old,) = [row["id"] for row in rows if row["user"] == ANN and not row["revoked"]]
    emulator.act(f"tokens/{old}/deactivate")
    emulator.later("1h")
    emulator.order()
    emulator.act(f"tokens/{old}/revoke")
