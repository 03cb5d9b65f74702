"""docs/emulator-reference.md says how each error is provoked; here each one is."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.emulator.clients import ACCOUNT, Emulator
from tests.emulator.records import error

DOCUMENT = Path(__file__).parents[2] / "docs" / "emulator-reference.md"
PLACES = {"o:errorPath", "o:errorQueryParam", "o:errorHeader", "o:errorUrl"}
# The codes of errors that must at least stand in the table.
EXPECTED = {
    "INVALID_LOGIN", "INVALID_CONTENT", "NONEXISTENT_ID", "INVALID_REQUEST", "INVALID_PARAMETER", "USER_ERROR",
    "INSUFFICIENT_PERMISSION", "CONCURRENCY_LIMIT_EXCEEDED", "UNEXPECTED_ERROR", "NOT_SERVED_BY_EMULATOR",
    "INVALID_ID", "INVALID_VALUE", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE", "NOT_ACCEPTABLE",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    status: int
    code: str
    who: str
    first: str
    method: str
    path: str
    body: str
    headers: dict[str, str]
    is_crowded: bool
    place: str


def code_in(cell: str) -> list[str]:
    return re.findall("`([^`]*)`", cell)


def row_of(line: str) -> Row:
    answer, who, first, request, place = (cell.strip() for cell in line.strip("|").split("|"))
    status, code = code_in(answer)[0].split()
    sent, *headers = code_in(request)
    method, path, body = [*sent.split(" ", 2), ""][:3]
    return Row(
        int(status), code, who, (code_in(first) or [""])[0], method, path, body,
        dict(header.split(": ", 1) for header in headers), "under way" in request, (code_in(place) or [""])[0],
    )  # fmt: skip


def rows() -> list[Row]:
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Errors, and how to provoke them")[2]
    table = section.partition("\n## ")[0]
    return [row_of(line) for line in table.splitlines() if line.startswith("| `")]


def test_the_table_names_every_error_there_is() -> None:
    assert {row.code for row in rows()} == EXPECTED


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.status}-{row.method}-{row.path}")
def test_each_row_of_the_table_is_true(emulator: Emulator, row: Row) -> None:
    client = {"reader": emulator.reader, "admin": emulator.admin, "nobody": emulator.reader}[row.who]
    if row.who == "nobody":
        client = client.with_(wrong={"client_secret": "of somebody else"})
    if row.first:
        _, path, content = row.first.split(" ", 2)
        answer = emulator.session.post(f"{emulator.url}/_emulator/{path}", data=content, timeout=10)
        assert answer.status_code in {200, 201}, answer.text
    headers = {"Content-Type": "application/json", **row.headers}
    crowd = emulator.server.pool.place(ACCOUNT) if row.is_crowded else contextlib.nullcontext()

    with crowd:
        answer = client.send(row.method, f"/services/rest{row.path}", data=row.body or None, headers=headers)

    detail = error(answer, row.status)
    assert detail["o:errorCode"] == row.code
    assert PLACES & detail.keys() == ({row.place} if row.place else set())
    assert answer.json()["status"] == row.status
