"""What the emulator costs: its start, its memory, its requests and its pages, as ratios where there is one.

The clients are processes of their own against the server, as anybody's are: signed with oauthlib before the clock runs,
sent on one kept connection. Everything that is compared is measured in the same run.
"""

import http.server
import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from oauthlib.oauth1 import Client as Signer

from benchmarks.measuring import INTERPRETER, Figure, Server, emulator, python, quickest, seconds_of, serving

ACCOUNT = "1234567"
TIME = "/services/rest/system/v1/serverTime"
RECORD = "/services/rest/record/v1/employee"
QUERY = "/services/rest/query/v1/suiteql"
BARE = "--bare-server"
Method = Literal["GET", "POST"]
PLAIN = "a bare http.server"


@dataclass(frozen=True)
class Sizes:
    """How much is made up, and how often each figure is taken; the best counts."""

    accounts: int = 1000
    people_each: int = 50
    employees: int = 100_000
    audit_rows: int = 1_000_000
    requests: int = 2000
    runs: int = 5


class Connection:
    """One kept connection, with no more of HTTP than it takes: what the client does is not measured."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def exchange(self, request: bytes) -> bytes:
        """Send a request and read its answer.

        Raises:
            ValueError: the answer is no success.
        """
        self._socket.sendall(request)
        status, length = self._file.readline(), 0
        while (line := self._file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        body = self._file.read(length)
        if not status.startswith(b"HTTP/1.1 2"):
            raise ValueError(f"{status!r} {body!r}")
        return body


@dataclass(frozen=True)
class Client:
    """Somebody who signs, as the default login of a seed."""

    server: Server
    signer: Signer

    @staticmethod
    def of(server: Server) -> "Client":
        login = server.door.credentials()
        signer = Signer(
            login["consumer_key"],
            client_secret=login["consumer_secret"],
            resource_owner_key=login["token_id"],
            resource_owner_secret=login["token_secret"],
            signature_method=SIGNATURE_HMAC_SHA256,
            realm=ACCOUNT,
        )
        return Client(server, signer)

    def request(self, method: Method, path: str, content: object = None) -> bytes:
        url = f"http://127.0.0.1:{self.server.port}{path}"
        body = b"" if content is None else json.dumps(content).encode()
        _, headers, _ = self.signer.sign(url, method)
        headers |= {"Host": f"127.0.0.1:{self.server.port}", "Accept": "*/*", "Prefer": "transient"}
        headers |= {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + body


def serve_bare() -> None:
    """The least that the standard library's HTTP server can do: what there is to compare with."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 1 << 16

        def _serve(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")
            self.wfile.flush()

        do_GET = do_POST = _serve  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Nothing is told."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


def seed_of(folder: Path, name: str, made_up: object, **more: object) -> str:
    """A seed of one account with a login of an Administrator, and what is made up around it."""
    of_admin = {"application": "Load", "role": "Administrator"}
    account = {
        "name": "Load",
        "roles": [
            {"id": 3, "name": "Administrator"},
            {"id": 1001, "name": "Buyer", "permissions": {"LIST_FIND": "View"}},
        ],
        "employees": [
            {"id": 1, "entityid": "Admin", "email": "admin@example.com", "access": True, "roles": ["Administrator"]}
        ],
        "integrations": [{"id": 1, "name": "Load"}],
        "tokens": [{**of_admin, "user": "Admin", "name": "Load token"}],
        "logins": [{**of_admin, "employee": "Admin", "default": True}],
        "generate": made_up,
    }
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps({"accounts": {ACCOUNT: account}, **more}), encoding="utf-8")
    return str(path)


def figures(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Measure, one figure after the other."""
    (bare,) = quickest(python("-c", "pass"), runs=sizes.runs)
    yield from start_rows(sizes, bare)
    yield from request_rows(sizes)
    yield from many_rows(sizes, folder, bare)
    yield from large_rows(sizes, folder, bare)


def start_rows(sizes: Sizes, bare: float) -> Iterator[Figure]:
    starts, answers, memory = [], [], ""
    for _ in range(sizes.runs):
        begin = time.perf_counter()
        with serving(*emulator()) as server:
            starts.append(server.seconds)
            memory = server.memory
            client = Client.of(server)
            with Connection(server.port) as connection:
                connection.exchange(client.request("POST", QUERY, {"q": "SELECT id FROM employee"}))
            answers.append(time.perf_counter() - begin)
    yield Figure(
        "start of the built-in story, until it listens", f"{min(starts):.2f} s", min(starts) / bare, INTERPRETER
    )
    first = min(answers)
    yield Figure("start, a login, and the first answer of SuiteQL", f"{first:.2f} s", first / bare, INTERPRETER)
    yield Figure("memory of the built-in story, at its start", memory)


def request_rows(sizes: Sizes) -> Iterator[Figure]:
    kinds: tuple[tuple[str, Method, str, object], ...] = (
        ("server time", "GET", TIME, None),
        ("an employee", "GET", f"{RECORD}/4210", None),
        ("SuiteQL for one row", "POST", QUERY, {"q": "SELECT id, email FROM employee WHERE id = 4210"}),
    )
    with serving(*emulator()) as server, serving("-m", "benchmarks.emulator", BARE) as least:
        server.door.behave(concurrency_limit="0")
        client = Client.of(server)
        for name, method, path, content in kinds:
            ours, bare = [], []
            for _ in range(sizes.runs):
                # In turn, so that a busy moment of the machine meets both.
                requests = [client.request(method, path, content) for _ in range(sizes.requests // sizes.runs)]
                bare.append(_rate(least, requests))
                ours.append(_rate(server, requests))
            what = f"signed requests in a second, one after the other: {name}"
            yield Figure(what, f"{max(ours):,.0f}", max(ours) / max(bare), PLAIN)
        yield Figure(f"memory after {3 * sizes.requests:,} requests", server.memory)


def _rate(server: Server, requests: Sequence[bytes]) -> float:
    with Connection(server.port) as connection:
        begin = time.perf_counter()
        for request in requests:
            connection.exchange(request)
        return len(requests) / (time.perf_counter() - begin)


def many_rows(sizes: Sizes, folder: Path, bare: float) -> Iterator[Figure]:
    made_up = {"employees": sizes.people_each - 1, "access": True, "roles": ["Buyer"]}
    seed = seed_of(folder, "many", made_up, generate={"accounts": sizes.accounts, "template": ACCOUNT})
    what = f"{sizes.accounts:,} accounts with {sizes.people_each} employees each"
    with serving(*emulator("--seed", seed)) as server:
        yield Figure(f"start with {what}", f"{server.seconds:.2f} s", server.seconds / bare, INTERPRETER)
        yield Figure(f"memory of {what}", server.memory)


def large_rows(sizes: Sizes, folder: Path, bare: float) -> Iterator[Figure]:
    audit = [{"application": "Load", "token": "Load token", "rows": sizes.audit_rows, "days": 90}]
    seed = seed_of(folder, "large", {"employees": sizes.employees, "login_audit": audit})
    what = f"{sizes.employees:,} employees and {sizes.audit_rows:,} audit rows in one account"
    with serving(*emulator("--seed", seed)) as server:
        yield Figure(f"start with {what}", f"{server.seconds:.2f} s", server.seconds / bare, INTERPRETER)
        yield Figure(f"memory of {what}", server.memory)
        yield from page_rows(sizes, Client.of(server))
    with serving(*emulator("--seed", seed, "--database", str(folder / "large.sqlite"))) as server:
        yield Figure(f"the same in a file: memory of {what}", server.memory)


def page_rows(sizes: Sizes, client: Client) -> Iterator[Figure]:
    """First and last pages; SuiteQL shows 100,000 rows at most, so no page is deeper than that."""
    size = min(1000, sizes.employees)
    deepest = min(sizes.employees, 100_000) // size * size - size
    audit_deepest = min(sizes.audit_rows, 100_000) // size * size - size
    people = {"q": "SELECT id, email FROM employee ORDER BY id"}
    logins = {"q": "SELECT date, status, oauthaccesstokenname FROM loginaudit ORDER BY date DESC"}
    kinds: tuple[tuple[str, tuple[Method, str, object], int], ...] = (
        ("employees by SuiteQL", ("POST", QUERY, people), deepest),
        ("the login audit trail by SuiteQL, newest first", ("POST", QUERY, logins), audit_deepest),
        ("employees by the record service", ("GET", RECORD, None), deepest),
    )
    for name, what, deep in kinds:
        first, last = (_page(client, what, size, offset, sizes.runs) for offset in (0, deep))
        yield Figure(f"the last page of {name}", f"{last * 1000:,.0f} ms", last / first, "the first page")


def _page(client: Client, what: tuple[Method, str, object], size: int, offset: int, runs: int) -> float:
    method, path, content = what
    with Connection(client.server.port) as connection:
        target = f"{path}?limit={size}&offset={offset}"
        requests = iter([client.request(method, target, content) for _ in range(runs)])
        return quickest(seconds_of(lambda: connection.exchange(next(requests))), runs=runs)[0]


if __name__ == "__main__" and sys.argv[1:] == [BARE]:
    serve_bare()
