"""What the tests of the record service share."""

from typing import Any

import requests

from tests.emulator.clients import Client, Emulator

BASE = "/services/rest/record/v1/employee"
PRIYA = f"{BASE}/4210"
DANA = f"{BASE}/4172"


def error(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=error"
    detail: dict[str, Any] = answer.json()["o:errorDetails"][0]
    return detail


def roles(*ids: int) -> dict[str, Any]:
    return {"roles": {"items": [{"selectedRole": {"id": str(role)}} for role in ids]}}


def held(emulator: Emulator, key: str) -> list[int]:
    return [int(role["id"]) for role in emulator.person(key)["roles"]]


def a_writer(emulator: Emulator) -> Client:
    """The reader's role with profile B on top: may write, but is no Administrator."""
    for key in ("LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD", "LIST_EMPLOYEE_ACCESS", "ADMI_KERNEL"):
        emulator.run("INSERT OR REPLACE INTO permissions VALUES ('1234567', 1052, ?, 4)", key)
    return emulator.reader


def notes(emulator: Emulator, key: str) -> list[dict[str, Any]]:
    """The system notes of an employee, oldest first."""
    return emulator.reader.items(
        "SELECT field, oldvalue, newvalue, name, type, role, context FROM systemnote"
        " WHERE recordtypeid = -9 AND recordid = ? ORDER BY id",
        int(key),
    )
