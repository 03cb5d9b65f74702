"""Injected faults, as a client sees them on its socket."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from reconciler.emulator.faults import fault
from tests.emulator.clients import ACCOUNT, Emulator

TIME = "/services/rest/system/v1/serverTime"
PERSON = "/services/rest/record/v1/employee/4210"
GENERIC = b'{"type"'


def add(emulator: Emulator, match: str, **what: Any) -> int:
    key: int = emulator.door("POST", "faults", {"match": match, **what}, 201)["id"]
    return key


def raw(emulator: Emulator, path: str = TIME) -> bytes:
    """All that comes back for an unsigned request on a connection that is to be kept, until the server closes it."""
    with socket.create_connection(("127.0.0.1", emulator.server.server_address[1]), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def test_status_headers_and_body_come_as_they_were_given(emulator: Emulator) -> None:
    page = {"status": 502, "headers": {"Content-Type": "text/html", "X-Proxy": "p1"}, "body": "<h1>Bad gateway</h1>"}
    add(emulator, "GET serverTime", **page)

    answer = emulator.reader.send("GET", TIME)

    assert (answer.status_code, answer.text) == (502, "<h1>Bad gateway</h1>")
    assert (answer.headers["Content-Type"], answer.headers["X-Proxy"]) == ("text/html", "p1")


def test_a_status_that_is_no_error_brings_no_error_body(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", status=302, headers={"Location": "/elsewhere"})

    answer = emulator.reader.send("GET", TIME, allow_redirects=False)

    assert (answer.status_code, answer.content, answer.headers["Location"]) == (302, b"", "/elsewhere")


@pytest.mark.parametrize(("sent", "kept"), [(0, 0), (20, 20), (10**6, None)])
def test_a_truncated_body_is_shorter_than_its_content_length(emulator: Emulator, sent: int, kept: int | None) -> None:
    add(emulator, "GET serverTime", truncate=sent)

    head, _, body = raw(emulator).partition(b"\r\n\r\n")

    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(body) == (promised - 1 if kept is None else kept)
    assert body == b"" or body.startswith(GENERIC)
    assert b"connection: close" not in head.lower()


def test_a_client_notices_a_truncated_answer_of_netsuite(emulator: Emulator) -> None:
    add(emulator, "GET employee", truncate=30)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        emulator.admin.send("GET", PERSON)
    assert emulator.admin.send("GET", PERSON).status_code == 200


def test_a_truncated_fault_is_cut_too(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", truncate=4, status=500, body="0123456789")

    head, _, body = raw(emulator).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"Content-Length: 10" in head
    assert body == b"0123"


def test_an_answer_without_a_body_cannot_be_cut(emulator: Emulator) -> None:
    add(emulator, "PATCH .*", truncate=0)

    assert emulator.admin.patch(PERSON, {"title": "x"}).status_code == 204


def test_a_dropped_connection_sends_nothing(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", drop=True)

    assert raw(emulator) == b""


@pytest.mark.parametrize(("after", "title"), [(False, "Warehouse Manager"), (True, "Changed")])
def test_the_connection_is_dropped_before_or_after_the_write(emulator: Emulator, after: bool, title: str) -> None:
    add(emulator, "PATCH .*", drop=True, after=after)

    with pytest.raises(requests.ConnectionError):
        emulator.admin.patch(PERSON, {"title": "Changed"})

    assert emulator.person("4210")["title"] == title


def test_an_error_can_come_after_the_write(emulator: Emulator) -> None:
    add(emulator, "PATCH .*", status=504, after=True)

    assert emulator.admin.patch(PERSON, {"title": "Changed"}).status_code == 504
    assert emulator.person("4210")["title"] == "Changed"


def test_the_nth_request_is_hit_and_no_other(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", nth=3, status=503)

    assert [emulator.reader.send("GET", TIME).status_code for _ in range(5)] == [200, 200, 503, 200, 200]


def test_requests_are_skipped_and_then_hit_as_often_as_asked(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", skip=1, times=2, status=503)

    assert [emulator.reader.send("GET", TIME).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_only_what_matches_counts(emulator: Emulator) -> None:
    add(emulator, "GET serverTime$", nth=2, status=503)

    wanted = (TIME, f"{TIME}?x=1", PERSON, TIME)
    assert [emulator.admin.send("GET", path).status_code for path in wanted] == [200, 200, 200, 503]


def test_a_fault_may_be_for_one_account(emulator: Emulator) -> None:
    add(emulator, "GET serverTime", account="1234567_SB1", status=503)
    add(emulator, "GET serverTime", account=ACCOUNT, status=504)

    assert [emulator.reader.send("GET", TIME).status_code for _ in range(2)] == [504, 200]


def test_latency_comes_before_the_answer(emulator: Emulator) -> None:
    client = emulator.reader
    add(emulator, "GET serverTime", latency=150)
    began = time.monotonic()

    assert client.send("GET", TIME).status_code == 200
    assert time.monotonic() - began >= 0.15


@contextmanager
def asked(emulator: Emulator, method: str, path: str, **more: Any) -> Iterator[list[int]]:
    """A request under way in a thread; its status is in the list once the block has ended."""
    client, statuses = emulator.admin.with_(session=requests.Session()), list[int]()
    thread = threading.Thread(target=lambda: statuses.append(client.send(method, path, **more).status_code))
    thread.start()
    yield statuses
    thread.join(10)
    client.session.close()


@pytest.mark.parametrize(("after", "title"), [(False, "Warehouse Manager"), (True, "Changed")])
def test_a_held_request_waits_until_it_is_released(emulator: Emulator, after: bool, title: str) -> None:
    key = add(emulator, "PATCH .*", hold=True, after=after)

    with asked(emulator, "PATCH", PERSON, json={"title": "Changed"}) as statuses:
        emulator.door("POST", f"faults/{key}/await", {"held": 1})
        assert emulator.person("4210")["title"] == title
        assert statuses == []
        emulator.door("POST", f"faults/{key}/release", {})

    assert statuses == [204]
    assert emulator.person("4210")["title"] == "Changed"


def test_clearing_or_removing_a_fault_lets_go_of_what_it_holds(emulator: Emulator) -> None:
    for path in ("faults", "faults/{key}"):
        key = add(emulator, "GET serverTime", hold=True)
        with asked(emulator, "GET", TIME) as statuses:
            emulator.door("POST", f"faults/{key}/await", {"held": 1})
            emulator.door("DELETE", path.format(key=key))
        assert statuses == [200]


def test_a_held_request_may_end_in_an_error(emulator: Emulator) -> None:
    key = add(emulator, "GET serverTime", hold=True, status=503)
    with asked(emulator, "GET", TIME) as statuses:
        emulator.door("POST", f"faults/{key}/await", {"held": 1})
        emulator.door("POST", f"faults/{key}/release", {})

    assert statuses == [503]


def test_the_list_of_faults_says_what_is_waiting_and_how_often_each_fired(emulator: Emulator) -> None:
    first = add(emulator, "GET serverTime", times=3, skip=1, status=503)
    second = add(emulator, "* nothing")
    for _ in range(3):
        emulator.reader.send("GET", TIME)

    listed = emulator.door("GET", "faults")

    assert [(row["id"], row["seen"], row["fired"], row["left"]) for row in listed] == [
        (first, 3, 2, 1), (second, 0, 0, 1),
    ]  # fmt: skip
    assert (listed[0]["match"], listed[0]["status"], listed[0]["held"]) == ("GET serverTime", 503, 0)
    assert emulator.door("POST", f"faults/{first}/await", {"fired": 2})["fired"] == 2


def test_waiting_for_what_does_not_come_ends(emulator: Emulator) -> None:
    key = add(emulator, "GET serverTime", hold=True)

    told = emulator.door("POST", f"faults/{key}/await", {"held": 1, "seconds": 1}, 409)

    assert "0 held" in told["error"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "words"),
    [
        ("POST", "faults/99/release", {}, 404, "no fault 99"),
        ("DELETE", "faults/99", None, 404, "no fault 99"),
        ("POST", "faults/99/await", {"held": 1}, 404, "no fault 99"),
        ("POST", "faults/1/await", {}, 400, "either"),
        ("POST", "faults/1/await", {"held": 1, "fired": 1}, 400, "either"),
        ("POST", "faults/1/await", {"held": 0}, 400, "held must be"),
        ("POST", "faults/1/await", {"held": 1, "seconds": 1000}, 400, "seconds must be"),
        ("PUT", "faults", {}, 405, "DELETE or GET or POST"),
    ],
)
def test_what_cannot_be_asked_of_faults(
    story: Emulator, method: str, path: str, content: Any, status: int, words: str
) -> None:
    assert words in story.door(method, path, content, status)["error"]


def test_only_what_holds_can_be_released(emulator: Emulator) -> None:
    key = add(emulator, "GET serverTime")

    assert "holds nothing" in emulator.door("POST", f"faults/{key}/release", {}, 409)["error"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"match": "get .*"}, "write GET"),
        ({"match": 1}, "match must be a text"),
        ({"match": "* .*", "times": 0}, "times must be a whole number from 1"),
        ({"match": "* .*", "times": True}, "times must be a whole number"),
        ({"match": "* .*", "skip": -1}, "skip must be"),
        ({"match": "* .*", "nth": 0}, "nth must be"),
        ({"match": "* .*", "nth": 1, "skip": 1}, "not both"),
        ({"match": "* .*", "status": 600}, "status must be a whole number from 200 to 599"),
        ({"match": "* .*", "latency": "1s"}, "latency must be"),
        ({"match": "* .*", "latency": 10**9}, "latency must be"),
        ({"match": "* .*", "hold": 1}, "hold must be true or false"),
        ({"match": "* .*", "drop": "yes"}, "drop must be true or false"),
        ({"match": "* .*", "after": 1}, "after must be true or false"),
        ({"match": "* .*", "truncate": -1}, "truncate must be"),
        ({"match": "* .*", "account": 1}, "account must be a text"),
        ({"match": "* .*", "drop": True, "status": 500}, "status cannot be sent"),
        ({"match": "* .*", "drop": True, "truncate": 1}, "truncate cannot be sent"),
        ({"match": "* .*", "status": 204, "body": "x"}, "has no body"),
        ({"match": "* .*", "headers": {"a b": "x"}}, "'a b' is no header"),
        ({"match": "* .*", "headers": {"a": "\u20ac"}}, "not printable ASCII"),
        ({"match": "* .*", "headers": {"a": 1}}, "object of texts"),
        ({"match": "* .*", "headers": {"Content-Length": "5"}}, "the server's own"),
    ],
)
def test_a_wrong_field_is_named(story: Emulator, content: dict[str, Any], words: str) -> None:
    assert words in story.door("POST", "faults", content, 400)["error"]


def test_a_fault_never_hits_the_back_door(emulator: Emulator) -> None:
    key = add(emulator, "* .*", drop=True, times=100)

    assert emulator.door("GET", "health")["emulator"] is True
    assert emulator.door("GET", "faults")[0]["seen"] == 0
    assert emulator.door("DELETE", f"faults/{key}") == {"removed": True}


def test_the_connection_goes_on_after_a_fault_that_answers(emulator: Emulator) -> None:
    add(emulator, "GET .*", status=503, times=1)
    connection = http.client.HTTPConnection("127.0.0.1", emulator.server.server_address[1], timeout=10)

    statuses = []
    for _ in range(2):
        connection.request("GET", TIME)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses == [503, 401]


def test_there_is_an_end_to_the_list_of_faults(emulator: Emulator) -> None:
    for _ in range(1000):
        emulator.server.faults.add(fault({"match": "* never"}))

    assert "already" in emulator.door("POST", "faults", {"match": "* never"}, 409)["error"]


@pytest.mark.parametrize("status", [419, 520, 599])
def test_a_status_that_nobody_has_registered_is_sent_too(emulator: Emulator, status: int) -> None:
    add(emulator, "GET serverTime", status=status)

    answer = requests.get(f"{emulator.url}{TIME}", timeout=10)

    assert (answer.status_code, answer.json()["status"], answer.json()["title"]) == (status, status, "Unknown Error")
