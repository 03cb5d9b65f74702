"""Secrets planted wherever one can be; then everything that any command says, writes or logs is searched for them."""

import base64
import json
import logging
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from reconciler.cli.main import main
from tests.reliability.applying import PUBLISHED
from tests.reliability.conftest import GRANTING, Stage
from tests.reliability.files import LAST_WORD
from tests.support.in_process import Handler, InProcess, Said, in_process, response

TOWN = Path(__file__).with_name("town.yaml")
PLANTED = "Canary7f3a9c51e8b2"
"""What is no credential of this run, in places where somebody may have left one."""
IN_SURROUNDINGS = {
    "AWS_SECRET_ACCESS_KEY": f"{PLANTED}aws",
    "AWS_SESSION_TOKEN": f"{PLANTED}session",
    "GITHUB_TOKEN": f"{PLANTED}github",
    "HTTPS_PROXY": f"http://somebody:{PLANTED}proxy@127.0.0.1:9",
    "NETSUITE_SPARE": f"{PLANTED}spare",
}
FORMATS = ("text", "json", "markdown", "html", "sarif", "github")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("--version",),
    ("validate",),
    ("validate", "north"),
    ("plan", "north", "--output", "text", "--output", "json=plan.json"),
    ("plan", "north", "--output", "json"),
    ("show", "plan.json"),
    ("show", "plan.json", "--output", "json"),
    *(("plan", "north", "--output", one) for one in FORMATS),
    *(("show", "plan.json", "--output", f"{one}=shown.{one}") for one in FORMATS),
    ("apply", "north"),
    ("apply", "plan.json"),
    ("apply", "north", "--auto-approve", "--output", "text", "--output", "json=apply.json"),
    ("apply", "north", "--auto-approve", "--override", "max-removals=why not", "--output", "json"),
    ("apply", "north", "--auto-approve", "--wait", "1s"),
    ("history",),
    *(("apply", "north", "--auto-approve", "--output", one) for one in FORMATS),
    ("history", "north", "--output", "json"),
    ("unlock", "north", "000000000000"),
    ("schema",),
    ("schema", "plan"),
    ("plan", "nowhere"),
    ("show", "nowhere.json"),
    ("no-such-command",),
)


def logins_of(account: InProcess) -> set[str]:
    """Every part of every login that the account knows."""
    rows = account.world.database.rows
    tokens = {row[name] for row in rows("SELECT * FROM tokens") for name in ("token_id", "token_secret")}
    clients = {row[name] for row in rows("SELECT * FROM integrations") for name in ("consumer_key", "consumer_secret")}
    return {secret for secret in tokens | clients if secret}


def forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def left_behind(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in files)


def require_none(secrets: set[str], text: str, where: object = "") -> None:
    found = {secret for secret in secrets for form in forms(secret) if form in text}
    assert not found, f"{where}: {text}"
    assert PLANTED not in text, f"{where}: {text}"


@pytest.fixture
def account(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[InProcess]:
    caplog.set_level(logging.DEBUG)
    with in_process(tmp_path, TOWN) as made:
        made.environ = {**made.environ, **IN_SURROUNDINGS}
        made.write("north", LAST_WORD["north"])
        yield made


def said_by(account: InProcess, *arguments: str) -> str:
    said: Said = account.run(*arguments)
    assert said.code in PUBLISHED
    assert "Traceback" not in said.out + said.err
    return said.out + said.err


def test_no_command_leaves_a_secret_anywhere(account: InProcess, caplog: pytest.LogCaptureFixture) -> None:
    everything = [said_by(account, *arguments) for arguments in COMMANDS]

    text = "\n".join(everything) + caplog.text + left_behind(account.folder)
    assert "Connector of Ann" in text
    assert "north: account 1234567, applied" in text
    require_none(logins_of(account), text)


Answers = Callable[[requests.PreparedRequest, requests.Response, str], requests.Response]


def _error(status: int, **headers: str) -> Answers:
    def made(request: requests.PreparedRequest, _: requests.Response, echo: str) -> requests.Response:
        details = [{"detail": f"Refused: {echo}", "o:errorCode": echo[:40]}]
        body = json.dumps({"title": echo, "status": status, "o:errorDetails": details}).encode()
        told = {name: f"{value} {echo}" for name, value in headers.items()}
        return response(request, status, body, {"Content-Type": "application/json", **told})

    return made


def _no_json(request: requests.PreparedRequest, _: requests.Response, echo: str) -> requests.Response:
    return response(request, 200, f"<html>{echo}</html>".encode(), {"Content-Type": f"text/html; of={echo}"})


def _elsewhere(request: requests.PreparedRequest, _: requests.Response, echo: str) -> requests.Response:
    return response(request, 302, b"", {"Location": f"https://example.com/?{echo}"})


def _other_json(request: requests.PreparedRequest, _: requests.Response, echo: str) -> requests.Response:
    body = json.dumps({"items": [{echo: echo}], "hasMore": echo, "serverTime": echo, "id": echo}).encode()
    return response(request, 200, body, {"Content-Type": "application/json"})


def _broken(_request: requests.PreparedRequest, _: requests.Response, echo: str) -> requests.Response:
    raise requests.exceptions.ConnectionError(f"HTTPSConnectionPool: {echo}")


ECHOES: Mapping[str, Answers] = {
    "400": _error(400),
    "401": _error(401, **{"WWW-Authenticate": "OAuth realm"}),
    "403": _error(403),
    "429": _error(429),
    "500": _error(500),
    "no JSON": _no_json,
    "redirect": _elsewhere,
    "other JSON": _other_json,
    "broken": _broken,
}
MOST_REQUESTS = 24


@contextmanager
def echoing(account: InProcess, how: str, first: int) -> Iterator[list[requests.PreparedRequest]]:
    """Answers that hold the header, its parts and the secrets behind it, from request number `first` on.

    Yields:
        all requests so far.
    """
    seen: list[requests.PreparedRequest] = []

    def through(request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        seen.append(request)
        number = len(seen)
        true = pass_on(request)
        header: str | bytes = request.headers.get("Authorization", "")
        shown = header.decode() if isinstance(header, bytes) else header
        login = [value for name, value in account.environ.items() if name.startswith("NETSUITE_")]
        return true if number < first else ECHOES[how](request, true, " ".join([shown, *login]))

    account.wire.through = through
    yield seen
    account.wire.through = None


@pytest.mark.parametrize("how", ECHOES)
def test_what_netsuite_repeats_of_a_login_is_not_repeated_here(
    account: InProcess, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """At each request in turn an answer that holds the header, its parts and the secrets behind it."""
    secrets = logins_of(account)
    for number in range(1, MOST_REQUESTS + 1):
        with echoing(account, how, number):
            text = said_by(
                account, "apply", "north", "--auto-approve", "--output", "text", "--output", "json=apply.json"
            )
            text += said_by(account, "plan", "north", "--output", "json=plan.json") if number == 1 else ""
        require_none(secrets, text + caplog.text + left_behind(account.folder), number)
        caplog.clear()


def with_login(**changed: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(LAST_WORD["north"]))
    content["netsuite"]["login"] |= changed
    return content


ON_MISTAKES = (
    ("validate", "wrong"),
    ("plan", "wrong"),
    ("apply", "wrong", "--auto-approve"),
    ("history", "wrong"),
    ("unlock", "wrong", "x"),
)
MISTAKES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "a secret in place of a reference": lambda: with_login(token_secret=PLANTED),
    "a secret behind env:": lambda: with_login(token_secret=f"env:{PLANTED}"),
    "a secret behind file:": lambda: with_login(token_secret=f"file:/{PLANTED}"),
    "a secret under another key": lambda: with_login(password=PLANTED),
    "a secret as a method": lambda: with_login(method=PLANTED),
    "a password in an endpoint": lambda: _netsuite(endpoint=f"https://user:{PLANTED}@1.suitetalk.api.netsuite.com"),
    "a password for this machine": lambda: _netsuite(endpoint=f"http://user:{PLANTED}@127.0.0.1:8080"),
    "a password in the store": lambda: {**LAST_WORD["north"], "store": f"s3://key:{PLANTED}@bucket/prefix"},
    "a secret in a list": lambda: with_login() | {"extends": [f"../{PLANTED}"]},
}


def _netsuite(**changed: str) -> dict[str, Any]:
    content = with_login()
    content["netsuite"] |= changed
    return content


@pytest.mark.parametrize("what", MISTAKES)
def test_a_secret_in_a_file_by_mistake_is_not_repeated(
    account: InProcess, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    file = account.write("wrong", MISTAKES[what]())
    text = "".join(said_by(account, *command) for command in ON_MISTAKES)
    file.unlink()

    assert text
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))


class _Refusing(BaseHTTPRequestHandler):
    """A bucket that refuses a request, and repeats all of it, as S3 does when a signature does not match."""

    def do_GET(self) -> None:
        echo = f"{self.path} {dict(self.headers)} {IN_SURROUNDINGS['AWS_SECRET_ACCESS_KEY']}"
        body = f"<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{echo}</StringToSign></Error>".encode()
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET  # noqa: N815  the name is that of the library

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name is that of the library
        """Say nothing."""


def test_the_credentials_of_a_bucket_are_not_repeated(account: InProcess, caplog: pytest.LogCaptureFixture) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    account.environ = {
        **account.environ,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": f"{PLANTED}id",
    }
    account.write("bucket", {**LAST_WORD["north"], "store": "s3://somewhere/kept"})
    try:
        text = said_by(account, "apply", "bucket", "--auto-approve")
        text += said_by(account, "history", "bucket") + said_by(account, "unlock", "bucket", "x")
    finally:
        server.shutdown()
        server.server_close()

    assert "s3://somewhere/kept cannot be used" in text
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))


def test_what_others_see_of_the_process_holds_no_secret(stage: Stage) -> None:
    """Arguments and title stand in the list of processes, which everybody on a machine may read."""
    stage.begin(GRANTING)
    fault = stage.emulator.door("faults", {"match": "* .*", "skip": 5, "hold": True})
    with subprocess.Popen(  # noqa: S603  our own program
        stage.command("apply", "production", "--auto-approve"),
        cwd=stage.folder,
        env=dict(stage.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        stage.emulator.door(f"faults/{fault['id']}/await", {"held": 1, "seconds": 30})
        place = Path("/proc") / str(process.pid)
        shown = [(place / name).read_text("utf-8", "replace") for name in ("cmdline", "comm", "status")]
        threads = [(one / "comm").read_text("utf-8", "replace") for one in (place / "task").iterdir()]
        stage.emulator.door(f"faults/{fault['id']}/release", {})
    login = {value for name, value in stage.environ.items() if name.startswith("NETSUITE_")}

    assert "apply" in shown[0]
    require_none(login, "\n".join(shown + threads))


BREAKS = (
    ("reconciler.netsuite.transport._body", "plan"),
    ("reconciler.netsuite.connection.exchange", "plan"),
    ("reconciler.netsuite.client.json_in", "plan"),
    ("reconciler.netsuite.live_state.assembled", "plan"),
    ("reconciler.planning.build_plan", "plan"),
    ("reconciler.netsuite.employee_writer._role_ids", "apply"),
    ("reconciler.pipeline.require_declared_logins", "apply"),
    ("reconciler.core.journal.came_of", "apply"),
    ("reconciler.wiring.keeping.read_journal", "history"),
)


def enter(account: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and the surroundings of its commands become those of this process."""
    monkeypatch.chdir(account.folder)
    for name, value in account.environ.items():
        monkeypatch.setenv(name, value)


def shown_with_variables(monkeypatch: pytest.MonkeyPatch, where: str, *arguments: str) -> str:
    """What a traceback of our own frames shows with all local variables, when something breaks there in a command."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nobody planned this")

    monkeypatch.setattr(where, broken)
    with pytest.raises(ZeroDivisionError) as caught:
        main(arguments)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in frames if "/reconciler/" in frame.filename and "/emulator/" not in frame.filename]
    assert len(ours) > 3
    return "".join(f"{frame.name} {frame.locals}\n" for frame in ours)


@pytest.mark.parametrize(("where", "command"), BREAKS)
def test_a_traceback_with_all_its_variables_holds_no_secret(
    account: InProcess, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, where: str, command: str
) -> None:
    """What nobody planned may end in a traceback; even with all local variables it shows no credential."""
    enter(account, monkeypatch)
    options = ["--auto-approve"] if command == "apply" else []
    text = shown_with_variables(monkeypatch, where, command, "north", *options)
    require_none(logins_of(account), text + caplog.text + left_behind(account.folder))
