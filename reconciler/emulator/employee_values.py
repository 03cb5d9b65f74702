"""The values of a body, each read into what its column holds.

Sections named in brackets are pages of https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from reconciler.emulator.employee_fields import Field
from reconciler.emulator.wire import RefusedError

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")


class ValueSyntaxError(ValueError):
    """A value of the wrong type or form; the header PropertyValueValidation says what becomes of it."""


def bad_content(detail: str, path: str) -> RefusedError:
    return RefusedError(400, "INVALID_CONTENT", f"Error while accessing resource: {detail}", ("o:errorPath", path))


def bad_reference(value: object, name: str, path: str) -> RefusedError:
    given = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return bad_content(f"You have entered an Invalid Field Value {given} for the following field: {name}", path)


def of_any_case(value: Mapping[str, object], name: str) -> object:
    return next((inner for key, inner in value.items() if key.lower() == name), None)


def as_text(value: object) -> str | None:
    """A text; one of nothing but blanks is empty."""
    if value is not None and not isinstance(value, str):
        raise ValueSyntaxError("a text is expected")
    if value and "\0" in value:
        raise ValueSyntaxError("a text without NUL is expected")
    return value if value and not value.isspace() else None


def as_email(value: object) -> str | None:
    text = as_text(value)
    if text is not None and not is_email(text):
        raise ValueSyntaxError("an e-mail address is expected")
    return text


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def as_flag(value: object) -> int:
    if not isinstance(value, bool):
        raise ValueSyntaxError("true or false is expected")
    return int(value)


def as_number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueSyntaxError("a number is expected")
    try:
        found = float(value)
    except OverflowError as error:
        raise ValueSyntaxError("the number is too large") from error
    if not math.isfinite(found):
        raise ValueSyntaxError("the number is too large")
    return found


def as_day(value: object) -> str | None:
    """A day, which a time may follow; it is not converted between zones.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157305090645.html
    """
    if value is None:
        return None
    given = value if isinstance(value, str) and _DAY.match(value) else ""
    try:
        return datetime.fromisoformat(given).date().isoformat()
    except ValueError as error:
        raise ValueSyntaxError("a date such as 2024-03-01 is expected") from error


def as_option(known: Field, value: object) -> int | None:
    """An enumeration by its internal id or its label, in an object or alone (section_1545142146)."""
    if value is None:
        return None
    given = value
    if isinstance(value, dict):
        label = of_any_case(value, "refname")
        by_label = next((key for key, text in known.options if text and text == label), label)
        given = of_any_case(value, "id") or by_label
    if isinstance(given, bool) or str(given) not in dict(known.options):
        raise bad_reference(given, known.name, known.name)
    return int(str(given))
