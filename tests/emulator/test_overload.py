"""Concurrency: a request of REST or a RESTlet holds a place from its arrival to the last byte of its answer."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, CONNECTOR, Client, Emulator, Program, Start
from tests.emulator.flow_clients import application, refused
from tests.emulator.oauth2_clients import machine

TIME = "/services/rest/system/v1/serverTime"
LIMITS = "/services/rest/system/v1/governanceLimits"
RESTLET = "/app/site/hosting/restlet.nl?script=1&deploy=1"


class Gate:
    """Stands in for the clock: a request that would wait waits here, until it is told to go on."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._opened = threading.Event()
        self.asked: list[float] = []
        emulator.server.hold = self.hold

    def hold(self, seconds: float) -> None:
        self.asked.append(seconds)
        assert self._opened.wait(20)

    def open_when(self, number: int) -> None:
        """Let everybody go once so many requests are there."""
        until(lambda: self._emulator.server.log.in_flight.current[ACCOUNT] == number)
        self._opened.set()


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not there():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


@contextmanager
def parallel(calls: list[Callable[[], requests.Response]]) -> Iterator[list[requests.Response]]:
    """The answers of calls made at once; complete when the block is left."""
    answers: list[requests.Response] = []
    threads = [threading.Thread(target=lambda call=call: answers.append(call())) for call in calls]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join(20)


def calling(client: Client, path: str = TIME) -> Callable[[], requests.Response]:
    def call() -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return client.with_(session=session).send("GET", path)

    return call


def test_latency_counts_and_the_third_of_two_is_refused(start: Start) -> None:
    emulator = start(latency=0.1)
    emulator.behave(concurrency_limit="2")
    client = emulator.reader
    gate = Gate(emulator)

    with parallel([calling(client)] * 5) as answers:
        gate.open_when(5)

    assert Counter(answer.status_code for answer in answers) == {200: 2, 429: 3}
    assert gate.asked == [0.1] * 5
    in_flight = emulator.server.log.in_flight
    assert (in_flight.current[ACCOUNT], in_flight.peaks()) == (0, {ACCOUNT: 5})
    emulator.server.log.clear()
    assert in_flight.peaks() == {}


def test_a_place_is_free_as_soon_as_the_answer_is_there(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    client = emulator.reader

    # Each call has a connection, and so a thread, of its own.
    assert {calling(client)().status_code for _ in range(50)} == {200}


def test_rest_and_restlets_share_one_pool_and_say_it_in_their_own_way(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    client = emulator.reader

    with emulator.server.pool.place(ACCOUNT):
        rest, restlet = client.send("GET", TIME), client.send("GET", RESTLET)

    assert (rest.status_code, rest.json()["o:errorDetails"][0]["o:errorCode"]) == (429, "CONCURRENCY_LIMIT_EXCEEDED")
    assert refused(restlet) == (400, "SSS_REQUEST_LIMIT_EXCEEDED")
    assert client.send("GET", TIME).status_code == 200


def test_a_restlet_holds_a_place_too(start: Start) -> None:
    emulator = start(latency=0.1)
    emulator.behave(concurrency_limit="1")
    gate = Gate(emulator)

    with parallel([calling(emulator.reader, RESTLET)] * 2) as answers:
        gate.open_when(2)

    assert Counter(answer.status_code for answer in answers) == {404: 1, 400: 1}


def test_token_endpoints_and_the_back_door_need_no_place(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.behave(concurrency_limit="1")

    with emulator.server.pool.place(ACCOUNT):
        assert emulator.door("GET", "health")["emulator"]
        assert one.ask().status_code == 200
        assert application(emulator).first().status_code == 200
        assert emulator.reader.send("GET", "/rest/tokeninfo").status_code == 200


def test_another_account_has_a_pool_of_its_own(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    emulator.run("INSERT INTO accounts VALUES ('7654321', 'Other', 'UTC', '{}')")
    emulator.run("UPDATE integrations SET account = '7654321' WHERE id = 14")

    with emulator.server.pool.place("7654321"):
        assert emulator.reader.send("GET", TIME).status_code == 200


def test_names_that_are_no_account_are_not_remembered(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    with emulator.server.pool.place("nobody-1"), emulator.server.pool.place("nobody-2") as has_place:
        assert not has_place  # they all share one entry


def test_the_connector_is_exempt_whoever_sends_its_requests(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    lee = {"as": "ann@example.com", "application": CONNECTOR, "user": "ann@example.com", "role": "1047"}
    token = emulator.act("tokens", lee, 201)
    app = application(emulator, CONNECTOR)
    connector = app.client({"oauth_token": token["token_id"], "oauth_token_secret": token["token_secret"]})

    with emulator.server.pool.place(ACCOUNT):
        assert connector.send("GET", TIME).status_code == 200
        assert emulator.reader.send("GET", TIME).status_code == 429
    with emulator.server.pool.place(ACCOUNT, app.key):
        assert emulator.reader.send("GET", TIME).status_code == 200


def reserve(emulator: Emulator, name: str, number: int) -> None:
    emulator.run("UPDATE integrations SET concurrency = ? WHERE name = ?", number, name)


def test_what_is_reserved_for_one_integration_nobody_else_uses(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="3")
    reserve(emulator, "Shipping Hub", 2)
    pool, client = emulator.server.pool, emulator.reader
    hub = application(emulator)

    with pool.place(ACCOUNT):
        assert client.send("GET", TIME).status_code == 429
        with pool.place(ACCOUNT, hub.key) as second, pool.place(ACCOUNT, hub.key) as third:
            assert (second, third) == (True, True)
            with pool.place(ACCOUNT, hub.key) as too_many:
                assert not too_many


def test_what_was_reserved_for_a_removed_integration_is_free_again(emulator: Emulator) -> None:
    reserve(emulator, CONNECTOR, 2)
    assert emulator.server.pool.limits(ACCOUNT, "").unallocated == 3

    emulator.door("DELETE", f"accounts/{ACCOUNT}/integrations/{CONNECTOR}", {"as": "lee.wong@example.com"})

    assert emulator.server.pool.limits(ACCOUNT, "").unallocated == 5


def limits(client: Client) -> Any:
    answer = client.send("GET", LIMITS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_governance_limits_tell_what_is_reserved(emulator: Emulator) -> None:
    admin = emulator.admin
    common = {"accountConcurrencyLimit": 5, "accountUnallocatedConcurrencyLimit": 5}
    assert limits(admin) == {**common, "integrationLimitType": "accountLimit"}

    reserve(emulator, "Reconciler", 2)
    reserved = {"integrationConcurrencyLimit": 2, "integrationLimitType": "integrationSpecific"}
    assert limits(admin) == {**common, "accountUnallocatedConcurrencyLimit": 3, **reserved}

    emulator.run("UPDATE integrations SET name = ?, concurrency = 0 WHERE name = 'Reconciler'", CONNECTOR)
    assert limits(admin) == {**common, "integrationLimitType": "internal"}


def test_a_seed_reserves_places(start: Start, a_seed: Callable[[dict[str, Any]], Any]) -> None:
    app = {"id": 1, "name": "App", "consumer_key": "the-key", "concurrency": 2}
    emulator = start(seed=a_seed({"integrations": [app]}))

    found = emulator.server.pool.limits(ACCOUNT, "the-key")

    assert (found.account, found.unallocated, found.integration) == (5, 3, 2)


def test_a_busy_database_does_not_hide_who_is_there(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="2")
    reserve(emulator, "Reconciler", 1)
    client = emulator.reader
    assert client.send("GET", TIME).status_code == 200  # now the reservation is known

    with emulator.server.world.database.transaction():
        threads = [threading.Thread(target=calling(client)) for _ in range(2)]
        for thread in threads:
            thread.start()
        until(lambda: emulator.server.log.in_flight.peaks().get(ACCOUNT) == 2)
        # The one without a place is answered while the other still waits for the database.
        until(lambda: emulator.server.log.in_flight.current[ACCOUNT] == 1)
    for thread in threads:
        thread.join(20)


# Overload that looks like a failed login


def test_a_slow_login_failure_takes_a_minute_and_nobody_elses_place(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1", concurrency_answer="invalid-login")
    client = emulator.reader
    gate = Gate(emulator)
    with emulator.server.pool.place(ACCOUNT):
        calls = parallel([calling(client)])
        answers = calls.__enter__()
        until(lambda: gate.asked == [60])

    # It waits still; the server goes on meanwhile, and its place is free.
    assert emulator.door("GET", "health")["emulator"]
    assert client.send("GET", TIME).status_code == 200
    gate.open_when(1)
    calls.__exit__(None, None, None)

    (answer,) = answers
    assert answer.status_code == 401
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"
    assert answer.headers["WWW-Authenticate"].startswith(f'OAuth realm="{ACCOUNT}", error="token_rejected"')


def test_the_slow_failure_of_a_restlet_has_its_own_shape(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1", concurrency_answer="invalid-login", slow_login_seconds="0")

    with emulator.server.pool.place(ACCOUNT):
        assert refused(emulator.reader.send("GET", RESTLET)) == (401, "INVALID_LOGIN_ATTEMPT")


def test_a_429_is_never_slow(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1", slow_login_seconds="60")
    gate = Gate(emulator)

    with emulator.server.pool.place(ACCOUNT):
        assert emulator.reader.send("GET", TIME).status_code == 429

    assert gate.asked == []


def test_the_limit_stands_on_the_command_line(program: Callable[..., Program]) -> None:
    server = program("--concurrency-limit", "7")

    listed = requests.get(f"{server.url}/_emulator/behaviours", timeout=10).json()

    assert [row["value"] for row in listed if row["name"] == "concurrency-limit"] == ["7"]


@pytest.mark.parametrize("text", ["many", "-1", ""])
def test_no_number_is_wrong_usage(text: str) -> None:
    command = [sys.executable, "-m", "reconciler.emulator", "serve", f"--concurrency-limit={text}"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - our own

    assert done.returncode == 64
    assert "is no limit" in done.stderr
