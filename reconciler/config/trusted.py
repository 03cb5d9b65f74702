"""Settings that a pull request may propose and must not decide: they are taken from another revision of the files.

Where a login leads, what holds the tool back and where it keeps its journal protect the account from the very change
that is under review.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from reconciler.config.extends import Extended
from reconciler.config.rules import address_of, problem
from reconciler.config.semantics import addresses_of, points_somewhere
from reconciler.config.yaml_builder import Key, Place
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, Position, Severity

SETTINGS: Final = ("store", "netsuite", "guards", "waivers")
_WAIVERS: Final = "waivers"
_ABSENT: Final = object()
_LONGEST: Final = 80
_REVIEWED: Final = "review it as you would review the tool itself; it takes effect once it is merged"


def with_settings_of(trusted: Extended, proposed: Extended) -> Extended:
    """The proposed file with the settings of the trusted one; what differs has its place in the proposed file.

    A waiver that points nowhere any more is left out, for it has nothing left to waive.
    """
    document = proposed.document
    value, root = dict(document.value), document.root or Place(document.file, 1, 1)
    children, keys = dict(root.children or {}), dict(root.keys or {})
    for key in SETTINGS:
        settings = _still_meant(key, trusted.document.value.get(key, _ABSENT), document.value)
        if settings == value.get(key, _ABSENT):
            continue
        place = document.at_key(key)
        for known in (value, children, keys):
            known.pop(key, None)
        if settings is not _ABSENT:
            value[key] = settings
            children[key] = _placed(settings, place)
            keys[key] = (place.line, place.column)
    root = replace(root, children=children, keys=keys)
    return replace(proposed, document=replace(document, value=value, root=root))


def _still_meant(key: str, settings: Any, proposed: Mapping[str, Any]) -> Any:
    if key != _WAIVERS or not isinstance(settings, list):
        return settings
    declared = addresses_of(proposed)
    left = [
        one
        for one in settings
        if isinstance(one, dict)
        and isinstance(address := one.get("address"), str)
        and points_somewhere(address, declared)
    ]
    return left or _ABSENT


def _placed(value: Any, at: Position) -> Place:
    """Every part of a value at one place."""
    place = Place(at.file, at.line, at.column)
    if isinstance(value, dict):
        inner: dict[Key, Place] = {key: _placed(item, at) for key, item in value.items()}
        return replace(place, children=inner, keys=dict.fromkeys(value, (at.line, at.column)))
    if isinstance(value, list):
        return replace(place, children={index: _placed(item, at) for index, item in enumerate(value)})
    return place


def sensitive_changes(before: Document, now: Document) -> Iterator[Diagnostic]:
    """A warning for each setting that differs between two states of one file, at its place in the newer one.

    Both are valid files, so every credential in them is a reference and may be shown.
    """
    for key in SETTINGS:
        yield from _differences((key,), before.value.get(key, _ABSENT), now.value.get(key, _ABSENT), now)


def _differences(path: tuple[Key, ...], before: Any, after: Any, now: Document) -> Iterator[Diagnostic]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*after, *(key for key in before if key not in after)):
            yield from _differences((*path, key), before.get(key, _ABSENT), after.get(key, _ABSENT), now)
        return
    address = address_of(path)
    detail = f"{address}: {_shown(before)} -> {_shown(after)}"
    position = now.at_key(*path)
    severity = Severity.WARNING
    yield problem("sensitive-change", detail, position=position, address=address, hint=_REVIEWED, severity=severity)


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "(absent)"
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    elif isinstance(value, list):
        text = ", ".join(map(_shown, value))
    else:
        text = str(value)
    text = text or "(empty)"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
