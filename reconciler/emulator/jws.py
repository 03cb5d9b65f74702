"""Signed JSON in compact form (RFC 7515, RFC 7518): the algorithms NetSuite takes, and the one it signs with itself."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from reconciler.emulator.wire import parsed_json

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
RSA_BITS: Final = (3072, 4096)
OWN_KEY_BITS: Final = 2048
_PSS: Final[Mapping[str, type[hashes.HashAlgorithm]]] = {
    "PS256": hashes.SHA256,
    "PS384": hashes.SHA384,
    "PS512": hashes.SHA512,
}
# Each of these belongs to one curve (RFC 7518, 3.4).
_ECDSA: Final[Mapping[str, tuple[str, type[hashes.HashAlgorithm]]]] = {
    "ES256": ("secp256r1", hashes.SHA256),
    "ES384": ("secp384r1", hashes.SHA384),
    "ES512": ("secp521r1", hashes.SHA512),
}
ALGORITHMS: Final = frozenset({*_PSS, *_ECDSA})
CURVES: Final = frozenset(curve for curve, _ in _ECDSA.values())
# What an account signs access tokens with: both are documented.
# https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158255317571.html
OWN_ALGORITHMS: Final[Mapping[str, padding.AsymmetricPadding]] = {
    "RS256": padding.PKCS1v15(),
    "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size),
}


class MalformedError(ValueError):
    """The text is no JWS in compact form with a JSON object in it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a JWS says; nothing of it is true before its signature was checked."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    signing_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        return text(self.header.get("alg"))


def parse(token: str) -> Signed:
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        raise MalformedError("a JWS has three parts")
    header, claims, signature = parts
    return Signed(_object(header), _object(claims), f"{header}.{claims}".encode(), _bytes(signature))


def text(value: object) -> str:
    """A claim that should be text; anything else is as good as absent."""
    return value if isinstance(value, str) else ""


def is_signed_by(key: PublicKey, signed: Signed) -> bool:
    """Whether the owner of `key` made this signature, with an algorithm that fits the key."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            return _check_pss(key, signed)
        return _check_ecdsa(key, signed)
    except InvalidSignature:
        return False


def _check_pss(key: rsa.RSAPublicKey, signed: Signed) -> bool:
    algorithm = _PSS.get(signed.algorithm)
    if algorithm is None:
        return False
    pss = padding.PSS(padding.MGF1(algorithm()), algorithm().digest_size)
    key.verify(signed.signature, signed.signing_input, pss, algorithm())
    return True


def _check_ecdsa(key: ec.EllipticCurvePublicKey, signed: Signed) -> bool:
    curve, algorithm = _ECDSA.get(signed.algorithm, ("", hashes.SHA256))
    size = (key.key_size + 7) // 8
    if key.curve.name != curve or len(signed.signature) != 2 * size:
        return False
    r, s = (int.from_bytes(half) for half in (signed.signature[:size], signed.signature[size:]))
    key.verify(encode_dss_signature(r, s), signed.signing_input, ec.ECDSA(algorithm()))
    return True


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key an account signs its access tokens with."""

    id: str
    _key: rsa.RSAPrivateKey

    @classmethod
    def new(cls, key_id: str) -> "OwnKey":
        return cls(key_id, rsa.generate_private_key(65537, OWN_KEY_BITS))

    def to_store(self) -> str:
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return json.dumps({"id": self.id, "key": pem.decode()})

    def sign(self, claims: Mapping[str, object], algorithm: str) -> str:
        header = {"kid": self.id, "typ": "JWT", "alg": algorithm}
        signing_input = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        signature = self._key.sign(signing_input.encode(), OWN_ALGORITHMS[algorithm], hashes.SHA256())
        return f"{signing_input}.{_encoded(signature)}"

    def signed(self, token: Signed) -> bool:
        used = OWN_ALGORITHMS.get(token.algorithm)
        if used is None:
            return False
        try:
            self._key.public_key().verify(token.signature, token.signing_input, used, hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def stored_key(content: str) -> OwnKey:
    """A key as `to_store` wrote it."""
    kept = json.loads(content)
    # The key is one we made ourselves; to check it again would take longer than all the rest of a request.
    key = load_pem_private_key(kept["key"].encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("The account's own key is no RSA key.")
    return OwnKey(kept["id"], key)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(part: str) -> bytes:
    try:
        content = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("a part is not base64url") from error
    # A text with other unused bits, or with + and /, would be a second writing of the same signature.
    if _encoded(content) != part:
        raise MalformedError("a part is not base64url")
    return content


def _object(part: str) -> Mapping[str, object]:
    try:
        content = parsed_json(_bytes(part))
    except (ValueError, UnicodeDecodeError) as error:
        raise MalformedError("a part holds no JSON") from error
    if not isinstance(content, dict):
        raise MalformedError("a part holds no JSON object")
    return content
