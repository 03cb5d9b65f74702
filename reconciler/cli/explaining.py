"""`explain`: what a rule means, why it matters and what to do."""

from collections.abc import Mapping, Sequence

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.formats import EXPLAIN, Format
from reconciler.cli.output import Renderers, deliver, parse_outputs, require_places, width
from reconciler.core.errors import UsageError
from reconciler.core.rulebook import ENTRIES, KINDS, Entry, find, kind_of
from reconciler.core.spelling import did_you_mean
from reconciler.render import explanation
from reconciler.render.to_json import to_json

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
        raise UsageError(f'There is no rule "{name}".', hint=did_you_mean(name, tuple(ENTRIES)))
    return {kind_of(entry): (entry,)}


def _text(kinds: Kinds, columns: int | None) -> str:
    if kinds is KINDS:
        return explanation.list_to_text(kinds, columns)
    ((kind, (entry,)),) = kinds.items()
    return explanation.entry_to_text(entry, kind, columns)


def _markdown(kinds: Kinds) -> str:
    if kinds is KINDS:
        return explanation.list_to_markdown(kinds)
    return "".join(explanation.entry_to_markdown(entry, 2) for entries in kinds.values() for entry in entries)
