"""`explain`: what a rule means, why it matters and what to do."""

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.formats import EXPLAIN, Format
from reconciler.cli.output import Renderers, deliver, parse_outputs, require_places, width
from reconciler.core.errors import UsageError
from reconciler.core.rulebook import ENTRIES, KINDS, Entry, find, kind_of
from reconciler.core.spelling import listed, meaning, nearest
from reconciler.render import explanation
from reconciler.render.to_json import to_json

# A shorter one stands in half of all names.
_SHORTEST_WORD: Final = 3
Kinds = Mapping[str, Sequence[Entry]]


def run(name: str | None, output: Sequence[str]) -> ExitCode:
    """Explain one rule, or list all.

    Raises:
        UsageError: there is no such rule.
    """
    outputs = parse_outputs(output, EXPLAIN)
    if any(one.per_environment for one in outputs):
        raise UsageError("A rule belongs to no environment.", hint="give --output a file without {environment}")
    require_places(outputs, [""])
    kinds = KINDS if name is None else _only(name)
    renderers: Renderers[Kinds] = Renderers(
        text=lambda chosen: _text(chosen[0], width()),
        text_file=lambda chosen: _text(chosen[0], width(in_file=True)),
        others={
            Format.JSON: lambda chosen: to_json([explanation.rules_document(chosen[0])]),
            Format.MARKDOWN: lambda chosen: _markdown(chosen[0]),
        },
    )
    return ExitCode.OK if deliver(outputs, [""], [kinds], renderers) else ExitCode.FAILED


def _only(name: str) -> Kinds:
    entry = find(name)
    if entry is None:
        raise UsageError(f'There is no rule "{name}".', hint=_hint(name))
    return {kind_of(entry): (entry,)}


def _hint(name: str) -> str:
    """The rules that hold the word, else the one that was probably meant; where neither is there, how to see all."""
    everything = f"`reconciler explain` lists all {len(ENTRIES)}"
    holding = [rule for rule in ENTRIES if name.casefold() in rule] if len(name) >= _SHORTEST_WORD else []
    if len(holding) > 1:
        return f"known with that word: {listed(name, holding)}; {everything}"
    meant = holding[0] if holding else nearest(name, tuple(ENTRIES))
    return meaning(meant) if meant else everything


def _text(kinds: Kinds, columns: int | None) -> str:
    if kinds is KINDS:
        return explanation.list_to_text(kinds, columns)
    ((kind, (entry,)),) = kinds.items()
    return explanation.entry_to_text(entry, kind, columns)


def _markdown(kinds: Kinds) -> str:
    if kinds is KINDS:
        return explanation.list_to_markdown(kinds)
    return "".join(explanation.entry_to_markdown(entry, 2) for entries in kinds.values() for entry in entries)
