"""Which private keys are taken, with which algorithm, and what is said of all others."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import PrivateFormat

from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret
from reconciler.netsuite.oauth2_key import signing_key
from tests.support.oauth2_keys import a_key, certificate_of, encrypted_pem_of, pem_of, public_pem_of

ABOUT = "environments/a.yaml:7:9: env:NETSUITE_PRIVATE_KEY"
BROKEN = "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("3072", "PS256"), ("4096", "PS256"), ("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")],
)
def test_a_key_signs_with_the_algorithm_that_belongs_to_it(kind: str, algorithm: str) -> None:
    key = a_key(kind)

    signed = signing_key(Secret(pem_of(key)), ABOUT).signed({"iss": "x"}, "certificate")

    assert jwt.get_unverified_header(signed) == {"alg": algorithm, "kid": "certificate", "typ": "JWT"}
    assert jwt.decode(signed, key.public_key(), algorithms=[algorithm]) == {"iss": "x"}


@pytest.mark.parametrize("kind", ["3072", "P-256"])
def test_older_forms_and_blocks_around_the_key_do_not_matter(kind: str) -> None:
    key = a_key(kind)
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    text = f"Bag Attributes\n{parameters}{pem_of(key, PrivateFormat.TraditionalOpenSSL)}{certificate_of(key)}"

    assert signing_key(Secret(text), ABOUT).algorithm in {"PS256", "ES256"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pem_of(a_key("2048")), "is an RSA key of 2048 bits"),
        (pem_of(a_key("secp256k1")), "is an EC key on secp256k1"),
        (pem_of(Ed25519PrivateKey.generate()), "is a key of another kind"),
        (encrypted_pem_of(a_key(), PrivateFormat.PKCS8), "needs a passphrase"),
        (encrypted_pem_of(a_key(), PrivateFormat.TraditionalOpenSSL), "needs a passphrase"),
        (certificate_of(a_key()), "holds a certificate or public key, not its private key"),
        (public_pem_of(a_key()), "holds a certificate or public key, not its private key"),
        (
            "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n",
            "holds a private key that cannot be read",
        ),
        (pem_of(a_key())[:80], "holds no private key in PEM form"),
        ("canary", "holds no private key in PEM form"),
    ],
    # Keys are made at run time; the names of tests must be the same in every process that runs them.
    ids=range(10),
)
def test_any_other_key_is_refused_with_its_place_and_what_is_wanted(text: str, said: str) -> None:
    with pytest.raises(CredentialError) as caught:
        signing_key(Secret(text), ABOUT)

    error = caught.value
    assert error.message == f"{ABOUT} {said}"
    assert "RSA key of 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521" in (error.hint or "")
    assert (error.__cause__, error.__suppress_context__ or error.__context__ is None) == (None, True)


def test_line_breaks_that_became_spaces_do_no_harm() -> None:
    assert signing_key(Secret(pem_of(a_key()).replace("\n", " ")), ABOUT).algorithm == "ES256"


def test_no_representation_shows_a_key() -> None:
    key = a_key()

    shown = repr(signing_key(Secret(pem_of(key)), ABOUT))

    assert shown == "SigningKey(ES256)"
