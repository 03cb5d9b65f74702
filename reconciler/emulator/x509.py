"""Certificates as NetSuite takes them: X.509 in PEM, RSA of 3072 or 4096 bits or EC of three curves."""

from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from reconciler.emulator.jws import CURVES, RSA_BITS, PublicKey

LONGEST_PEM: Final = 20_000


class CertificateError(ValueError):
    """The text is no certificate NetSuite takes; the message says why and never repeats the text."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What counts of a certificate; times are seconds since 1970."""

    pem: str
    algorithm: str  # RSA or EC
    valid_from: int
    valid_until: int
    key: PublicKey


def read(text: str) -> Certificate:
    if "PRIVATE KEY" in text:
        raise CertificateError("The text holds a private key. Give the certificate alone, and make a new key.")
    if len(text) > LONGEST_PEM:
        raise CertificateError(f"The text is longer than {LONGEST_PEM} characters. Give one certificate.")
    try:
        found = x509.load_pem_x509_certificate(text.encode())
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError("The text is no X.509 certificate in PEM (-----BEGIN CERTIFICATE-----).") from error
    valid_from, valid_until = found.not_valid_before_utc, found.not_valid_after_utc
    pem = found.public_bytes(Encoding.PEM).decode()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        return Certificate(pem, "RSA", int(valid_from.timestamp()), int(valid_until.timestamp()), key)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return Certificate(pem, "EC", int(valid_from.timestamp()), int(valid_until.timestamp()), key)
    raise CertificateError("The key must be RSA with 3072 or 4096 bits, or EC with 256, 384 or 521 bits.")
