"""One environment's share of an output: its result, or why there is none."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from reconciler.core.diagnostics import Diagnostic

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Part(Generic[Result]):
    """`where` names the environment as people tell it from others; `file` is that of the environment."""

    where: str
    file: str | None
    result: Result | None
    diagnostics: tuple[Diagnostic, ...]
