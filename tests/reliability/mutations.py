"""Ways in which a document may be wrong: an answer of the server, a file of the user, a record of an earlier run."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

HOSTILE: Final = (
    "\x1b[31m\x1b]0;title\x07red",
    "\u202egnp.exe",
    "line\nbreak\r\ttab",
    "<script>alert(1)</script>",
    "::error::workflow",
    "| a | table |",
    "x" * 5000,
    "\x00",
    "\ud800",
    "=cmd()",
    "${{ secrets }} %0A",
)
VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    10**40,
    1e300,
    "",
    "T",
    "F",
    "0",
    "-5",
    "9" * 40,
    "3",
    "4101",
    "2026-11-22 11:00:00",
    "9999-99-99 99:99:99",
    [],
    {},
    [[]],
    {"id": "1"},
    *HOSTILE,
)
BODIES: Final = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"<html>down for maintenance</html>",
    b"{" * 200_000,
    b"[" * 200_000 + b"]" * 200_000,
    b'{"items": NaN}',
    b'\xef\xbb\xbf{"items": []}',
    b"\xff\xfe\x00",
    b"1" * 10_000,
)

Path = tuple[str | int, ...]


def paths(document: object, here: Path = ()) -> Iterator[Path]:
    """Every place in a document, but for the document itself."""
    inner: Sequence[tuple[str | int, object]] = ()
    if isinstance(document, Mapping):
        inner = tuple(document.items())
    elif isinstance(document, list):
        inner = tuple(enumerate(document))
    for key, value in inner:
        yield (*here, key)
        yield from paths(value, (*here, key))


def _parent(document: Any, path: Path) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


@dataclass(frozen=True)
class Mutation:
    """What is done to one place of a document; the number chooses the place among all there are."""

    kind: str
    number: int
    value: Any = None

    def apply(self, document: Any) -> Any:
        """The document with the change; it is changed in place."""
        places = list(paths(document))
        if not places:
            return document
        path = places[self.number % len(places)]
        inside, key = _parent(document, path), path[-1]
        match self.kind:
            case "drop":
                del inside[key]
            case "replace":
                inside[key] = self.value
            case "as text":
                inside[key] = json.dumps(inside[key])
            case "wrap":
                inside[key] = [inside[key]]
            case "double" if isinstance(inside, list) and isinstance(key, int):
                inside.insert(key, inside[key])
            case "rename" if isinstance(inside, dict):
                inside[f"{key}x"] = inside.pop(key)
        return document

    def in_bytes(self, content: bytes) -> bytes:
        """The same for what is no document, or shall be none any more."""
        place = self.number % (len(content) + 1)
        match self.kind:
            case "cut":
                return content[:place]
            case "byte":
                return content[:place] + bytes([self.value % 256]) + content[place + 1 :]
            case "insert":
                return content[:place] + bytes(self.value) + content[place:]
            case "body":
                return bytes(self.value)
        return content

    @property
    def is_of_bytes(self) -> bool:
        return self.kind in {"cut", "byte", "insert", "body"}


numbers = st.integers(0, 100_000)
in_documents = st.one_of(
    st.builds(Mutation, st.sampled_from(["drop", "as text", "wrap", "double", "rename"]), numbers),
    st.builds(Mutation, st.just("replace"), numbers, st.sampled_from(VALUES)),
)
in_any_bytes = st.one_of(
    st.builds(Mutation, st.just("cut"), numbers),
    st.builds(Mutation, st.just("byte"), numbers, st.integers(0, 255)),
    st.builds(Mutation, st.just("body"), numbers, st.sampled_from(BODIES)),
)
mutations = st.one_of(in_documents, in_documents, in_any_bytes)


def mutated(content: bytes, one: Mutation) -> bytes:
    """JSON with a mutation in it."""
    if one.is_of_bytes:
        return one.in_bytes(content)
    return json.dumps(one.apply(json.loads(content))).encode()


# A null comes back as nothing, and is not true (netsuite.md 6.2); of these two, that asks once more for what was done.
MAY_BE_NULL: Final = frozenset({"isinactive", "binactive", "brevoked"})
_FORMS: Final = (
    (MAY_BE_NULL | {"giveaccess"}, re.compile("[TF]")),
    (frozenset({"id", "entity_name", "role_name", "employeeid", "role", "userid"}), re.compile(r"\d{1,15}")),
)


def is_another_truth(content: bytes, wrong: bytes) -> bool:
    """Whether only flags and ids differ, and are as well formed as the true ones: nobody could tell them apart."""
    try:
        rows, others = (json.loads(body)["items"] for body in (content, wrong))
        differing = [
            (name, other.get(name))
            for row, other in zip(rows, others, strict=True)
            for name in row.keys() | other.keys()
            if row.get(name) != other.get(name)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return bool(differing) and all(_is_well_formed(name, value) for name, value in differing)


def _is_well_formed(name: str, value: object) -> bool:
    if value is None:
        return name in MAY_BE_NULL
    return any(name in names and isinstance(value, str) and bool(form.fullmatch(value)) for names, form in _FORMS)
