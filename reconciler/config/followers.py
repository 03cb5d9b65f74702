"""Drops what is missing only because another key is wrong: whoever corrects that key is rid of both."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.spelling import meaning

_ENDPOINT: Final = "netsuite.endpoint"
_LOGINS: Final = ("netsuite.login", "netsuite.apply_login")


def without_followers(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The diagnostics of one file, without each that follows from another of them."""
    misspelt = {(_split(item.address)[0], item.hint) for item in found if item.rule == "unknown-key" and item.address}

    def is_misspelt(address: str) -> bool:
        around, key = _split(address)
        return (around, meaning(key)) in misspelt

    # Which keys a login needs, and whether it needs to be there, depends on the endpoint.
    unclear = is_misspelt(_ENDPOINT) or any(_is_within(item.address or "", _ENDPOINT) for item in found)
    for item in found:
        address = item.address or ""
        follows = is_misspelt(address) or (unclear and _rests_on_the_endpoint(address))
        if item.rule != "missing-key" or not follows:
            yield item


def _rests_on_the_endpoint(address: str) -> bool:
    around, key = _split(address)
    return address == _LOGINS[0] or (around in _LOGINS and key != "method")


def _is_within(address: str, around: str) -> bool:
    return address == around or address.startswith(f"{around}.")


def _split(address: str) -> tuple[str, str]:
    around, _, key = address.rpartition(".")
    return around, key
