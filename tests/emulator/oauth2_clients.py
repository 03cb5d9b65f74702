"""Clients that log in with a certificate: PyJWT signs, nothing of the server's own code does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.emulator.clients import Emulator

TOKEN = "/services/rest/auth/oauth2/v1/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CURVES: dict[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
READER = {"employee": "svc.reader@example.com", "role": "Reconciler Reader", "application": "Reconciler"}


@cache
def key_for(algorithm: str, bits: int = 3072) -> Key:
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm])
    return rsa.generate_private_key(65537, bits)


def certificate(key: Key, start: int = -3600, days: float = 365) -> str:
    """A self-signed certificate; `start` in seconds from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reconciler")])
    begin = datetime.now(UTC) + timedelta(seconds=start)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=days))
    return dated.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True)
class Machine:
    """One application with its private key."""

    emulator: Emulator
    key: Key
    algorithm: str
    certificate_id: str
    client_id: str

    @property
    def url(self) -> str:
        return self.emulator.url + TOKEN

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.client_id, "scope": ["rest_webservices"], "aud": self.url, "iat": now, "exp": now + 300}
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def assertion(self, **changed: Any) -> str:
        return jwt.encode(self.claims(**changed), self.key, self.algorithm, {"kid": self.certificate_id})

    def form(self, assertion: str | None = None) -> dict[str, str]:
        assertion = self.assertion() if assertion is None else assertion
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        }

    def ask(self, assertion: str | None = None) -> requests.Response:
        agent = {"User-Agent": "test-machine/1"}
        return self.emulator.session.post(self.url, data=self.form(assertion), headers=agent, timeout=10)

    def token(self) -> str:
        answer = self.ask()
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def send(self, method: str, path: str, token: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "test-machine/1", **more.pop("headers", {})}
        return self.emulator.session.request(method, self.emulator.url + path, headers=headers, timeout=10, **more)

    def with_(self, **changed: Any) -> "Machine":
        return replace(self, **changed)


def machine(emulator: Emulator, algorithm: str = "ES256", bits: int = 3072, **mapping: str) -> Machine:
    """Lee registers a certificate; by default the reader's."""
    key = key_for(algorithm, bits)
    wanted = {**READER, "as": "lee.wong@example.com", "certificate": certificate(key), **mapping}
    made = emulator.act("certificates", wanted, 201)
    return Machine(emulator, key, algorithm, made["certificate_id"], made["client_id"])


Spoil = Callable[[Machine], str]
