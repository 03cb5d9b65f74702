"""What a file may not say although each part of it is well formed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.config.employee_rules import check_employees
from reconciler.config.endpoints import is_release_preview
from reconciler.config.rules import address_of, line_of, problem
from reconciler.config.values import identity, same_person
from reconciler.config.yaml_document import Document
from reconciler.core.desired import ActsAs, DesiredEmployee, DesiredIntegration, GuardSettings, PersonRef, quoted
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.spelling import did_you_mean


@dataclass(frozen=True, slots=True)
class Declared:
    """The well-formed parts of a file; a part with an error of its own is left out."""

    document: Document
    account: str | None
    integrations: tuple[DesiredIntegration, ...]
    employees: tuple[DesiredEmployee, ...]
    logins: Mapping[str, ActsAs]
    guards: GuardSettings
    waivers: tuple[Mapping[str, Any], ...]
    addresses: tuple[str, ...]


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Everything that contradicts itself."""
    yield from _release_preview(declared)
    yield from _one_address_per_application(declared)
    for integration in declared.integrations:
        yield from _standby_is_not_the_owner(integration)
        yield from _token_role_is_not_repeated(integration)
        yield from _owner_is_not_protected(integration, declared.guards)
    guards = declared.guards
    yield from check_employees(
        declared.document, declared.employees, declared.integrations, declared.logins, guards.protected_employees
    )
    yield from _people_stand_once(declared)
    yield from _waivers_point_somewhere(declared)


def _release_preview(declared: Declared) -> Iterator[Diagnostic]:
    if declared.account and declared.integrations and is_release_preview(declared.account):
        yield problem(
            "release-preview",
            "Release Preview accounts cannot hold integrations of the Connector.",
            position=declared.document.at("netsuite", "account"),
            address="netsuite.account",
            hint="use a sandbox (_SB1)",
        )


def _one_address_per_application(declared: Declared) -> Iterator[Diagnostic]:
    first: dict[str, DesiredIntegration] = {}
    for integration in declared.integrations:
        earlier = first.setdefault(integration.application.casefold(), integration)
        if earlier is not integration:
            place = integration.at("application")
            line = line_of(earlier.at("application"), place)
            yield problem(
                "duplicate-application",
                f'"{integration.application}" is declared by {earlier.address} already, in {line}; its token can have '
                "only one owner.",
                position=place,
                address=f"{integration.address}.application",
                hint="keep one of the two integrations",
            )


def _standby_is_not_the_owner(integration: DesiredIntegration) -> Iterator[Diagnostic]:
    for index, who in enumerate(integration.standby):
        if same_person(who, integration.owner):
            yield problem(
                "standby-is-owner",
                f"{who} owns the token, and so holds its role anyway.",
                position=integration.at(f"standby.{index}"),
                address=f"{integration.address}.standby.{index}",
                hint="remove the entry",
            )


def _token_role_is_not_repeated(integration: DesiredIntegration) -> Iterator[Diagnostic]:
    for index, role in enumerate(integration.required_roles):
        if role.casefold() == integration.token_role.casefold():
            yield problem(
                "role-repeated",
                f'"{role}" is the token role, which the owner needs in any case.',
                position=integration.at(f"required_roles.{index}"),
                address=f"{integration.address}.required_roles.{index}",
                hint="remove the entry",
            )


def _owner_is_not_protected(integration: DesiredIntegration, guards: GuardSettings) -> Iterator[Diagnostic]:
    if any(same_person(who, integration.owner) for who in guards.protected_employees):
        yield problem(
            "owner-is-protected",
            f"{integration.owner} is protected by the guards, so no later change of owner can take the role back.",
            position=integration.at("owner"),
            address=f"{integration.address}.owner",
            hint="an emergency account should not own a token",
            severity=Severity.WARNING,
        )


def _people_stand_once(declared: Declared) -> Iterator[Diagnostic]:
    document = declared.document
    keys = ((("employees", item.key), item.person) for item in declared.employees)
    yield from _twice(document, keys)
    protected = enumerate(declared.guards.protected_employees)
    yield from _twice(document, ((("guards", "protected_employees", index), who) for index, who in protected))
    for item in declared.integrations:
        standby = enumerate(item.standby)
        yield from _twice(document, ((("integrations", item.key, "standby", index), who) for index, who in standby))


def _twice(document: Document, people: Iterable[tuple[tuple[str | int, ...], PersonRef]]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], tuple[tuple[str | int, ...], PersonRef]] = {}
    for path, who in people:
        earlier_path, earlier = first.setdefault(identity(who), (path, who))
        # The very same text is what the schema and the strict reading of keys report.
        if earlier.value != who.value:
            position = document.at_key(*path)
            line = line_of(document.at_key(*earlier_path), position)
            yield problem(
                "duplicate-person",
                f"{who} is {earlier} of {line}, in another case.",
                position=position,
                address=address_of(path),
                hint="keep one of them",
            )


# What a review finds in the account need not stand in the file.
_ACCOUNT = "account"
_FOUND = ("applications.", "employees.", "guards.", "netsuite.")


def points_somewhere(address: str, declared: Sequence[str]) -> bool:
    """Whether a waiver for this address can mean anything.

    Args:
        address: what the waiver names.
        declared: the addresses of all integrations and employees of the file.
    """
    if address == _ACCOUNT or address.startswith(_FOUND):
        return True
    return any(address == known or address.startswith(f"{known}.") for known in declared)


def _waivers_point_somewhere(declared: Declared) -> Iterator[Diagnostic]:
    for index, waiver in enumerate(declared.waivers):
        address = waiver["address"]
        if not points_somewhere(address, declared.addresses):
            yield problem(
                "unknown-address",
                f'This file declares nothing at the address "{address}".',
                position=declared.document.at("waivers", index, "address"),
                address=f"waivers.{index}.address",
                hint=did_you_mean(address, declared.addresses)
                or "write integrations.KEY, or the address that the finding carries",
            )


def addresses_of(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses of all integrations and employees that a file declares."""
    sections = ("integrations", "employees")
    return tuple(
        f"{section}.{quoted(key)}"
        for section in sections
        if isinstance(value.get(section), dict)
        for key in value[section]
    )
