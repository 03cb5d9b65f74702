"""Says in our own words what jsonschema found, at the place in the file and with what to do about it.

Values are not repeated, because any of them may be a pasted secret; the place shows them. Only names of keys, account
ids and numbers that lack quotes are.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from reconciler.config.endpoints import account_form, untrusted_endpoint
from reconciler.config.references import Refusal, parse_reference
from reconciler.config.rules import address_of, did_you_mean, line_of, nearest, problem
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, Position

Path = tuple[str | int, ...]

_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "empty",
    "number": "a number",
    "object": "a mapping of keys to values",
    "string": "text",
}
_NO: Final = {"no", "off", "n", "false"}
_YES: Final = {"yes", "on", "y", "true"}
# The title of a set of roles that may not be empty.
_COMPLETE_SET: Final = "Complete set of roles"
_UNTRUSTED_PATH = re.compile(r"[/~]|.*[\\:]")
_A_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}")


def diagnostics_of(error: Any, document: Document) -> Iterator[Diagnostic]:
    """One error of jsonschema as diagnostics.

    Args:
        error: a `jsonschema.ValidationError`.
        document: what was validated.
    """
    path: Path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        expected = _expected(error.schema)
        position = document.at_key(*path, error.instance)
        yield problem("wrong-form", f"This key must be: {expected}.", position=position, address=address_of(path))
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


def _expected(schema: Any) -> str:
    """What a value must be: the title of its schema and the first example."""
    title = str(schema.get("title", "a value that fits the schema"))
    if title[1:2].islower() or title[1:2] == " ":
        title = title[0].lower() + title[1:]
    examples = schema.get("examples")
    return f"{title}, for example {_written(examples[0])}" if examples else title


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _note(document: Document, path: Path, rule: str, detail: str, hint: str | None = None) -> Diagnostic:
    return problem(rule, detail, position=document.at(*path), address=address_of(path), hint=hint)


def _refused(document: Document, path: Path, refusal: Refusal) -> Diagnostic:
    return _note(document, path, refusal.rule, refusal.detail, refusal.hint)


def _unknown_key(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    known = sorted(error.schema.get("properties", ()))
    for key in sorted(set(error.instance) - set(known)):
        meant = nearest(key, known)
        # What looks like no name at all may be a secret that slipped into the place of a key.
        shown = meant is not None or _A_NAME.fullmatch(key)
        detail = f'"{key}" is no key here.' if shown else "This is no key that is known here."
        address = address_of((*path, key) if shown else path)
        hint = did_you_mean(key, known)
        yield problem("unknown-key", detail, position=document.at_key(*path, key), address=address, hint=hint)


def _missing_key(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    for key in error.validator_value:
        if key not in error.instance:
            where = f"{_name(path)} needs" if path else "The file needs"
            address = address_of((*path, key))
            yield problem("missing-key", f'{where} the key "{key}".', position=document.at_key(*path), address=address)


def _wrong_type(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    wanted = error.validator_value
    if error.schema.get("writeOnly"):
        yield _refused(document, path, _no_reference())
        return
    hint = _type_hint(wanted, error.instance, document.source(*path))
    yield _mismatch(document, path, _TYPES[wanted], error.instance, hint)


def _mismatch(document: Document, path: Path, wanted: str, value: Any, hint: str | None) -> Diagnostic:
    detail = f"{_name(path)} must be {wanted}, not {_kind(value)}."
    return _note(document, path, "wrong-type", detail, hint)


def _no_reference() -> Refusal:
    nothing = parse_reference("", Position("", 1, 1))
    assert isinstance(nothing, Refusal)  # noqa: S101  # an empty text is no reference
    return nothing


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", str: "text", type(None): "empty", int: "a number", float: "a number"}
    return names[type(value)]


def _type_hint(wanted: str, value: Any, source: str | None) -> str | None:
    if value is None:
        return "write a value, or remove the key"
    if wanted == "string" and source:
        return f'put it in quotes: "{source}"'
    if isinstance(value, str):
        lower = value.casefold()
        if wanted == "boolean" and lower in _NO | _YES:
            return "write true" if lower in _YES else "write false"
        digits = value.replace("_", "").replace(",", "").lstrip("0")
        if wanted == "integer" and digits.isascii() and digits.isdecimal():
            return f"write {digits}"
        if wanted == "array":
            return "write a list, even of one: [ ... ]"
    if wanted == "object":
        return 'write "key: value" lines below it, with a deeper indent'
    return None


def base_form(name: str) -> Refusal:
    """What is wrong with the path of a file to extend, which does not match its pattern."""
    hint = "put the file into the repository, as in base/defaults.yaml"
    if _UNTRUSTED_PATH.match(name):
        detail = "A file to extend is named by its path from this file: no URL, no absolute path, no ~, no backslash."
        return Refusal("untrusted-reference", detail, hint)
    return Refusal("wrong-form", "The path of a file to extend ends in .yaml.", hint)


def _wrong_form(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    special = SPECIAL.get(error.schema.get("title", ""))
    refusal = special(error.instance) if special else None
    if refusal is None:
        detail = f"{_name(path)} has not the form that is expected: {_expected(error.schema)}."
        yield _note(document, path, "wrong-form", detail)
    else:
        yield _refused(document, path, refusal)


def _reference_refusal(text: str) -> Refusal | None:
    found = parse_reference(text, Position("", 1, 1))
    return found if isinstance(found, Refusal) else None


# What a pattern that does not match means, by the title of the schema it stands in.
SPECIAL: Final[dict[str, Callable[[str], Refusal | None]]] = {
    "Account ID": account_form,
    "Path of a YAML file": base_form,
    "Reference to a secret": _reference_refusal,
    '"emulator" or a loopback URL': lambda _: untrusted_endpoint(),
    "SuiteTalk URL": lambda _: untrusted_endpoint(),
    "RESTlets URL": lambda _: untrusted_endpoint(),
}


def _not_allowed(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
    yield _choice(document, path, error.instance, [_written(value) for value in allowed])


def _choice(document: Document, path: Path, value: Any, allowed: list[str]) -> Diagnostic:
    detail = f"{_name(path)} must be {' or '.join(allowed)}."
    meant = nearest(value, allowed) if isinstance(value, str) else None
    return _note(document, path, "not-allowed", detail, f"did you mean {meant}?" if meant else None)


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
        hint = _merged_from(document, path, error.instance)
    else:
        least = error.validator.startswith("min")
        detail = f"{_name(path)} must have {'at least' if least else 'at most'} {error.validator_value} entries."
    yield _note(document, path, "wrong-count", detail, hint)


def _merged_from(document: Document, path: Path, keys: Iterable[str]) -> str | None:
    """The key that another file brought in, where mappings of two were merged."""
    here = document.at(*path)
    for key in keys:
        place = document.at_key(*path, key)
        if place.file != here.file:
            return f'mappings are merged, and "{key}" comes from {line_of(place, here)}: use the same key here'
    return None


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
    branches: dict[int, list[Any]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    fitting = {index: found for index, found in branches.items() if not _misfits(found, "type", 0)}
    if not fitting:
        wanted = dict.fromkeys(_TYPES[child.validator_value] for found in branches.values() for child in found[:1])
        hint = _type_hint("string", error.instance, document.source(*path)) if "text" in wanted else None
        hint = hint or _type_hint("object", error.instance, None)
        yield _mismatch(document, path, " or ".join(wanted), error.instance, hint)
        return
    meant = [found for found in fitting.values() if not _misfits(found, "const", 1)]
    if not meant:
        fixed = [child for found in fitting.values() for child in found if _misfits([child], "const", 1)]
        where: Path = tuple(fixed[0].absolute_path)
        allowed = dict.fromkeys(_written(child.validator_value) for child in fixed)
        yield _choice(document, where, fixed[0].instance, list(allowed))
        return
    told = [[item for child in found for item in diagnostics_of(child, document)] for found in meant]
    yield from min(told, key=len)


def _misfits(errors: list[Any], keyword: str, depth: int) -> bool:
    return any(error.validator == keyword and len(error.relative_path) == depth for error in errors)


def _other(error: Any, document: Document, path: Path) -> Iterator[Diagnostic]:
    yield _note(document, path, "schema", f"{_name(path)} is not: {_expected(error.schema)}.")


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
