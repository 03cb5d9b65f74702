"""Says in our own words what jsonschema found, at the place in the file and with what to do about it.

Values are not repeated, because any of them may be a pasted secret; the place shows them. Only names of keys, account
ids and numbers that lack quotes are.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from reconciler.config.forms import FORMS, example_of, fault_of, hint_of, noun_of
from reconciler.config.references import Refusal
from reconciler.config.refused_forms import SPECIAL, no_reference
from reconciler.config.rules import address_of, problem, written_as
from reconciler.config.schema_hints import Path, merged_from, to_add, type_hint
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.spelling import did_you_mean, nearest

_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "empty",
    "number": "a number",
    "object": "a mapping of keys to values",
    "string": "text",
}
_KINDS: Final = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    type(None): "empty",
    int: "a number",
    float: "a number with a fraction",
}
# Other names of keys that people know.
_SYNONYMS: Final = {
    "end": "until",
    "name": "application",
    "role": "token_role",
    "roles": "required_roles",
    "start": "from",
    "to": "until",
}
_NO_INTERNAL_ID: Final = "internal ids differ between accounts: write external_id or entity_id"
# Other names of what a file can say.
_ALSO_CALLED: Final = {"oauth1": "tba", "oauth1.0": "tba", "oauth1.0a": "tba", "token": "tba", "certificate": "oauth2"}
# The title of a set of roles that may not be empty.
_COMPLETE_SET: Final = "Complete set of roles"
_A_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}")


def diagnostics_of(error: Any, document: Document) -> Iterator[Diagnostic]:
    """One error of jsonschema as diagnostics.

    Args:
        error: a `jsonschema.ValidationError`.
        document: what was validated.
    """
    path: Path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield _wrong_key(error, document, path)
        return
    wording = _WORDINGS.get(error.validator, _other)
    yield from wording(error, document, path)


def _name(path: Path) -> str:
    if not path:
        return "The file"
    last = path[-1]
    return (
        f'"{last}"' if isinstance(last, str) else f'Entry {last + 1} of "{path[-2] if len(path) > 1 else "the list"}"'
    )


def _wrong_key(error: Any, document: Document, path: Path) -> Diagnostic:
    form = FORMS.get(error.schema.get("title", ""), "a text of another form")
    position, address = document.at_key(*path, error.instance), address_of(path)
    hint = hint_of(error.schema, error.instance)
    return problem("wrong-form", f"This key must be {form}.", position=position, address=address, hint=hint)


def _note(document: Document, path: Path, rule: str, detail: str, hint: str | None = None) -> Diagnostic:
    return problem(rule, detail, position=document.at(*path), address=address_of(path), hint=hint)


def _refused(document: Document, path: Path, refusal: Refusal) -> Diagnostic:
    return _note(document, path, refusal.rule, refusal.detail, refusal.hint)


def _unknown_key(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    known = sorted(error.schema.get("properties", ()))
    for key in sorted(set(error.instance) - set(known)):
        synonym = _SYNONYMS.get(key.casefold())
        meant = synonym if synonym in known else nearest(key, known)
        # What looks like no name at all may be a secret that slipped into the place of a key.
        shown = meant is not None or _A_NAME.fullmatch(key)
        detail = f'"{key}" is not a key that is known here.' if shown else "This key is not known here."
        address = address_of((*path, key) if shown else path)
        hint = _NO_INTERNAL_ID if _is_internal_id(key, known) else did_you_mean(meant or key, known)
        yield problem("unknown-key", detail, position=document.at_key(*path, key), address=address, hint=hint)


def _is_internal_id(key: str, known: list[str]) -> bool:
    return "external_id" in known and re.fullmatch(r"(?:internal_?)?id", key.casefold()) is not None


def _missing_key(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    for key in error.validator_value:
        if key not in error.instance:
            where = f"{_name(path)} needs" if path else "The file needs"
            position, address = document.at_key(*path), address_of((*path, key))
            hint = to_add(path, key)
            yield problem("missing-key", f'{where} the key "{key}".', position=position, address=address, hint=hint)


def _wrong_type(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    wanted = error.validator_value
    if error.schema.get("writeOnly"):
        yield _refused(document, path, no_reference())
        return
    hint = type_hint(error.schema, wanted, error.instance, document, path)
    yield _mismatch(document, path, noun_of(error.schema) or _TYPES[wanted], error.instance, hint)


def _mismatch(document: Document, path: Path, wanted: str, value: Any, hint: str | None) -> Diagnostic:
    detail = f"{_name(path)} must be {wanted}, not {_kind(value)}."
    return _note(document, path, "wrong-type", detail, hint)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return _KINDS[type(value)]


def _wrong_form(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    special = SPECIAL.get(error.schema.get("title", ""))
    refusal = special(error.instance) if special else None
    if refusal is None:
        yield _misspelt(document, path, error.schema, error.instance)
    else:
        yield _refused(document, path, refusal)


def _misspelt(document: Document, path: Path, schema: Any, text: str) -> Diagnostic:
    detail = f"{_name(path)} {fault_of(schema, text)}."
    return _note(document, path, "wrong-form", detail, hint_of(schema, text))


def _not_allowed(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
    yield _choice(document, path, error.instance, [written_as(value) for value in allowed])


def _choice(document: Document, path: Path, value: Any, allowed: list[str]) -> Diagnostic:
    detail = f"{_name(path)} must be {' or '.join(allowed)}."
    hint = None
    if isinstance(value, str):
        meant = _ALSO_CALLED.get(value.casefold()) or nearest(value, allowed)
        hint = f"did you mean {meant}?" if meant in allowed else None
        # Only what is no text has to be written without quotes.
        hint = f"write {value} without quotes" if value in allowed else hint
    return _note(document, path, "not-allowed", detail, hint)


def _out_of_range(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    least = error.validator == "minimum"
    detail = f"{_name(path)} must be {'at least' if least else 'at most'} {error.validator_value}."
    yield _note(document, path, "out-of-range", detail)


def _wrong_count(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    properties = error.schema.get("properties")
    hint = None
    if error.schema.get("title") == _COMPLETE_SET:
        detail = "An empty list would take away the last role, and nobody loses that."
        yield _note(document, path, "no-role-left", detail, "name a role, or write access: false to shut a person out")
        return
    if properties and error.schema.get("maxProperties") == 1:
        detail = f"{_name(path)} needs exactly one of the keys {' and '.join(sorted(properties))}."
        hint = merged_from(document, path, error.instance)
    else:
        least = error.validator.startswith("min")
        detail = f"{_name(path)} must have {'at least' if least else 'at most'} {error.validator_value} entries."
    yield _note(document, path, "wrong-count", detail, hint)


def _duplicate_entry(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, value in enumerate(error.instance):
        earlier = first.setdefault(json.dumps(value, sort_keys=True), index)
        if earlier != index:
            line = document.at(*path, earlier).line
            detail = f"The same entry stands in line {line} already."
            yield _note(document, (*path, index), "duplicate-entry", detail, "keep one of them")


def _one_of(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    """Only what is wrong with the form that was meant: by its type, then by a key with a fixed value."""
    if isinstance(error.instance, str) and error.schema.get("title") == "Person":
        yield _misspelt(document, path, error.schema, error.instance)
        return
    branches: dict[int, list[Any]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    fitting = {index: found for index, found in branches.items() if not _misfits(found, "type", 0)}
    if not fitting:
        wanted = dict.fromkeys(_TYPES[child.validator_value] for found in branches.values() for child in found[:1])
        kind = "string" if "text" in wanted else "object"
        hint = type_hint(error.schema, kind, error.instance, document, path)
        yield _mismatch(document, path, noun_of(error.schema) or " or ".join(wanted), error.instance, hint)
        return
    meant = [found for found in fitting.values() if not _misfits(found, "const", 1)]
    if not meant:
        fixed = [child for found in fitting.values() for child in found if _misfits([child], "const", 1)]
        where: Path = tuple(fixed[0].absolute_path)
        allowed = dict.fromkeys(written_as(child.validator_value) for child in fixed)
        yield _choice(document, where, fixed[0].instance, list(allowed))
        return
    told = [[item for child in found for item in diagnostics_of(child, document)] for found in meant]
    yield from min(told, key=len)


def _misfits(errors: list[Any], keyword: str, depth: int) -> bool:
    return any(error.validator == keyword and len(error.relative_path) == depth for error in errors)


def _other(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    yield _note(document, path, "schema", f"{_name(path)} does not fit the schema.", example_of(error.schema))


_WORDINGS: Final[dict[str, Callable[[Any, Document, Path], Iterator[Diagnostic]]]] = {
    "additionalProperties": _unknown_key,
    "const": _not_allowed,
    "enum": _not_allowed,
    "maxItems": _wrong_count,
    "maxLength": _wrong_form,
    "maxProperties": _wrong_count,
    "maximum": _out_of_range,
    "minItems": _wrong_count,
    "minLength": _wrong_form,
    "minProperties": _wrong_count,
    "minimum": _out_of_range,
    "oneOf": _one_of,
    "pattern": _wrong_form,
    "required": _missing_key,
    "type": _wrong_type,
    "uniqueItems": _duplicate_entry,
}
