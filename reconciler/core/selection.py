"""`--only`: which part of a plan is wanted, by addresses; and what else that part cannot do without.

A part holds every step that is selected, and every step that one of these needs, however far away. It is cut out of a
plan that was made whole, guards included, so nothing can become possible by leaving something out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.core.change import Change, HeldRole
from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.errors import UsageError
from reconciler.core.handover import Handover, address_of_roles
from reconciler.core.spelling import nearest
from reconciler.core.step import (
    DeactivateToken,
    GrantRole,
    QuietPeriod,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
)

RULE: Final = "selection"
_EXAMPLE: Final = "such as integrations.netsuite-connector or 'employees.\"dana.ortiz@example.com\".roles'"
_MOST_NAMED: Final = 5
# A key in quotes with its escapes, or one without anything that would need quotes.
_KEY: Final = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)+)"|(?P<plain>[^."\\\s]+)', re.DOTALL)
_LETTER: Final = re.compile(r"\\(.)|(.)", re.DOTALL)
_PEOPLE: Final = "employees"


@dataclass(frozen=True, slots=True)
class Glob:
    """An address, or the beginning of some, in which `*` stands for any letters within one key."""

    text: str
    keys: tuple[str, ...]
    """A regular expression for each key."""

    def covers(self, address: str) -> bool:
        """Whether it is this address, or one that this address lies below."""
        keys = _plain_keys(address)
        return len(self.keys) <= len(keys) and _fit(self.keys, keys)

    def leads_to(self, address: str) -> bool:
        """Whether it is below this address."""
        return _fit(self.keys, _plain_keys(address))


def _fit(patterns: Sequence[str], keys: Sequence[str]) -> bool:
    # E-mail addresses are compared without case.
    flags = re.DOTALL | (re.IGNORECASE if keys[:1] == [_PEOPLE] else re.NOFLAG)
    return all(re.fullmatch(pattern, key, flags) for pattern, key in zip(patterns, keys, strict=False))


def _plain_keys(address: str) -> list[str]:
    return [
        found["plain"] if found["quoted"] is None else _LETTER.sub(r"\1\2", found["quoted"])
        for found in _KEY.finditer(address)
    ]


def glob(text: str) -> Glob:
    """What `--only` was given.

    Raises:
        UsageError: it is no address.
    """
    keys: list[str] = []
    place = 0
    while found := _KEY.match(text, place):
        keys.append(_pattern(found["plain"] or found["quoted"]))
        place = found.end()
        if place == len(text):
            return Glob(text, tuple(keys))
        if text[place] != ".":
            break
        place += 1
    raise UsageError(
        f"--only {text}: that is no address.", hint=f"{_EXAMPLE}; a key with a dot in it stands in double quotes"
    )


def _pattern(key: str) -> str:
    pieces = [""]
    for found in _LETTER.finditer(key):
        if found[2] == "*":
            pieces.append("")
        else:
            pieces[-1] += re.escape(found[1] or found[2])
    if len(pieces) == 1:
        return pieces[0]
    # Atomic: what many stars could match in many ways is tried once.
    between = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{between}.*{pieces[-1]}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The addresses that are wanted; none means all.

    `is_new` is False where a saved plan names them: they were there when it was made, and a handover that goes on may
    leave one of them behind.
    """

    globs: tuple[Glob, ...] = ()
    is_new: bool = True

    @classmethod
    def of(cls, texts: Iterable[str], *, is_new: bool = True) -> "Selection":
        """The selection that these globs make, in whatever order they come.

        Raises:
            UsageError: one of them is no address.
        """
        return cls(tuple(glob(text) for text in sorted(set(texts))), is_new)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.globs)

    def covers(self, address: str) -> bool:
        return not self.globs or any(one.covers(address) for one in self.globs)

    def require_matches(self, environment: str, addresses: Iterable[str]) -> None:
        """See that each glob selects at least one of the addresses.

        Raises:
            UsageError: one does not.
        """
        if not self.globs or not self.is_new:
            return
        known = sorted(set(addresses))
        for one in self.globs:
            if not any(one.covers(address) for address in known):
                close = nearest(one.text, known)
                hint = f"did you mean {close}?" if close else f"an address is one {_EXAMPLE}"
                raise UsageError(f"--only {one.text}: {environment} has no such address.", hint=hint)


EVERYTHING: Final = Selection()


class Part:
    """What of a plan is selected, with all that it needs."""

    def __init__(self, selection: Selection, steps: Sequence[Step]) -> None:
        """From all steps of the plan."""
        self._selection = selection
        self._selected = {step.id for step in steps if any(map(selection.covers, _addresses(step)))}
        by_id = {step.id: step for step in steps}
        self.step_ids = set(self._selected)
        left = list(self._selected)
        while left:
            more = set(by_id[left.pop()].needs) - self.step_ids
            self.step_ids |= more
            left.extend(more)
        included = [step for step in steps if step.id in self.step_ids]
        self._needed_first = [step for step in included if step.id not in self._selected]
        self._addresses = {address for step in included for address in _addresses(step)}
        self._roles = {(step.address, _role(step)) for step in included}

    def has(self, change: Change) -> bool:
        """Whether a change is selected, or made by a step that is."""
        side = change.after or change.before
        if self._selection.covers(change.address):
            return True
        if isinstance(side, HeldRole):
            return (change.address, side.role) in self._roles
        return change.address in self._addresses

    def concerns(self, address: str | None) -> bool:
        """Whether what is said about an address, or about none, matters to the part."""
        if address is None or self._selection.covers(address) or address in self._addresses:
            return True
        return any(one.leads_to(address) for one in self._selection.globs) or any(
            inner.startswith(f"{address}.") for inner in self._addresses
        )

    def told(self, changes: Iterable[Change], said: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """What was selected, what comes along, and what is left out; nothing where everything is selected.

        Args:
            changes: all changes of the plan.
            said: all its diagnostics.
        """
        if not self._selection.globs:
            return ()
        parts = [f"Only {_listed(self._selection.texts)}."]
        needed = [step.summary for step in self._needed_first if step.status is not Status.DONE]
        if needed:
            parts.append(f"Not selected, but needed first: {'; '.join(needed)}.")
        left = list(dict.fromkeys(change.address for change in changes if not self.has(change)))
        if left:
            parts.append(f"Left out: {_listed(left)}.")
        errors = sum(item.severity is Severity.ERROR and not self.concerns(item.address) for item in said)
        if errors:
            parts.append(f"{errors} {'error is' if errors == 1 else 'errors are'} about what is left out.")
        return (Diagnostic(Severity.INFO, RULE, "Part of the plan", " ".join(parts)),)


def addresses(desired: DesiredState, judged: Iterable[Handover]) -> Iterator[str]:
    """The addresses that may be selected, whether or not anything differs there.

    They are what is declared, the tokens there are, and the roles of everybody who has to do with those.
    """
    yield from (one.address for one in desired.integrations)
    for entry in desired.employees:
        yield from (entry.address, *(f"{entry.address}.{part}" for part in ("active", "access", "roles")))
    for one in judged:
        resolved = one.resolved
        yield from (f"{resolved.desired.address}.{part}" for part in ("token", "state"))
        yield from (f"{resolved.desired.address}.tokens.{token.id}" for token in resolved.tokens)
        people = {resolved.owner.id, *(person.id for person in resolved.standby)}
        people |= {token.owner_id for token in resolved.tokens} | {group.user_id for group in resolved.logins}
        yield from (address_of_roles(one.live.person(identifier)) for identifier in sorted(people - {""}))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _addresses(step: Step) -> tuple[str, ...]:
    """Its own address, and that of the old token it is about, which changes name by its id."""
    match step.operation:
        case QuietPeriod(token=token) | DeactivateToken(token=token) | RevokeToken(token=token):
            return step.address, f"{step.address.removesuffix('.token')}.tokens.{token.id}"
    return (step.address,)


def _role(step: Step) -> str | None:
    match step.operation:
        case GrantRole(role=role) | RemoveRole(role=role):
            return role.name
    return None
