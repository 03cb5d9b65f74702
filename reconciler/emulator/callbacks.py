"""Callback URLs of integration records: which may be registered, and what fits them.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_4249032125.html
"""

import re
from typing import Final

# An absolute URL; the asterisk stands for the port of localhost, or for the first part of a domain.
_REGISTERED: Final = re.compile(
    r"http://localhost:\*(/[^\s*#]*)?|https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?][^\s*#]*)?"
)


def problem(registered: str) -> str:
    """What is wrong with a URL in the field Callback URL, or nothing."""
    if _REGISTERED.fullmatch(registered):
        return ""
    return f"{registered!r} is no callback URL; * may only be the port of http://localhost or begin a domain"


def fits(registered: str, asked_for: str) -> bool:
    """Whether a request may name this callback; an asterisk fits one port or one part of a domain, no more."""
    before, mark, after = registered.partition("*")
    if not mark:
        return registered == asked_for
    wild = r"[0-9]{1,5}" if before.endswith("localhost:") else r"[A-Za-z0-9-]+"
    return re.fullmatch(f"{re.escape(before)}{wild}{re.escape(after)}", asked_for) is not None
