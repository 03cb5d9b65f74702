"""How far clocks may differ and how near the end of a certificate may come before it is told."""

from datetime import timedelta
from typing import Final

CLOCKS_AGREE: Final = timedelta(minutes=1)
"""No more than this between two clocks is worth a word."""

CLOCKS_TOO_FAR: Final = timedelta(minutes=4)
"""Signatures are refused beyond five minutes (netsuite.md 2.2); a minute less, for the answer took its time."""

CERTIFICATE_NOTICE: Final = timedelta(days=60)
"""From so long before its end on, the certificate of a login is told."""
