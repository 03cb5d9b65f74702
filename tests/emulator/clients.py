"""Ordinary clients of the emulator: requests signs, nothing of the server's own code does."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests_oauthlib import OAuth1

from reconciler.emulator.server import EmulatorServer

ACCOUNT = "1234567"
CONNECTOR = "NetSuite Connector"
CONNECTOR_ROLE = "NetSuite Connector Web Services"


@dataclass(frozen=True)
class Client:
    """One signed-in integration."""

    url: str
    credentials: dict[str, str]
    session: requests.Session
    account: str = ACCOUNT
    agent: str = "test-client/1"
    wrong: dict[str, Any] = field(default_factory=dict)

    def auth(self) -> OAuth1:
        wanted: dict[str, Any] = {
            "client_key": self.credentials["consumer_key"],
            "client_secret": self.credentials["consumer_secret"],
            "resource_owner_key": self.credentials["token_id"],
            "resource_owner_secret": self.credentials["token_secret"],
            "signature_method": SIGNATURE_HMAC_SHA256,
            "realm": self.account,
            **self.wrong,
        }
        return OAuth1(**wanted)

    def send(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"User-Agent": self.agent, **more.pop("headers", {})}
        address = path if path.startswith("http") else self.url + path
        return self.session.request(method, address, auth=self.auth(), headers=headers, timeout=10, **more)

    def suiteql(self, q: str, *params: str | int, page: str = "") -> requests.Response:
        body = {"q": q, "params": list(params)} if params else {"q": q}
        return self.send("POST", f"/services/rest/query/v1/suiteql{page}", json=body, headers={"Prefer": "transient"})

    def items(self, q: str, *params: str | int) -> list[dict[str, Any]]:
        answer = self.suiteql(q, *params)
        assert answer.status_code == 200, f"{answer.text} {answer.headers.get('X-Emulator-Reason')}"
        return [{k: v for k, v in item.items() if k != "links"} for item in answer.json()["items"]]

    def refusal(self, q: str, *params: str | int) -> str:
        answer = self.suiteql(q, *params)
        assert answer.status_code == 400, answer.text
        error = answer.json()["o:errorDetails"][0]
        assert error["o:errorCode"] == "INVALID_PARAMETER"
        assert error["o:errorQueryParam"] == "q"
        detail: str = error["detail"]
        return detail.removeprefix("Invalid search query. Detailed unprocessed description follows. ")

    def patch(self, path: str, content: object, **headers: str) -> requests.Response:
        return self.send("PATCH", path, json=content, headers=headers)

    def with_(self, **changed: Any) -> "Client":
        values = {name: getattr(self, name) for name in ("url", "credentials", "session", "account", "agent", "wrong")}
        return Client(**{**values, **changed})


@dataclass(frozen=True)
class Emulator:
    server: EmulatorServer
    session: requests.Session

    @property
    def url(self) -> str:
        return self.server.url

    def door(self, method: str, path: str, content: object = None, status: int | None = 200) -> Any:
        answer = self.session.request(method, f"{self.url}/_emulator/{path}", json=content, timeout=10)
        if status is not None:
            assert answer.status_code == status, answer.text
        return answer.json()

    def act(self, path: str, content: object = None, status: int | None = 200) -> Any:
        return self.door("POST", f"accounts/{ACCOUNT}/{path}", content, status)

    def behave(self, **wanted: str) -> None:
        self.door("POST", "behaviours", {name.replace("_", "-"): value for name, value in wanted.items()})

    def login(self, employee: str = "svc.reader@example.com", **more: Any) -> Client:
        credentials = self.act("login", {"employee": employee})
        return Client(self.url, credentials, self.session, **more)

    @property
    def reader(self) -> Client:
        return self.login()

    @property
    def admin(self) -> Client:
        return self.login("svc.admin@example.com")

    def newest_audit(self) -> dict[str, Any]:
        row = self.server.world.database.row("SELECT * FROM login_audit ORDER BY id DESC LIMIT 1")
        assert row is not None
        return dict(row)

    def run(self, sql: str, *values: str | int | None) -> None:
        self.server.world.database.run(sql, *values)

    def person(self, key: str) -> Any:
        return self.door("GET", f"accounts/{ACCOUNT}/employees/{key}")


Start = Callable[..., Emulator]


@dataclass(frozen=True)
class Program:
    """`python -m reconciler.emulator` as a child process."""

    process: subprocess.Popen[str]
    url: str

    def health(self) -> Any:
        return requests.get(f"{self.url}/_emulator/health", timeout=10).json()
