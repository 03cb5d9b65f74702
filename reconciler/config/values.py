"""Turns plain values that passed the schema into the types of the core."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from reconciler.config.rules import address_of, problem
from reconciler.config.yaml_document import Document
from reconciler.core.desired import (
    ActsAs,
    DesiredEmployee,
    DesiredIntegration,
    FreezeWindow,
    GuardSettings,
    PersonKey,
    PersonRef,
    PreviousOwner,
    ReviewSettings,
    Waiver,
)
from reconciler.core.diagnostics import Diagnostic, Position

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_Moment = TypeVar("_Moment", date, datetime)


def person(value: Any) -> PersonRef:
    """From an e-mail address, `{external_id: …}` or `{entity_id: …}`."""
    if isinstance(value, str):
        return PersonRef(PersonKey.EMAIL, value)
    ((key, name),) = value.items()
    return PersonRef(PersonKey(key), name)


def person_of_key(key: str) -> PersonRef:
    """From a key of `employees`: an e-mail address, `external_id:…` or `entity_id:…`."""
    for kind in (PersonKey.EXTERNAL_ID, PersonKey.ENTITY_ID):
        if key.startswith(f"{kind}:"):
            return PersonRef(kind, key.removeprefix(f"{kind}:"))
    return PersonRef(PersonKey.EMAIL, key)


def same_person(one: PersonRef, other: PersonRef) -> bool:
    """Whether two names certainly mean one person; e-mail addresses are compared without case."""
    return identity(one) == identity(other)


def identity(who: PersonRef) -> tuple[PersonKey, str]:
    """A person's name in the form in which names are compared."""
    return who.by, who.value.casefold() if who.by is PersonKey.EMAIL else who.value


def duration(text: str) -> timedelta:
    """From `30m`, `24h` or `7d`."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def acts_as(document: Document, login: str) -> ActsAs | None:
    """Who a login is declared to be: `login` or `apply_login`; None where the file does not say."""
    value = document.value["netsuite"].get(login, {}).get("acts_as")
    position = document.at_key("netsuite", login, "acts_as")
    return ActsAs(person(value["employee"]), value["role"], position) if value else None


class Reader:
    """Builds typed values out of one document, and keeps the problems that only show while doing so."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Diagnostic] = []

    def integration(self, key: str, value: dict[str, Any]) -> DesiredIntegration:
        """One entry of `integrations`; all required keys are there."""
        path = ("integrations", key)
        within = value.get("seen_within")
        not_before = value.get("token_not_before")
        return DesiredIntegration(
            key=key,
            application=value["application"],
            owner=person(value["owner"]),
            token_role=value["token_role"],
            required_roles=tuple(value.get("required_roles", ())),
            position=self._document.at_key(*path),
            previous_owner=PreviousOwner(value.get("previous_owner", "retire")),
            standby=tuple(person(item) for item in value.get("standby", ())),
            token_not_before=self.day((*path, "token_not_before"), not_before) if not_before else None,
            quiet_period=duration(value.get("quiet_period", "24h")),
            seen_within=duration(within) if within else None,
            positions=self._positions(path, value),
        )

    def employee(self, key: str, value: dict[str, Any]) -> DesiredEmployee:
        """One entry of `employees`."""
        path = ("employees", key)
        declared: dict[str, list[str]] = value.get("roles", {})
        kind, roles = next(iter(declared.items()), ("at_least", []))
        places = self._document.keys_at(*path)
        for index in range(len(roles)):
            places[f"roles.{index}"] = self._document.at(*path, "roles", kind, index)
        return DesiredEmployee(
            key=key,
            person=person_of_key(key),
            position=self._document.at_key(*path),
            active=value.get("active"),
            access=value.get("access"),
            roles=tuple(roles),
            exactly=kind == "exactly",
            positions=places,
        )

    def guards(self, value: dict[str, Any]) -> GuardSettings:
        default = GuardSettings()
        windows = (self._freeze(index, item) for index, item in enumerate(value.get("freeze", ())))
        return GuardSettings(
            max_removals=int(value.get("max_removals", default.max_removals)),
            min_administrators=int(value.get("min_administrators", default.min_administrators)),
            protected_employees=tuple(person(item) for item in value.get("protected_employees", ())),
            freeze=tuple(window for window in windows if window),
            positions=self._document.keys_at("guards"),
        )

    def review(self, value: dict[str, Any]) -> ReviewSettings:
        return ReviewSettings(**{name: duration(value[name]) for name in ("token_age", "unused") if name in value})

    def waivers(self, value: Iterable[dict[str, Any]]) -> tuple[Waiver, ...]:
        """Those whose day exists."""
        found = (self._waiver(index, item) for index, item in enumerate(value))
        return tuple(waiver for waiver in found if waiver)

    def _waiver(self, index: int, item: dict[str, Any]) -> Waiver | None:
        expires = self.day(("waivers", index, "expires"), item["expires"])
        if expires is None:
            return None
        position = self._document.at("waivers", index)
        return Waiver(item["finding"], item["address"], item["reason"], item["owner"], expires, position)

    def _freeze(self, index: int, item: dict[str, Any]) -> FreezeWindow | None:
        path = ("guards", "freeze", index)
        start = self._moment((*path, "from"), item["from"])
        end = self._moment((*path, "until"), item["until"])
        if start is None or end is None:
            return None
        if start >= end:
            detail = 'The freeze never holds: "until" is not later than "from".'
            position = self._document.at(*path, "until")
            address = address_of((*path, "until"))
            hint = "write a later end"
            self.problems.append(problem("freeze-order", detail, position=position, address=address, hint=hint))
        return FreezeWindow(start, end, item["reason"])

    def day(self, path: tuple[str | int, ...], text: str) -> date | None:
        """A day of the calendar; one that does not exist becomes a problem."""
        return self._parsed(path, text, date.fromisoformat)

    def _moment(self, path: tuple[str | int, ...], text: str) -> datetime | None:
        return self._parsed(path, text, datetime.fromisoformat)

    def _parsed(self, path: tuple[str | int, ...], text: str, parse: Callable[[str], _Moment]) -> _Moment | None:
        try:
            return parse(text)
        except ValueError:
            detail = f"There is no {text} in the calendar."
            position = self._document.at(*path)
            hint = "write a day and time that exist" if "T" in text else "write a day that exists"
            self.problems.append(problem("not-a-date", detail, position=position, address=address_of(path), hint=hint))
            return None

    def _positions(self, path: tuple[str, str], value: dict[str, Any]) -> dict[str, Position]:
        """The places of its keys, and of the entries of its lists."""
        places = self._document.keys_at(*path)
        for name, item in value.items():
            if isinstance(item, list):
                places |= {f"{name}.{index}": self._document.at(*path, name, index) for index in range(len(item))}
        return places
