"""What the Detail column of the login audit trail means, and what to do about it.

NetSuite tells a failed client only "Invalid login attempt"; the reason stands in this column alone (netsuite.md 2.3,
2.4 for token-based logins, netsuite-2.md 5 for OAuth 2.0).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is wrong, and what to do about it."""

    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.what}: {self.todo}"


_BLOCKED: Final = Meaning("the integration record is blocked", "set its State to Enabled")
_TOKEN: Final = Meaning(
    "the token is unknown, inactive or revoked, or belongs to another application", "enter a live token"
)
_PERMISSION: Final = Meaning(
    "the owner or the role is inactive, the owner has no access or lost the role, or the role may not log in with "
    "tokens",
    "name an owner who stays, or give this one an active record, access and the role, and the role Log in using Access "
    "Tokens",
)
_CLOCK: Final = Meaning(
    "the client's clock differs from NetSuite's by more than five minutes", "set the client's clock"
)
_MADE_WRONGLY: Final = Meaning(
    "the client makes its assertion wrongly", "check its key, its certificate and its settings"
)

MEANING: Final[Mapping[str, Meaning]] = {
    "consumer_key_refused": _BLOCKED,
    "consumer_key_unknown": Meaning(
        "no integration record has this consumer key", "check the application's credentials"
    ),
    "featuredisabled": Meaning("token-based authentication is switched off for the account", "enable the feature"),
    "missingtokenpassportrequiredfields": Meaning(
        "the request lacks a part of the signature", "check the client's settings"
    ),
    "nonce_rejected": Meaning("the nonce is malformed: the client signs wrongly", "update it"),
    "nonceused": Meaning("a request was sent twice", "the client must sign each attempt anew"),
    "nonce_used": Meaning("a request was sent twice", "the client must sign each attempt anew"),
    "parameter_rejected": Meaning("a parameter of the signature is malformed: the client signs wrongly", "update it"),
    "permission_denied": _PERMISSION,
    "invalidsignature": Meaning(
        "a secret or the account ID is wrong", "enter token ID, token secret and account again"
    ),
    "unknownalgorithm": Meaning("the client signs with something else than HMAC-SHA256", "update it"),
    "temporary_locked": Meaning(
        "the user is locked for 30 minutes after five wrong passwords", "wait, then log in correctly"
    ),
    "invalidtimestamp": _CLOCK,
    "token_rejected": _TOKEN,
    "versionrejected": Meaning("the client does not speak OAuth 1.0", "update it"),
    "accesstokenexpired": Meaning("the access token has ended", "the client must ask for a new one"),
    "entityorroledisabled": _PERMISSION,
    "tokenrejected": _TOKEN,
    "integrationblocked": _BLOCKED,
    "authorizationcodegrantrequired": Meaning("the integration record allows no client credentials", "tick that box"),
    "clientidmismatch": Meaning(
        "the client id is not that of the integration record", "check the application's credentials"
    ),
    "invalidintegration": Meaning("no integration record has this client id", "check the application's credentials"),
    "invalidissuer": _MADE_WRONGLY,
    "invalidscope": Meaning("the integration record does not allow what was asked for", "tick its scopes"),
    "invalidtokentype": _MADE_WRONGLY,
    "missingkeyid": Meaning("the client does not say which certificate it uses (no kid)", "update it"),
    "scopemismatched": Meaning("the access token was made for another service", "ask for one with the right scope"),
    "signaturevalidation": _MADE_WRONGLY,
    "tokenblocked": _TOKEN,
    "tokenexpired": Meaning("the client's assertion was too old when it arrived", "check the client's clock"),
    "tokennotacceptable": Meaning("the client's assertion comes from the future", "set the client's clock"),
    "tokenvaliditytoobroad": Meaning(
        "the client's assertion is valid for more than an hour or two", "let it ask for less"
    ),
    "unsupportedalgo": Meaning(
        "the client signs its assertion with an algorithm that is not accepted", "use PS256 or ES256"
    ),
    "missingkey": Meaning(
        "no valid certificate has this key id", "upload the certificate, or use the one that is there"
    ),
}


_UNKNOWN: Final = Meaning(
    "the reason is one that is not known here", "look it up at Setup > Users/Roles > View Login Audit Trail"
)


def meaning(detail: str) -> Meaning:
    """What a value of the Detail column means and what to do, also for one that is not known."""
    return MEANING.get(detail.lower(), _UNKNOWN)
