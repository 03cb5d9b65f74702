"""An application that asks people for tokens: requests-oauthlib signs, nothing of the server's own code does."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests_oauthlib import OAuth1, OAuth1Session

from tests.emulator.clients import ACCOUNT, Client, Emulator

REQUEST_TOKEN = "/rest/requesttoken"
CONSENT = "/app/login/secure/authorizetoken.nl"
ACCESS_TOKEN = "/rest/accesstoken"
CALLBACK = "http://localhost:8081/callback"
ADMINISTRATOR = "3"


@dataclass(frozen=True)
class Application:
    """Shipping Hub, which has the authorization flow and a callback on localhost."""

    emulator: Emulator
    key: str
    secret: str
    realm: str | None = ACCOUNT
    wrong: dict[str, Any] = field(default_factory=dict)

    def with_(self, **changed: Any) -> "Application":
        return replace(self, **changed)

    def auth(self, **more: Any) -> OAuth1:
        wanted = {"client_secret": self.secret, "signature_method": SIGNATURE_HMAC_SHA256, "realm": self.realm}
        return OAuth1(**{"client_key": self.key, **wanted, **more, **self.wrong})

    def session(self, **more: Any) -> OAuth1Session:
        session = OAuth1Session(
            self.key,
            self.secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            realm=self.realm,
            callback_uri=CALLBACK,
            **more,
        )
        session.trust_env = False
        return session

    def first(self, path: str = REQUEST_TOKEN, **more: Any) -> requests.Response:
        auth = self.auth(**{"callback_uri": CALLBACK, **more})
        return self.emulator.session.post(self.emulator.url + path, auth=auth, timeout=10)

    def request_token(self) -> dict[str, str]:
        answer = self.first()
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    def decide(self, token: str, decision: str = "allow", **more: str) -> requests.Response:
        form = {"oauth_token": token, "employee": "dana.ortiz@example.com", "role": ADMINISTRATOR, "decision": decision}
        url = self.emulator.url + CONSENT
        return self.emulator.session.post(url, data={**form, **more}, allow_redirects=False, timeout=10)

    def allowed(self, token: str, **more: str) -> dict[str, str]:
        answer = self.decide(token, **more)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query, keep_blank_values=True))

    def third(self, asked: dict[str, str], verifier: str | None, **more: Any) -> requests.Response:
        token = {"resource_owner_key": asked["oauth_token"], "resource_owner_secret": asked["oauth_token_secret"]}
        auth = self.auth(**{**token, "verifier": verifier, **more})
        return self.emulator.session.post(self.emulator.url + ACCESS_TOKEN, auth=auth, timeout=10)

    def granted(self, **person: str) -> dict[str, str]:
        """All three steps."""
        asked = self.request_token()
        answer = self.third(asked, self.allowed(asked["oauth_token"], **person)["oauth_verifier"])
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    def client(self, token: dict[str, str]) -> Client:
        """A client that logs in with an access token."""
        credentials = {
            "consumer_key": self.key,
            "consumer_secret": self.secret,
            "token_id": token["oauth_token"],
            "token_secret": token["oauth_token_secret"],
        }
        return Client(self.emulator.url, credentials, self.emulator.session)


def application(emulator: Emulator, name: str = "Shipping Hub") -> Application:
    row = emulator.server.world.database.row("SELECT * FROM integrations WHERE name = ?", name)
    assert row is not None
    return Application(emulator, row["consumer_key"], row["consumer_secret"])


def refused(answer: requests.Response) -> tuple[int, str]:
    """Status and code of an error in the shape of RESTlets."""
    assert answer.headers["Content-Type"] == "application/json"
    content = answer.json()
    assert set(content) == {"error"}
    assert set(content["error"]) == {"code", "message"}
    assert content["error"]["message"]
    return answer.status_code, content["error"]["code"]
