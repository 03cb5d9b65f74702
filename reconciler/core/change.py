"""What differs between desired and live: data, before anything happens."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from reconciler.core.diagnostics import Position


class Action(StrEnum):
    """The only words for what happens to an address; the value is the word in JSON."""

    NO_OP = "no-op"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """Create first, then delete: nobody is left without a token."""
    DELETE = "delete"


SYMBOL: Mapping[Action, str] = {
    Action.NO_OP: " ",
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "±",
    Action.DELETE: "-",
}


class Reason(StrEnum):
    """Why a change is there."""

    OWNER_DIFFERS = "owner-differs"
    ROLE_DIFFERS = "role-differs"
    TOKEN_MISSING = "token-missing"
    TOKEN_TOO_OLD = "token-too-old"
    TOKEN_NOT_IN_USE = "token-not-in-use"
    PREVIOUS_TOKEN = "previous-token"
    TOKEN_ROLE_MISSING = "token-role-missing"
    REQUIRED_ROLE_MISSING = "required-role-missing"
    PREVIOUS_OWNER = "previous-owner"
    ACTIVE_DIFFERS = "active-differs"
    ACCESS_DIFFERS = "access-differs"
    ROLE_MISSING = "role-missing"
    ROLE_NOT_DECLARED = "role-not-declared"
    INTEGRATION_NOT_ENABLED = "integration-not-enabled"


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who owns a token and which role it logs in with; `token` is its name, where there is one already."""

    owner: str
    role: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One side of a change: somebody holds a role, and what it is for."""

    role: str
    purpose: str


@dataclass(frozen=True, slots=True)
class RecordState:
    """One side of a change: the state of a record in a word, such as `active`."""

    state: str


Side = TokenHolder | HeldRole | RecordState


@dataclass(frozen=True, slots=True)
class Change:
    """One address that differs, why, and the line of YAML that asks for it."""

    address: str
    action: Action
    before: Side | None
    after: Side | None
    reason: Reason
    declared_at: Position


_CHANGE_ORDER = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.NO_OP)


def in_order(found: Iterable[Change]) -> tuple[Change, ...]:
    """Changes in the order of the file, each role once, although two integrations may ask for it."""
    unique: dict[tuple[str, Action, str], Change] = {}
    for change in found:
        side = change.after or change.before
        role = side.role if isinstance(side, HeldRole) else ""
        unique.setdefault((change.address, change.action, role), change)

    def place(item: tuple[tuple[str, Action, str], Change]) -> tuple[Position, int, str, str]:
        (address, action, role), change = item
        return change.declared_at, _CHANGE_ORDER.index(action), address, role

    return tuple(change for _, change in sorted(unique.items(), key=place))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a pair that differs."""

    field: str
    before: str
    after: str


def differences(before: Side, after: Side) -> tuple[Difference, ...]:
    """The fields in which two sides of one address differ, by name.

    Both sides are matched by address before this is called, for on lists without keys deepdiff pairs by likeness and
    can tell of a handover that never happened.
    """
    from deepdiff import DeepDiff  # noqa: PLC0415  it takes longer to import than a bare interpreter to start

    diff = DeepDiff(_told(before), _told(after))
    changed = diff.get("values_changed", {}) | diff.get("type_changes", {})
    found = (
        Difference(path.removeprefix("root['").removesuffix("']"), str(pair["old_value"]), str(pair["new_value"]))
        for path, pair in changed.items()
    )
    return tuple(sorted(found, key=lambda difference: difference.field))


def _told(side: Side) -> dict[str, str]:
    return {name: value for name, value in asdict(side).items() if value is not None and name != "token"}
