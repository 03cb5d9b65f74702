"""The request log: what is kept of a request, what never is, and the counts."""

import threading
from datetime import datetime

import pytest
import requests

from reconciler.emulator import request_log
from reconciler.emulator.request_log import InFlight, RequestLog, without_secrets
from reconciler.emulator.wire import Answer, Request
from tests.emulator.clients import ACCOUNT, Emulator

TIME = "/services/rest/system/v1/serverTime"
PERSON = "/services/rest/record/v1/employee/4210"


def test_a_row_says_who_asked_what_and_how_it_was_answered(emulator: Emulator) -> None:
    emulator.login(agent="probe/9").send("GET", f"{TIME}?x=1")

    (row,) = emulator.door("GET", "requests")

    assert datetime.fromisoformat(row.pop("time")).tzinfo is not None
    assert 0 < row.pop("duration_ms") < 10_000
    assert row == {
        "n": 1,
        "account": ACCOUNT,
        "method": "GET",
        "path": f"{TIME}?x=1",
        "status": 200,
        "employee": "Reconciler Reader",
        "role": "Reconciler Reader",
        "application": "Reconciler",
        "user_agent": "probe/9",
        "fault": None,
    }


def test_whoever_is_not_let_in_is_not_named(emulator: Emulator) -> None:
    emulator.reader.with_(wrong={"client_secret": "wrong"}).send("GET", TIME)
    requests.get(f"{emulator.url}{TIME}", timeout=10)

    first, second = emulator.door("GET", "requests")

    assert (first["status"], first["account"], first["employee"], first["role"]) == (401, ACCOUNT, "", "")
    assert (second["status"], second["account"]) == (401, "")


def test_no_secret_gets_into_the_log(emulator: Emulator) -> None:
    client = emulator.login()
    query = "?token=hush&consumerKey=hush&x=1&oauth_signature=hush&%74oken=hush&client_secret=hush&code=hush&flag"
    client.send("GET", f"{TIME}{query}")
    client.send("POST", f"/services/rest/auth/oauth2/v1/token{query}", data={"client_assertion": "hush"})

    told = requests.get(f"{emulator.url}/_emulator/requests", timeout=10).text

    assert "hush" not in told
    assert "x=1" in told
    assert not any(value in told for name, value in client.credentials.items() if name in SECRETS)


SECRETS = {"consumer_key", "consumer_secret", "token_id", "token_secret"}


def test_parameters_that_hold_no_secret_stay() -> None:
    assert without_secrets("/a?limit=5&offset=10&q=email%20IS%20x") == "/a?limit=5&offset=10&q=email%20IS%20x"
    assert without_secrets("/a?token=x") == "/a?token=***"
    assert without_secrets("/a") == "/a"


def test_the_log_is_read_from_a_number_on_for_an_account_and_a_path(emulator: Emulator) -> None:
    client = emulator.admin
    for path in (TIME, PERSON, TIME):
        client.send("GET", path)

    def numbers(query: str) -> list[int]:
        return [row["n"] for row in emulator.door("GET", f"requests{query}")]

    assert numbers("?since=1") == [2, 3]
    assert numbers("?path=/services/rest/record") == [2]
    assert numbers(f"?account={ACCOUNT}&since=2") == [3]
    assert numbers("?account=other") == []
    assert numbers("?since=99") == []


@pytest.mark.parametrize("query", ["?since=x", "?since=-1", "?until=1", "?since=1&since=2"])
def test_a_query_that_is_not_understood_is_refused(story: Emulator, query: str) -> None:
    assert story.door("GET", f"requests{query}", status=400)["error"]


def test_clearing_empties_the_log_and_numbers_go_on(emulator: Emulator) -> None:
    emulator.reader.send("GET", TIME)
    emulator.door("POST", "requests/clear")
    assert emulator.door("GET", "requests") == []
    assert emulator.door("GET", "requests/summary")["peak_in_flight"] == {}

    emulator.reader.send("GET", TIME)

    assert [row["n"] for row in emulator.door("GET", "requests")] == [2]


def test_the_summary_counts_by_account_method_path_and_status(emulator: Emulator) -> None:
    client = emulator.admin
    emulator.door("POST", "faults", {"match": "GET serverTime", "status": 503, "nth": 3}, 201)
    for _ in range(3):
        client.send("GET", f"{TIME}?x=1")
    client.patch(PERSON, {"title": "x"})

    summary = emulator.door("GET", "requests/summary")

    assert summary["by"] == [
        {"account": ACCOUNT, "method": "GET", "path": TIME, "status": 200, "count": 2},
        {"account": ACCOUNT, "method": "GET", "path": TIME, "status": 503, "count": 1},
        {"account": ACCOUNT, "method": "PATCH", "path": PERSON, "status": 204, "count": 1},
    ]
    assert (summary["requests"], summary["faults"]) == (4, 1)
    assert summary["by_account"] == {ACCOUNT: 4}
    assert summary["by_status"] == {"200": 2, "204": 1, "503": 1}
    assert summary["peak_in_flight"] == {ACCOUNT: 1}


def test_the_peak_is_what_was_on_its_way_at_once(emulator: Emulator) -> None:
    key = emulator.door("POST", "faults", {"match": "GET serverTime", "hold": True, "times": 3}, 201)["id"]
    client = emulator.reader

    def call() -> None:
        with requests.Session() as session:
            client.with_(session=session).send("GET", TIME)

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    emulator.door("POST", f"faults/{key}/await", {"held": 3})
    emulator.door("POST", f"faults/{key}/release", {})
    for thread in threads:
        thread.join(10)
    for _ in range(5):
        call()

    assert emulator.door("GET", "requests/summary")["peak_in_flight"] == {ACCOUNT: 3}


def test_the_log_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "LONGEST_LOG", 3)
    log = RequestLog()
    for _ in range(5):
        log.left(log.arrived("1"), Request("GET", "/a", {}), Answer(200), None)

    assert [row.n for row in log.since(0)] == [3, 4, 5]
    assert [row.n for row in log.since(4)] == [5]
    assert log.summary()["requests"] == 3


def test_made_up_accounts_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "MOST_ACCOUNTS", 2)
    counts = InFlight()
    for name in ("1", "2", "3", "4"):
        counts.arrived(name)

    assert counts.peaks() == {"1": 1, "2": 1, "": 2}


def test_whoever_asks_about_a_token_is_in_the_log(emulator: Emulator) -> None:
    assert emulator.admin.send("GET", "/rest/tokeninfo").status_code == 200

    (row,) = emulator.door("GET", "requests?path=/rest/tokeninfo")
    assert (row["employee"], row["role"], row["application"]) == ("Reconciler Admin", "Administrator", "Reconciler")
