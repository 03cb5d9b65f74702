"""docs/reference/rules.md, from the rulebook."""

from reconciler.core.rulebook import ENTRIES, KINDS
from reconciler.render.explanation import entry_to_markdown
from tests.support.reference.markdown import anchor, code


def rules_page() -> str:
    parts = [
        "# Rules\n",
        "Whatever the tool finds has a name, which outputs show. `reconciler explain RULE` says the same.\n",
    ]
    for kind, entries in KINDS.items():
        names = ", ".join(f"[{code(entry.name)}](#{anchor(entry.name)})" for entry in entries)
        parts += [f"## {kind}\n", f"{names}\n", *(entry_to_markdown(entry, 3, _links()) for entry in entries)]
    return "\n".join(parts)


def _links() -> dict[str, str]:
    """Places as they lie from docs/reference."""
    places = {place for entry in ENTRIES.values() for place in entry.read if place.startswith("docs/")}
    return {place: _from_here(place.removeprefix("docs/")) for place in places}


def _from_here(place: str) -> str:
    return place.removeprefix("reference/") if place.startswith("reference/") else f"../{place}"
