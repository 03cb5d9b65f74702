"""The fields of what is asked of the back door: each is read with a clear error for what it cannot be."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import ActError, Request

Body = dict[str, object]
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_NUMBER: Final = re.compile(r"[0-9]{1,12}")


def known(body: Body, *names: str) -> None:
    if unknown := set(body) - set(names):
        raise ActError(400, f"Unknown keys: {', '.join(sorted(unknown))}. Known: {', '.join(names)}.")


def text(body: Body, name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ActError(400, f"{name} must be a text.")
    return value or ""


def needed(body: Body, name: str) -> str:
    value = text(body, name)
    if not value:
        raise ActError(400, f"{name} is missing.")
    return value


def texts(body: Body, name: str) -> list[str]:
    value = body.get(name, [])
    if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
        raise ActError(400, f"{name} must be a list of texts.")
    return value


def flag(body: Body, name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise ActError(400, f"{name} must be true or false.")
    return value


def levels(body: Body) -> dict[str, str | None]:
    """The permissions of a role; null takes one away."""
    value = body.get("permissions", {})
    if not isinstance(value, dict) or any(level is not None and not isinstance(level, str) for level in value.values()):
        raise ActError(400, "permissions must be an object of levels, with null to take a permission away.")
    return value


def number(body: Body, name: str, least: int, most: int, absent: int) -> int:
    value = body.get(name, absent)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ActError(400, f"{name} must be a whole number from {least} to {most}.")
    return value


def query(request: Request, *names: str) -> dict[str, str]:
    """The parameters of the query, each of them one of these and given once."""
    pairs = query_parameters(request.query)
    found = dict(pairs)
    if unknown := set(found) - set(names):
        there_are = f"Known: {', '.join(names)}." if names else "This takes none."
        raise ActError(400, f"Unknown parameters: {', '.join(sorted(unknown))}. {there_are}")
    if len(found) < len(pairs):
        raise ActError(400, "A parameter stands twice.")
    return found


def query_number(found: dict[str, str], name: str) -> int:
    value = found.get(name, "0")
    if not _NUMBER.fullmatch(value):
        raise ActError(400, f"{name} must be a whole number.")
    return int(value)


def duration(text: str) -> int:
    match = re.fullmatch(r"(-?[0-9]{1,7})([smhd])", text)
    if match is None:
        raise ActError(400, f"{text!r} is no duration. Write a number and s, m, h or d, such as 24h.")
    return int(match.group(1)) * UNITS[match.group(2)]


def moment(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ActError(400, f"{text!r} is no time. Write it as 2026-11-22T09:00:00Z.") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ActError(400, f"{text!r} is no time zone. Write an IANA name such as America/New_York.") from error
    return text
