"""Reads a file together with the files it extends, and merges them into one document."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconciler.config.rules import address_of, problem
from reconciler.config.schema import validate
from reconciler.config.source import RealPaths, read_source
from reconciler.config.yaml_document import MAX_BYTES, Document, read_yaml
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.spelling import listed, meaning, nearest

# A base of a base of a base is hard to follow already; and merging costs time for each.
MAX_DEPTH: Final = 8
MAX_BASES: Final = 20
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Extended:
    """A file merged with what it extends; `whole` is False where some of that could not be read.

    What is not whole holds the keys of the file alone: whatever is wrong with one of them stays so, but a key that is
    missing may be in what was not read. `diagnostics` are about the reading, in all the files.
    """

    document: Document
    whole: bool
    diagnostics: tuple[Diagnostic, ...]


def read_extended(path: Path, root: Path, real_paths: RealPaths, text: bytes | None = None) -> Extended | Diagnostic:
    """Read a file and all that it extends, or say why the file itself cannot be read.

    Args:
        path: the file, as the user gave it; positions in it carry it unchanged.
        root: the root of the repository, which neither the file nor what it extends may lead out of.
        real_paths: looks up where paths lead to.
        text: what the file would hold; None reads it.
    """
    source = read_source(path, root, real_paths) if text is None else text
    if isinstance(source, Diagnostic):
        return source
    reading = _Reading(root, real_paths)
    own = reading.own(source, str(path))
    # What a text stands for need not be there.
    real = real_paths.of(path) if text is None else path.resolve()
    merged = reading.merged(own, (_File(path, real),))
    return Extended(merged if merged and reading.whole else own, reading.whole, tuple(reading.diagnostics))


@dataclass(frozen=True, slots=True)
class _File:
    """A file by the name that people see, and by the only one it has without links."""

    shown: Path
    real: Path


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name under `extends`, and where it stands."""

    name: str
    position: Position
    address: str | None

    def refused(self, rule: str, detail: str, hint: str | None = None) -> Diagnostic:
        return problem(rule, detail, position=self.position, address=self.address, hint=hint)


class _Reading:
    """The files that were read for one environment, each of them once."""

    def __init__(self, root: Path, real_paths: RealPaths) -> None:
        self.whole = True
        self.diagnostics: list[Diagnostic] = []
        self._real_paths = real_paths
        self._root = real_paths.folder(root)
        self._bases: dict[Path, Document | None] = {}
        self._bytes = 0
        self._values = 0

    def own(self, source: bytes, name: str) -> Document:
        """One file, alone."""
        document = read_yaml(source, name, values=self._values)
        self._bytes += len(source)
        self._values = max(self._values, document.values)
        self.diagnostics.extend(document.diagnostics)
        return document

    def merged(self, own: Document, chain: tuple[_File, ...]) -> Document | None:
        """A file over its bases, without the key that names them; None where it is no mapping that could be merged.

        Args:
            own: the last file of the chain.
            chain: the files that led here, each of which extends the next.
        """
        if not own.readable or not isinstance(own.value, dict):
            return None
        bases = [base for entry in self._entries(own) if (base := self._base(entry, chain))]
        merged: Document | None = None
        for document in (*bases, own.without("extends")):
            merged = document if merged is None else document.over(merged)
        return merged

    def _entries(self, own: Document) -> Iterator[_Entry]:
        if "extends" not in own.value:
            return
        declared = own.value["extends"]
        wrong = validate(replace(own, value={"extends": declared}), "environment")
        if wrong:
            self._miss(*wrong)
        faulty = {item.address for item in wrong}
        paths: list[_Path] = [("extends",)]
        if isinstance(declared, list):
            paths = [("extends", index) for index in range(len(declared))]
        for path in paths:
            address = address_of(path)
            if not faulty & {"extends", address}:
                yield _Entry(declared[path[1]] if path[1:] else declared, own.at(*path), address)

    def _base(self, entry: _Entry, chain: tuple[_File, ...]) -> Document | None:
        found = self._find(entry, chain[-1])
        if isinstance(found, _File):
            found = _cycle(entry, found, chain) or found
        if isinstance(found, Diagnostic):
            self._miss(found)
            return None
        if found.real not in self._bases:
            source = self._limits(entry, chain) or self._source(entry, found)
            if isinstance(source, Diagnostic):
                self._miss(source)
                return None
            self._bases[found.real] = None
            self._bases[found.real] = self._read(source, found, chain)
        return self._bases[found.real]

    def _read(self, source: bytes, found: _File, chain: tuple[_File, ...]) -> Document | None:
        own = self.own(source, str(found.shown))
        if not own.readable:
            self._miss()
        elif not isinstance(own.value, dict):
            self._miss(problem("wrong-type", "The file must be a mapping of keys to values.", position=own.at()))
        return self.merged(own, (*chain, found))

    def _miss(self, *reasons: Diagnostic) -> None:
        """Keep the reasons why something will be missing."""
        self.diagnostics.extend(reasons)
        self.whole = False

    def _find(self, entry: _Entry, namer: _File) -> _File | Diagnostic:
        try:
            # From where the file really lies, so that it extends the same whatever link it is read through.
            real = (namer.real.parent / entry.name).resolve()
            if not real.is_relative_to(self._root):
                detail = "The file lies outside the repository, or is a link that leads out of it."
                return entry.refused("outside-repository", detail, "put the file itself into the repository")
            if not _is_there(real):
                hint = self._hint(entry, real, namer)
                return entry.refused("base-not-found", f"There is no file {entry.name}.", hint)
            shown = Path(os.path.normpath(namer.shown.parent / entry.name))
            return _File(shown if shown.resolve() == real else real, real)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "a link that leads to itself"
            return entry.refused("unreadable-file", f"The file cannot be read: {reason}.")

    def _hint(self, entry: _Entry, real: Path, namer: _File) -> str:
        from_root = (self._root / entry.name).resolve()
        if from_root.is_relative_to(self._root) and from_root.is_file():
            return f'paths begin at the folder of this file: write "{os.path.relpath(from_root, namer.real.parent)}"'
        folder = Path(entry.name).parent
        if not real.parent.is_dir():
            return f"there is no folder {folder} beside this file"
        names = sorted(path.name for path in real.parent.glob("*.yaml"))
        meant = nearest(real.name, names)
        if meant:
            return meaning(str(folder / meant))
        known = [str(folder / name) for name in names]
        return f"known there: {listed(entry.name, known)}" if known else "no .yaml file lies there"

    def _limits(self, entry: _Entry, chain: tuple[_File, ...]) -> Diagnostic | None:
        hint = "put what they say into fewer files"
        if len(chain) > MAX_DEPTH:
            return entry.refused("too-many-bases", f"Files extend each other more than {MAX_DEPTH} deep.", hint)
        if len(self._bases) >= MAX_BASES:
            return entry.refused("too-many-bases", f"An environment extends at most {MAX_BASES} files.", hint)
        return None

    def _source(self, entry: _Entry, found: _File) -> bytes | Diagnostic:
        source = read_source(found.real, self._root, self._real_paths)
        if isinstance(source, Diagnostic):
            return entry.refused(source.rule, source.detail, source.hint)
        if self._bytes + len(source) > MAX_BYTES:
            detail = f"With this file, more than the {MAX_BYTES:,} bytes that are read at most would be read."
            return entry.refused("file-too-large", detail)
        return source


def _cycle(entry: _Entry, found: _File, chain: tuple[_File, ...]) -> Diagnostic | None:
    reals = [file.real for file in chain]
    if found.real not in reals:
        return None
    files = [*chain[reals.index(found.real) :], found]
    names = " -> ".join(str(file.shown) for file in files)
    return entry.refused("extends-cycle", f"The file extends itself: {names}.", "take the name out")


def _is_there(path: Path) -> bool:
    """Whether there is anything at a path without links.

    Raises:
        OSError: it cannot be known. From Python 3.13 on a link that leads to itself is found here, before by `resolve`.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
