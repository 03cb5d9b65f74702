"""Callback URLs of integration records: the asterisk is a port of localhost or one part of a domain, and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import callbacks, seed

LOCAL = "http://localhost:*/callback"
PART = "https://*.xyz.example.com/callback"


@pytest.mark.parametrize(
    ("registered", "asked_for", "fits"),
    [
        ("https://app.example.com/cb", "https://app.example.com/cb", True),
        ("https://app.example.com/cb", "https://app.example.com/cb/", False),
        ("https://app.example.com/cb", "https://app.example.com/cb?x=1", False),
        (LOCAL, "http://localhost:8081/callback", True),
        (LOCAL, "http://localhost/callback", False),
        (LOCAL, "http://localhost:8081.evil.example.com/callback", False),
        (LOCAL, "http://127.0.0.1:8081/callback", False),
        (PART, "https://myaccount.xyz.example.com/callback", True),
        (PART, "https://myaccount.prefix.xyz.example.com/callback", False),
        (PART, "https://myaccount.example.com/callback", False),
        (PART, "https://evil.example.net/?.xyz.example.com/callback", False),
    ],
)
def test_which_callback_fits(registered: str, asked_for: str, fits: bool) -> None:
    assert callbacks.fits(registered, asked_for) is fits


@pytest.mark.parametrize("registered", [LOCAL, PART, "https://app.example.com", "http://localhost:8081/cb?x=1"])
def test_what_may_be_registered(registered: str) -> None:
    assert callbacks.problem(registered) == ""


@pytest.mark.parametrize(
    "registered",
    ["app.example.com/cb", "https://app.*.example.com/cb", "https://app.example.com/*", "ftp://a/b", "https://a b/c"],
)
def test_what_may_not_be_registered(a_seed: Callable[[dict[str, Any]], Path], registered: str) -> None:
    with pytest.raises(seed.SeedError, match="is no callback URL"):
        seed.read(a_seed({"integrations": [{"id": 1, "name": "App", "callback_url": registered}]}))


def test_the_flow_needs_a_callback(a_seed: Callable[[dict[str, Any]], Path]) -> None:
    with pytest.raises(seed.SeedError, match="the authorization flow needs one"):
        seed.read(a_seed({"integrations": [{"id": 1, "name": "App", "authorization_flow": True}]}))
