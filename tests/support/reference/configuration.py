"""docs/reference/configuration.md, from the schema of environment files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.support.reference.markdown import code, plain, table
from tests.support.reference.schemas import Key, Keys, schema
from tests.support.reference.yaml_text import without_comments

_ROOT: Final = Path(__file__).parents[3]
_SECTIONS: Final = ("netsuite", "integration", "employee", "guards", "review", "waiver")
_WHERE: Final = {
    "netsuite": "netsuite",
    "integration": "integrations.KEY",
    "employee": "employees.PERSON",
    "guards": "guards",
    "review": "review",
    "waiver": "waivers[]",
}
_FORMS: Final = (
    "person",
    "role",
    "reference",
    "duration",
    "date",
    "moment",
    "integrationKey",
    "employeeKey",
    "baseFile",
)
_INTRODUCTION: Final = """\
One YAML file per environment, `environments/NAME.yaml`. `reconciler validate` checks it without network and without
secrets; `reconciler schema environment` prints the schema that this page is made from, also for editors. An example
with a reason for each line: [production.yaml](../../environments/examples/production.yaml). A short one:

```yaml
{example}```

Where a file extends none, the keys marked *needed* have to be there. With `endpoint: emulator` a login may be left out.
"""
_DEFAULT: Final = re.compile(r" \(default[^)]*\)")


def configuration_page() -> str:
    root = schema("environment")
    keys = Keys(root, dict.fromkeys(_FORMS, "#how-values-are-written") | {"login": "#logins"})
    defs = root["$defs"] | {"review": root["properties"]["review"]}
    parts = [
        "# Configuration\n",
        _INTRODUCTION.format(example=without_comments(_ROOT / "environments" / "local.yaml")),
        "## The file\n",
        _table(keys.below(root, deep=False), needed=frozenset({"netsuite"})),
    ]
    complete = {"netsuite": {"account", "login"}, "integration": {"application", "owner", "token_role"}}
    for name in _SECTIONS:
        part = defs[name]
        parts += [f"## {_WHERE[name]}\n", f"{plain(part['description'])}\n"]
        parts.append(_table(keys.below(part), frozenset(complete.get(name, ()))))
        if name == "netsuite":
            parts += _logins(keys, defs)
    parts += ["## How values are written\n", table(("value", "is", "for example"), _forms(keys, defs))]
    return "\n".join(parts)


def _logins(keys: Keys, defs: Mapping[str, Any]) -> Iterator[str]:
    """A login is written in one of two ways, each with keys of its own."""
    yield f"## Logins\n\n{plain(defs['login']['description'])}\n"
    needed = {one["if"]["properties"]["method"]["const"]: one["then"]["required"] for one in defs["fullLogin"]["allOf"]}
    for way in defs["login"]["oneOf"]:
        yield f"{way['title']}:\n"
        yield _table(keys.below(way), frozenset(needed[way["properties"]["method"]["const"]]))


def _table(rows: Iterator[Key], needed: frozenset[str]) -> str:
    seen: dict[str, Key] = {}
    for key in rows:
        seen.setdefault(key.path, key)
    return table(
        ("key", "holds", "default", "means"),
        (
            (
                code(key.path),
                key.form,
                "*needed*" if key.path in needed or (key.is_needed and "." in key.path) else _default(key),
                plain(_DEFAULT.sub("", key.means)),
            )
            for key in seen.values()
        ),
    )


def _default(key: Key) -> str:
    return "*needed*" if key.is_needed else code(key.default) if key.default else ""


def _forms(keys: Keys, defs: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in _FORMS:
        part = keys.resolved(defs[name])
        examples = part.get("examples", ())
        yield part["title"], plain(part.get("description", "")), ", ".join(code(_shown(one)) for one in examples)


def _shown(example: object) -> str:
    if isinstance(example, dict):
        return "{" + ", ".join(f"{key}: {value}" for key, value in example.items()) + "}"
    return str(example)
