"""Everything the emulator does that somebody could doubt, and the switches for what is not certain about NetSuite."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciler.emulator.behaviours.access import ACCESS
from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.certificates import CERTIFICATES
from reconciler.emulator.behaviours.interface import INTERFACE
from reconciler.emulator.behaviours.life import LIFE
from reconciler.emulator.behaviours.limits import LIMITS
from reconciler.emulator.behaviours.login import LOGIN
from reconciler.emulator.behaviours.notes import NOTES
from reconciler.emulator.behaviours.oauth2 import OAUTH2
from reconciler.emulator.behaviours.pages import PAGES
from reconciler.emulator.behaviours.program import PROGRAM
from reconciler.emulator.behaviours.records import RECORDS
from reconciler.emulator.behaviours.suiteql import SUITEQL
from reconciler.emulator.behaviours.tables import TABLES
from reconciler.emulator.behaviours.trail import TRAIL

__all__ = ["AREAS", "BEHAVIOURS", "SWITCHES", "Behaviour", "Known", "Switches", "UnknownBehaviourError"]

AREAS: Final[Mapping[str, tuple[Behaviour, ...]]] = MappingProxyType(
    {
        "Login with a token": LOGIN,
        "OAuth 2.0": OAUTH2,
        "Certificates": CERTIFICATES,
        "Login audit trail": TRAIL,
        "SuiteQL": SUITEQL,
        "Tables": TABLES,
        "System notes and access history": NOTES,
        "Records and errors": RECORDS,
        "Administrators, roles and access": ACCESS,
        "Life of tokens": LIFE,
        "User interface and NetSuite Connector": INTERFACE,
        "Pages": PAGES,
        "Limits": LIMITS,
        "The emulator itself": PROGRAM,
    }
)
BEHAVIOURS: Final[tuple[Behaviour, ...]] = tuple(each for area in AREAS.values() for each in area)
SWITCHES: Final[Mapping[str, Behaviour]] = MappingProxyType({each.name: each for each in BEHAVIOURS if each.values})
FIXED: Final = frozenset(each.name for each in BEHAVIOURS if not each.values)


class UnknownBehaviourError(ValueError):
    """No such switch, or no such position of it; the message says which there are."""


class Switches:
    """The position of every switch of one server."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    def value(self, name: str) -> str:
        return self._chosen.get(name, SWITCHES[name].default)

    def number(self, name: str) -> int:
        return int(self.value(name))

    def choose(self, name: str, value: str) -> None:
        behaviour = SWITCHES.get(name)
        if behaviour is None:
            raise UnknownBehaviourError(f"There is no behaviour {name!r}. There are: {', '.join(sorted(SWITCHES))}.")
        if not behaviour.accepts(value):
            raise UnknownBehaviourError(
                f"Behaviour {name!r} cannot be {value!r}. It can be: {', '.join(behaviour.values)}."
            )
        self._chosen[name] = value

    def choose_all(self, wanted: Mapping[str, str]) -> None:
        """Check all before moving one, so that a refused request has changed nothing.

        A fixed behaviour without a value is left out, so that what `listing` gave can be chosen again as a whole.
        """
        moved = {name: value for name, value in wanted.items() if value or name not in FIXED}
        trial = Switches()
        for name, value in moved.items():
            trial.choose(name, value)
        self._chosen.update(moved)

    def chosen(self) -> dict[str, str]:
        return dict(self._chosen)

    def restore(self, wanted: Mapping[str, str]) -> None:
        """Put exactly these, all others back to their defaults; nothing moves if one of them is refused."""
        trial = Switches()
        trial.choose_all(wanted)
        self._chosen = trial.chosen()

    def listing(self) -> list[dict[str, object]]:
        """Every behaviour as JSON, with what is chosen; `source` is `sources` as one text."""
        return [
            {
                "name": behaviour.name,
                "area": area,
                "value": self._chosen.get(behaviour.name, behaviour.default),
                "default": behaviour.default,
                "values": list(behaviour.values),
                "known": behaviour.known.value,
                "sources": list(behaviour.sources),
                "source": "; ".join(behaviour.sources),
                "text": behaviour.text,
            }
            for area, behaviours in AREAS.items()
            for behaviour in behaviours
        ]
