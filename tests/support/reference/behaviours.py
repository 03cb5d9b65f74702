"""docs/reference/emulator-behaviours.md, from the emulator's list."""

from collections.abc import Iterator
from typing import Final

from reconciler.emulator.behaviours import AREAS, BEHAVIOURS, Behaviour, Known
from reconciler.emulator.catalogue import totals
from tests.support.reference.markdown import code, plain

_MEANS = {
    Known.CONFIRMED: "known",
    Known.LIKELY: "likely",
    Known.UNKNOWN: "unknown",
    Known.OWN: "the emulator's own",
}

_INTRODUCTION: Final = """\
What the emulator does on the strength of documentation, and what it only assumes; `reconciler emulator behaviours`
prints the same. A switch is set with `--behaviour NAME=VALUE` ([the emulator](../emulator.md)).
"""


def behaviours_page() -> str:
    parts = [
        "# Behaviours of the emulator\n",
        _INTRODUCTION,
        f"{' '.join(totals(BEHAVIOURS).split())}\n",
    ]
    for area, behaviours in AREAS.items():
        parts += [f"## {area}\n", *("\n".join(_lines(one)) + "\n" for one in behaviours)]
    return "\n".join(parts)


def _lines(one: Behaviour) -> Iterator[str]:
    yield f"- **{code(one.name)}** ({_MEANS[one.known]}): {plain(one.text)}"
    if one.values:
        others = " or ".join(code(value) for value in one.values)
        yield f"  - {code(one.default)} unless switched; can be {others}"
    yield f"  - {'; '.join(_source(source) for source in one.sources)}"


def _source(source: str) -> str:
    return f"<{source}>" if source.startswith("https://") and " " not in source else plain(source)
