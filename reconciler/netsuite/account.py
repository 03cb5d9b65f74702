"""Which account is meant and at which address it answers."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from reconciler.core.errors import UsageError


def realm_of(account: str) -> str:
    """The OAuth realm: upper case with underscores; another case is "Invalid login attempt" (netsuite.md 2.1)."""
    return account.upper().replace("-", "_")


def suitetalk_url(account: str) -> str:
    """The usual address of the REST services; Oracle advises to let people override it (netsuite.md 2.1)."""
    label = account.lower().replace("_", "-")
    return f"https://{label}.suitetalk.api.netsuite.com"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Account:
    """An account id as people write it (`1234567_SB1`), and the origin of its REST services without a path."""

    id: str
    base_url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        # In clear text a signed request could be read and changed on its way; only this machine needs no TLS.
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise UsageError(f"The address of account {self.id} must be https, or http on loopback.")
        if not host or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            raise UsageError(f"The address of account {self.id} must be an origin such as {suitetalk_url(self.id)}.")

    @property
    def realm(self) -> str:
        return realm_of(self.id)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")
