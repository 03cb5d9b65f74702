"""The login check of token-based authentication."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known

LOGIN: Final = (
    Behaviour(
        "login-error-code",
        "o:errorCode of a refused login",
        Known.CONFIRMED,
        ("2.3",),
        "INVALID_LOGIN",
        ("INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"),
    ),
    Behaviour(
        "oauth-body-hash",
        "oauth_body_hash in the header, which a public client signs with every body: a parameter as any, or too many",
        Known.LIKELY,
        (
            "https://github.com/jacobsvante/netsuite/pull/26",
            "https://github.com/authlib/authlib/blob/main/authlib/oauth1/rfc5849/client_auth.py",
        ),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "signature-clock",
        "the clock of oauth_timestamp, iat and exp; the account's clock can be moved, and then nobody could sign",
        Known.OWN,
        ("the emulator's own",),
        "machine",
        ("machine", "account"),
    ),
)
