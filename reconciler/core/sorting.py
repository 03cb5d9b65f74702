"""Sorts steps by the rules of their order: a deterministic sort, in time that grows with the number of steps."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from itertools import chain, permutations, product

from reconciler.core.ordering import RULES, Rule
from reconciler.core.step import (
    KIND,
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Item,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    step_id,
)


def in_order(items: Sequence[Item], rules: Sequence[Rule] = RULES) -> tuple[tuple[Item, tuple[str, ...]], ...]:
    """The items in an order that respects every rule, each with the ids of the steps it needs directly.

    Equal items give an equal order, whatever order they come in. Work and edges grow with the number of items, also
    where many of them share a person or an application.

    Raises:
        graphlib.CycleError: two rules contradict each other; no step is then planned.
    """
    by_id = {step_id(item.operation): item for item in items}
    needs = _needs(by_id, rules)
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    ready: list[tuple[tuple[bool, str, int, str], str]] = []
    ordered: list[tuple[Item, tuple[str, ...]]] = []
    while sorter.is_active():
        for identifier in sorter.get_ready():
            heapq.heappush(ready, (_rank(by_id[identifier]), identifier))
        _, identifier = heapq.heappop(ready)
        ordered.append((by_id[identifier], tuple(sorted(needs[identifier]))))
        sorter.done(identifier)
    return tuple(ordered)


def _needs(by_id: Mapping[str, Item], rules: Sequence[Rule]) -> dict[str, set[str]]:
    needs: dict[str, set[str]] = {identifier: set() for identifier in by_id}
    hubs: dict[_Place, list[str]] = {}
    others: dict[_Place, list[str]] = {}
    for identifier, item in by_id.items():
        for place, is_hub in _places(item.operation):
            (hubs if is_hub else others).setdefault(place, []).append(identifier)
    between: dict[tuple[type[Operation], type[Operation]], list[Rule]] = {}
    for rule in rules:
        for kinds in product(rule.first, rule.then):
            between.setdefault(kinds, []).append(rule)
    for place, group in hubs.items():
        rest = others.get(place, ())
        for first, then in chain(permutations(group, 2), product(group, rest), product(rest, group)):
            one, other = by_id[first].operation, by_id[then].operation
            if any(rule.before(one, other) for rule in between.get((type(one), type(other)), ())):
                needs[then].add(first)
    return needs


_Place = tuple[str, str]


def _places(operation: Operation) -> Iterator[tuple[_Place, bool]]:
    """Where steps can meet: at a person, an application or a token; True where the step is a hub of that place.

    Two steps have to do with each other only where they meet and at least one of them is a hub. A person who owns a
    thousand tokens has few hubs, and so has an application with a thousand tokens, which keeps the work small.
    """
    match operation:
        case GrantRole(employee=employee, applications=applications):
            yield ("person", employee.id), True
            for name in applications:
                yield ("application", name), True
        case Activate(employee=employee) | GiveAccess(employee=employee):
            yield ("person", employee.id), True
        case RemoveAccess(employee=employee) | Inactivate(employee=employee):
            yield ("person", employee.id), True
        case RemoveRole(employee=employee, applications=applications):
            yield ("person", employee.id), True
            for name in applications:
                yield ("application", name), False
        case EnableIntegration(application=application):
            yield ("application", application), True
        case CreateToken(application=application, owner=owner) | EnterCredentials(application=application, owner=owner):
            yield ("application", application), True
            yield ("person", owner.id), False
        case QuietPeriod(application=application, token=token) | DeactivateToken(application=application, token=token):
            yield ("application", application), False
            yield ("token", token.id), True
        case RevokeToken(application=application, token=token):
            yield ("application", application), False
            yield ("token", token.id), True
            yield ("person", token.owner_id), False


_KINDS = list(KIND.values())


_TAKES_AWAY = (QuietPeriod, DeactivateToken, RevokeToken, RemoveRole, RemoveAccess, Inactivate)


def _rank(item: Item) -> tuple[bool, str, int, str]:
    """Where no rule decides: what gives before what takes away, then by address."""
    kind = KIND[type(item.operation)]
    return isinstance(item.operation, _TAKES_AWAY), item.address, _KINDS.index(kind), step_id(item.operation)
