"""Templates to HTML, and moments as the company reads them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER: Final = Path(__file__).parent


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["moment"] = moment
    made.filters["day"] = day
    made.filters["yes_no"] = lambda value: "Yes" if value else "No"
    return made


def html(template: str, values: Mapping[str, object]) -> bytes:
    return _environment().get_template(template).render(values).encode()


def moment(at: int | None, zone: str) -> str:
    """Such as 22-Nov-2026 08:30:15, in one of the formats that NetSuite offers as preferences."""
    return "" if at is None else _local(at, zone).strftime("%d-%b-%Y %H:%M:%S")


def day(at: int | None, zone: str) -> str:
    return "" if at is None else _local(at, zone).strftime("%d-%b-%Y")


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
