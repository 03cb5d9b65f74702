"""The HTTP server: reads requests byte by byte, applies faults and latency, and writes answers in one piece."""

import contextlib
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.concurrency import Pool
from reconciler.emulator.faults import Faults, Waiting
from reconciler.emulator.loopback import BACK_DOOR, STATE
from reconciler.emulator.oauth1 import signing_time
from reconciler.emulator.request_log import RequestLog
from reconciler.emulator.services import Services, account_named
from reconciler.emulator.wire import ERROR, FORWARDED, Answer, RefusedError, Request, error_answer, without_pages

LARGEST_BODY: Final = 4 * 1024 * 1024
LARGEST_STATE: Final = 1024 * 1024 * 1024
IDLE_SECONDS: Final = 120
# NetSuite's services begin in lower case, an account's id does not.
_PAGE: Final = re.compile(r"/([A-Z0-9]+(_[A-Z0-9]+)*(/.*)?|pages/.*|favicon\.ico)?", re.DOTALL)
_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[::1\])(:[0-9]{1,5})?")
# What decides where a request goes, where it ends and whose it is must not be said twice (RFC 9110, 7.2 and 8.6).
_ONCE: Final = ("Host", "Content-Length", "Authorization")
log: Final = logging.getLogger(__name__)


class EmulatorServer(ThreadingHTTPServer):
    """One server for all accounts of one database, on loopback only."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, world: World, port: int = 0, latency: float = 0) -> None:
        self.world = world
        self.latency = latency
        self.faults = Faults()
        self.log = RequestLog()
        self.pool = Pool(world)
        self.services = Services(world, self.pool)
        # A wait is in no one's way: each request has a thread, and waits outside the database.
        self.hold: Callable[[float], None] = time.sleep
        self._back_door: Callable[[Request], Answer] | None = None
        self._pages: Callable[[Request], Answer] | None = None
        self._making = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_bind(self) -> None:
        # The standard one also looks up a host name, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def answer(self, request: Request, *, has_place: bool = True) -> Answer | None:
        """The answer to a request, or nothing where the connection is to be closed."""
        if request.path.startswith(BACK_DOOR):
            return self._behind(request)
        if _is_page(request):
            return self._page(request)
        account = account_named(request)
        arrival = self.log.arrived(account)
        answer, taken = None, None
        try:
            if self.latency:
                self.hold(self.latency)
            taken = self.faults.take(request.method, request.target, account)
            if taken is None:
                answer = self._real(request, has_place=has_place)
            else:
                answer = self._faulty(request, taken, has_place=has_place)
        except Exception:
            # Whatever went wrong is a mistake of ours; the caller gets NetSuite's own shape for that.
            log.exception("The emulator failed to answer %s %s", request.method, request.path)
            answer = internal_error(self.world)
        finally:
            self.log.left(arrival, request, answer, taken.id if taken else None)
        return answer

    def _real(self, request: Request, *, has_place: bool) -> Answer:
        if not has_place and (slowness := self.services.slowness()):
            self.hold(slowness)
        return self.services.answer(request, has_place=has_place)

    def _behind(self, request: Request) -> Answer:
        """The back door, made with the first request to it."""
        with self._making:
            if self._back_door is None:
                from reconciler.emulator.backdoor import BackDoor  # noqa: PLC0415 - a server shall start quickly

                self._back_door = BackDoor(self.world, self.faults, self.log).answer
        return self._back_door(request)

    def _page(self, request: Request) -> Answer:
        """A page for a person: neither logged nor delayed, and nothing that NetSuite's limits count."""
        with self._making:
            if self._pages is None:
                try:
                    from reconciler.emulator.pages import Pages  # noqa: PLC0415 - few servers are looked at by a person
                except ModuleNotFoundError as error:
                    return without_pages(error)
                self._pages = Pages(self.world).answer
        return self._pages(request)

    def _faulty(self, request: Request, taken: Waiting, *, has_place: bool) -> Answer | None:
        fault = taken.fault
        answer = self._real(request, has_place=has_place) if fault.after else None
        if not self.faults.pause(taken) or fault.drop:
            return None
        if not fault.keeps_answer:
            answer = fault.answer or self._refusal(fault.status, fault.headers)
        return replace(answer or self._real(request, has_place=has_place), truncate=fault.truncate)

    def _refusal(self, status: int, headers: Mapping[str, str]) -> Answer:
        if status < HTTPStatus.BAD_REQUEST:
            return Answer(status, headers=headers)
        answer = error_answer(RefusedError(status, _fault_code(status), "An injected fault."), self.world.switches)
        return replace(answer, headers={**answer.headers, **headers})


def internal_error(world: World) -> Answer:
    detail = "An unexpected error occurred. Error ID: emulator"
    return error_answer(RefusedError(500, "UNEXPECTED_ERROR", detail), world.switches)


def _is_page(request: Request) -> bool:
    asks_for_html = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")
    is_service = request.path.startswith(("/services/", "/rest/", "/app/"))
    return _PAGE.fullmatch(request.path) is not None or (asks_for_html and not is_service)


def _fault_code(status: int) -> str:
    is_too_many = status == HTTPStatus.TOO_MANY_REQUESTS
    return "CONCURRENCY_LIMIT_EXCEEDED" if is_too_many else "UNEXPECTED_ERROR"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A request line that cannot be read would be taken for HTTP/0.9, whose answers have no status.
    default_request_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Small answers on a kept-alive connection would otherwise wait for the other side's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: EmulatorServer

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle_one_request()
            return
        self.close_connection = True

    def _serve(self) -> None:
        if twice := [name for name in _ONCE if len(self.headers.get_all(name, [])) > 1]:
            self._refuse(400, "INVALID_REQUEST", f"The header {twice[0]} stands twice.")
            return
        body = self._body()
        if body is None:
            return
        # A folded header keeps its line breaks, and parts of the request come back in headers of the answer.
        headers = {name.lower(): re.sub(r"[\r\n]+", "", value) for name, value in self.headers.items()}
        if not _HOST.fullmatch(headers.get("host", "")):
            self._refuse(400, "INVALID_REQUEST", "The Host header is missing, or is no host.")
            return
        if headers.get(FORWARDED, "http") not in {"http", "https"}:
            self._refuse(400, "INVALID_REQUEST", "The X-Forwarded-Proto header is neither http nor https.")
            return
        request = Request(self.command, self.path, headers, body, str(self.client_address[0]))
        with self.server.services.place(request) as has_place:
            answer = self._answer(request, has_place=has_place)
            if answer is not None:
                self._write_most(answer)
        if answer is not None:
            # A client that has it all may ask anew at once, so by then the place must be free.
            self._write_last(answer)
            return
        self._hang_up()

    def _answer(self, request: Request, *, has_place: bool) -> Answer | None:
        try:
            return self.server.answer(request, has_place=has_place)
        except Exception:
            log.exception("The emulator failed to answer %s %s", self.command, request.path)
            return internal_error(self.server.world)

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def handle_expect_100(self) -> bool:
        """A client that asks before it sends would wait for what is still in our buffer."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding"):
            self._refuse(411, "LENGTH_REQUIRED", "The emulator needs a Content-Length.")
            return None
        if not (length.isascii() and length.isdigit()):
            self._refuse(400, "INVALID_REQUEST", "Content-Length is not a number.")
            return None
        largest = LARGEST_STATE if self.path == STATE else LARGEST_BODY
        if len(length) > len(str(largest)) or int(length) > largest:
            self._refuse(413, "REQUEST_TOO_LARGE", f"The body is larger than {largest} bytes.")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: int, code: str, detail: str) -> None:
        """Refuse a request whose body was not read: the connection cannot be used again."""
        self.close_connection = True
        self._write(self._error(status, code, detail))

    def _error(self, status: int, code: str, detail: str) -> Answer:
        return error_answer(RefusedError(status, code, detail), self.server.world.switches)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself refuses comes in the same shape as everything else."""
        del explain
        self.close_connection = True
        self._write(self._error(code, "INVALID_REQUEST", message or HTTPStatus(code).phrase))

    def _write(self, answer: Answer) -> None:
        self._write_most(answer)
        self._write_last(answer)

    def _write_most(self, answer: Answer) -> None:
        """All but the last byte, or all that fits into the buffer."""
        self.send_response(answer.status)
        if answer.body or answer.content_type == ERROR:
            self.send_header("Content-Type", answer.content_type)
        if answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(_sent(answer)[:-1])

    def _write_last(self, answer: Answer) -> None:
        if self.command != "HEAD":
            self.wfile.write(_sent(answer)[-1:])
        self.wfile.flush()
        if _is_cut(answer):
            self._hang_up()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Answers are dated by the clock that signatures are checked against: by it a client sees how far it is off."""
        return super().date_time_string(signing_time(self.server.world) if timestamp is None else timestamp)

    def version_string(self) -> str:
        return "reconciler-emulator"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Requests are kept in the request log; the terminal stays quiet."""


def _is_cut(answer: Answer) -> bool:
    return answer.truncate is not None and answer.body != b""


def _sent(answer: Answer) -> bytes:
    """The body, or what a fault leaves of it: at least the last byte is missing, which Content-Length has promised."""
    return answer.body[: min(answer.truncate or 0, len(answer.body) - 1)] if _is_cut(answer) else answer.body


def serve_in_thread(server: EmulatorServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    return thread
