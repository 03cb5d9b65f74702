"""Globs over addresses: `*` stands for any characters within one key."""

import re
from collections.abc import Iterable, Sequence

from reconciler.core.directory import nearest
from reconciler.core.errors import UsageError

_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


def selected(addresses: Sequence[str], globs: Sequence[str]) -> frozenset[str]:
    """The addresses that one of the globs selects, itself or as something below it; all where there is no glob.

    Raises:
        UsageError: a glob selects nothing.
    """
    if not globs:
        return frozenset(addresses)
    found: set[str] = set()
    for glob in globs:
        fitting = {address for address in addresses if _fits(_keys(glob), _keys(address))}
        if not fitting:
            near = nearest(glob, list(addresses))
            raise UsageError(
                f"Nothing here has an address like {glob}.",
                hint=f"did you mean {near}?" if near else 'write it as in integrations.netsuite-* or employees."*"',
            )
        found |= fitting
    return frozenset(found)


def _keys(address: str) -> list[str]:
    return [_plain(key) for key in _KEY.findall(address)]


def _plain(key: str) -> str:
    return re.sub(r"\\(.)", r"\1", key[1:-1]) if key.startswith('"') else key


def _fits(wanted: Sequence[str], keys: Iterable[str]) -> bool:
    present = list(keys)
    return len(wanted) <= len(present) and all(
        re.fullmatch(".*".join(map(re.escape, part.split("*"))), key, re.DOTALL)
        for part, key in zip(wanted, present, strict=False)
    )
