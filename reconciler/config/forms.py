"""What a value must look like, in words, and what to write instead; by the title of the schema it stands in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.config.rules import written_as

# Longer examples are no help in a line of text.
_MAX_EXAMPLE: Final = 60


@dataclass(frozen=True, slots=True)
class Form:
    """`noun` is what the value must be, `spelt` how that is written."""

    noun: str
    spelt: str = ""

    def __str__(self) -> str:
        return f"{self.noun}: {self.spelt}" if self.spelt else self.noun


FORMS: Final[Mapping[str, Form]] = {
    "Address of an integration": Form(
        "an address", "at most 64 letters, digits, dots, dashes and underscores, the first one a letter or digit"
    ),
    "Date": Form("a day", "year, month and day as YYYY-MM-DD, without a time"),
    "Date and time with a zone": Form(
        "a day and time with a zone", "YYYY-MM-DDTHH:MM, then Z for UTC or a difference such as +01:00"
    ),
    "Duration": Form("a duration", "a whole number from 1 to 99999, then m (minutes), h (hours) or d (days)"),
    "E-mail address": Form("an e-mail address"),
    "E-mail address, external_id:... or entity_id:...": Form(
        "an e-mail address, or external_id: or entity_id: and then the id"
    ),
    "Endpoint": Form("emulator, a loopback URL or the two hosts of the account"),
    "Folder or bucket URL": Form("a folder, or the URL of a bucket", "s3://, gs:// or az://, without a user"),
    "Person": Form("an e-mail address, external_id or entity_id"),
    "Role": Form("the name or script id of a role"),
    "Rule of the finding": Form("the name of a rule", "lower case letters, digits and dashes"),
}

# How a plain text is written, in the schema; what is wrong with one is said without any form.
PLAIN: Final = r"^[^\s](.*[^\s])?$"
_INTERNAL: Final = "a number would be an internal id, which differs between accounts"
_NO_QUOTES: Final = {"Role"}

_UNITS: Final = {
    "m": ("m", 1), "min": ("m", 1), "mins": ("m", 1), "minute": ("m", 1), "minutes": ("m", 1),
    "h": ("h", 1), "hr": ("h", 1), "hrs": ("h", 1), "hour": ("h", 1), "hours": ("h", 1),
    "d": ("d", 1), "day": ("d", 1), "days": ("d", 1),
    "w": ("d", 7), "week": ("d", 7), "weeks": ("d", 7),
}  # fmt: skip
_DURATION = re.compile(r"\s*0*([0-9]*)\s*([A-Za-z]*)\s*")
_MAX_DURATION: Final = 99_999
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?")


def noun_of(schema: Mapping[str, Any]) -> str | None:
    """What a value of this schema is called; None where the type of the value says it."""
    form = FORMS.get(schema.get("title", ""))
    return form.noun if form else None


def fault_of(schema: Mapping[str, Any], text: str) -> str:
    """What is wrong with a text that does not fit: "must be ...", without the text."""
    title = schema.get("title", "")
    limit = schema.get("maxLength", len(text))
    if not text:
        return "must not be empty"
    if len(text) > limit:
        return f"must have at most {limit} characters"
    if schema.get("pattern") == PLAIN:
        ends = text != text.strip()
        return "must not begin or end with white space" if ends else "must be a single line"
    if title == "Duration" and _is_zero(text):
        return "must be longer than zero"
    return f"must be {FORMS[title]}" if title in FORMS else "must have another form"


def hint_of(schema: Mapping[str, Any], text: str) -> str | None:
    """What to write instead of a text, or of the number or word that is written so."""
    if len(text) > schema.get("maxLength", len(text)):
        return "write something shorter"
    if schema.get("pattern") == PLAIN and (text != text.strip() or "\n" in text):
        return "write it in one line" if text == text.strip() else "take the white space away"
    special = _HINTS.get(schema.get("title", ""))
    return (special(text) if special else None) or example_of(schema)


def example_of(schema: Mapping[str, Any]) -> str | None:
    """The first example, as a hint; None where there is none, or a long one."""
    shown = [written_as(example) for example in schema.get("examples", ())[:1]]
    return next((f"write, for example, {example}" for example in shown if len(example) <= _MAX_EXAMPLE), None)


def fits_in_quotes(schema: Mapping[str, Any], text: str) -> bool:
    """Whether quotes are all that a number or word lacks; a role in digits would be an internal id."""
    if schema.get("title") in _NO_QUOTES or schema.get("type") != "string":
        return False
    return len(text) <= schema.get("maxLength", len(text)) and bool(re.fullmatch(schema.get("pattern", ".*"), text))


def _is_zero(text: str) -> bool:
    found = _DURATION.fullmatch(text)
    return bool(found and "0" in text and not found[1])


def _duration(text: str) -> str | None:
    if _is_zero(text):
        return "write the shortest time that will do, for example 1m"
    found = _DURATION.fullmatch(text)
    if not found or not found[1] or len(found[1]) > len(str(_MAX_DURATION)):
        return None
    number, unit = int(found[1]), found[2].casefold()
    if not unit:
        return f"write its unit too: {number}m (minutes), {number}h (hours) or {number}d (days)"
    letter, times = _UNITS.get(unit, ("", 0))
    return f"write {number * times}{letter}" if 0 < number * times <= _MAX_DURATION else None


def _moment(text: str) -> str | None:
    if _DAY.fullmatch(text):
        return f"write the time too: {text}T00:00Z is midnight in UTC"
    found = _TIME.fullmatch(text)
    if not found:
        return None
    meant = f"{found[1]}T{found[2]}"
    return f"write {meant}{found[3]}" if found[3] else f"write the zone too: {meant}Z is in UTC"


def _person(_text: str) -> str:
    return "write, for example, dana.ortiz@example.com, {external_id: HR-1042} or {entity_id: Dana Ortiz}"


def _role(text: str) -> str | None:
    digits = text.isdecimal()
    return f"{_INTERNAL}: write the role's name or script id, for example customrole_order_sync" if digits else None


_HINTS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "Account ID": lambda _: 'write it as in "1234567" or "1234567_SB1"',
    "Date and time with a zone": _moment,
    "Duration": _duration,
    "E-mail address, external_id:... or entity_id:...": lambda _: (
        "write, for example, dana.ortiz@example.com, external_id:HR-1042 or entity_id:Dana Ortiz"
    ),
    "Endpoint": lambda _: "leave the key out for NetSuite itself, or write endpoint: emulator",
    "Person": _person,
    "Role": _role,
}
