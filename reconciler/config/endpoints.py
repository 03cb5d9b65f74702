"""Where an account answers, and which addresses a file may name at all.

Files in a pull request are not trusted: requests carry signatures and bearer tokens, so they go to this machine or to
NetSuite's own hosts, never to a host that somebody wrote into a file.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from reconciler.config.references import Refusal
from reconciler.core.spelling import meaning, nearest

_ACCOUNT = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)*")
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\]):([1-9][0-9]{0,4})")
_HOST: Final = r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+%s\.api\.netsuite\.com"
_SUITETALK = re.compile(_HOST % "suitetalk")
_RESTLETS = re.compile(_HOST % "restlets")
_MAX_PORT: Final = 65_535
_SCHEME = re.compile(r"\A\s*(?:https?:)?/*")
_EMULATOR: Final = "emulator"
_OTHERS: Final = "leave the key out for NetSuite itself, or write endpoint: emulator"
_ALLOWED: Final = (
    "Allowed are emulator, http on loopback with a port, and https hosts under .suitetalk.api.netsuite.com and "
    ".restlets.api.netsuite.com; no user, no other port, no path, no slash at the end."
)


@dataclass(frozen=True, slots=True)
class EmulatorEndpoint:
    """The embedded emulator of the environment, which is started when it is needed."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Two base URLs, without a slash at the end."""

    suitetalk: str
    restlets: str


def endpoint_of(account: str, declared: Any) -> EmulatorEndpoint | Endpoint | Refusal:
    """Where the account answers.

    Args:
        account: in the form of a realm, such as `1234567_SB1`.
        declared: the value of `endpoint`, None when it is left out; a refusal never repeats it, because a URL may
            hold a password.
    """
    match declared:
        case None:
            return netsuite_endpoint(account)
        case _ if declared == _EMULATOR:
            return EmulatorEndpoint()
        case str() if _is_loopback(declared):
            return Endpoint(declared, declared)
        case {"suitetalk": str() as suitetalk, "restlets": str() as restlets, **rest} if not rest:
            if _SUITETALK.fullmatch(suitetalk) and _RESTLETS.fullmatch(restlets):
                return Endpoint(suitetalk, restlets)
    return untrusted_endpoint(declared)


def untrusted_endpoint(declared: Any) -> Refusal:
    """What is said of an address that is not allowed; of it only what certainly holds no password is repeated."""
    return Refusal("untrusted-endpoint", _ALLOWED, _meant(declared) if isinstance(declared, str) else _OTHERS)


def _meant(declared: str) -> str:
    if nearest(declared.strip(), [_EMULATOR]):
        return meaning(_EMULATOR)
    loopback = f"http://{_SCHEME.sub('', declared).rstrip('/')}"
    return f"write {loopback}" if _is_loopback(loopback) else _OTHERS


def _is_loopback(text: str) -> bool:
    found = _LOOPBACK.fullmatch(text)
    return found is not None and int(found[1]) <= _MAX_PORT


def netsuite_endpoint(account: str) -> Endpoint:
    """NetSuite's hosts for an account: its id in lower case, with a dash for each underscore (netsuite.md 2.1)."""
    label = account.lower().replace("_", "-")
    return Endpoint(f"https://{label}.suitetalk.api.netsuite.com", f"https://{label}.restlets.api.netsuite.com")


def account_form(text: str) -> Refusal | None:
    """What is wrong with the spelling of an account id; None when it is a realm as NetSuite wants it.

    A realm in another spelling is answered with "Invalid login attempt" and nothing else (netsuite.md 2.1).
    """
    if _ACCOUNT.fullmatch(text):
        return None
    realm = text.strip().upper().replace("-", "_")
    hint = f'write "{realm}"' if _ACCOUNT.fullmatch(realm) else 'write it as in "1234567" or "1234567_SB1"'
    detail = "An account ID holds upper case letters, digits and underscores: an underscore where URLs have a dash."
    return Refusal("account-form", detail if text else "The account ID is empty.", hint)


def is_release_preview(account: str) -> bool:
    """Release Preview accounts end in _RP, with or without a number."""
    return re.search(r"_RP[0-9]*\Z", account) is not None
