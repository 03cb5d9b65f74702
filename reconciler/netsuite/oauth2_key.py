"""The private key behind an OAuth 2.0 certificate, and what may be signed with it (netsuite.md 4.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret

_WANTED: Final = (
    "NetSuite accepts an RSA key of 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521; "
    "here it stands in PEM form, without a passphrase"
)
_RSA_SIZES: Final = frozenset({3072, 4096})
_BY_CURVE: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
# OpenSSL puts parameters of the curve, attributes or the certificate before the key.
_KEY_BLOCK = re.compile(r"-----BEGIN ((?:[A-Z]+ )?)PRIVATE KEY-----.*?-----END \1PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A key that NetSuite accepts, with the algorithm that belongs to it; PKCS#1 v1.5 is refused (netsuite.md 4.1)."""

    algorithm: str
    _key: RSAPrivateKey | EllipticCurvePrivateKey

    def signed(self, claims: Mapping[str, object], key_id: str) -> str:
        """A JSON Web Token of these claims; its header names the certificate by `kid`."""
        return jwt.encode(dict(claims), self._key, algorithm=self.algorithm, headers={"typ": "JWT", "kid": key_id})

    def __repr__(self) -> str:
        return f"SigningKey({self.algorithm})"


def signing_key(pem: Secret, about: str) -> SigningKey:
    """The key in a PEM text.

    Args:
        pem: the text, perhaps with other blocks around the key.
        about: the reference it came from and its place, for messages; they never show any part of the text.

    Raises:
        CredentialError: it is no such key, too small, of another kind, or needs a passphrase.
    """
    text = pem.reveal()
    block = _KEY_BLOCK.search(text)
    if block is None:
        other = "a certificate or public key" if "CERTIFICATE-----" in text or "PUBLIC KEY-----" in text else None
        raise _unusable(about, f"holds {other}, not its private key" if other else "holds no private key in PEM form")
    if block[1] == "ENCRYPTED " or "Proc-Type: 4,ENCRYPTED" in block[0]:
        raise _unusable(about, "needs a passphrase")
    try:
        key = load_pem_private_key(block[0].encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Texts of the library may describe what is inside.
        raise _unusable(about, "holds a private key that cannot be read") from None
    match key:
        case RSAPrivateKey() if key.key_size in _RSA_SIZES:
            return SigningKey("PS256", key)
        case RSAPrivateKey():
            raise _unusable(about, f"is an RSA key of {key.key_size} bits")
        case EllipticCurvePrivateKey() if key.curve.name in _BY_CURVE:
            return SigningKey(_BY_CURVE[key.curve.name], key)
        case EllipticCurvePrivateKey():
            raise _unusable(about, f"is an EC key on {key.curve.name}")
    raise _unusable(about, "is a key of another kind")


def _unusable(about: str, what: str) -> CredentialError:
    return CredentialError(f"{about} {what}", hint=_WANTED)
