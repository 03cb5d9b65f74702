"""The one place where data becomes safe to show: every text inside it is made visible before lines are made of it."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar, cast

from reconciler.core.visible import visible

Data = TypeVar("Data")


def safe(data: Data) -> Data:
    """The same data with every text in it made visible, also in tuples and dataclasses; other values stay."""
    return cast("Data", _safe(data))


def _safe(data: object) -> object:
    if isinstance(data, Enum):
        return data
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, tuple):
        return tuple(map(_safe, data))
    if is_dataclass(data) and not isinstance(data, type):
        return replace(data, **{field.name: _safe(getattr(data, field.name)) for field in fields(data)})
    return data
