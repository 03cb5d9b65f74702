"""Everything the emulator does that somebody could doubt, and the switches for what is not certain about NetSuite."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.interface import INTERFACE
from reconciler.emulator.behaviours.limits import LIMITS
from reconciler.emulator.behaviours.login import LOGIN
from reconciler.emulator.behaviours.oauth2 import OAUTH2
from reconciler.emulator.behaviours.own import OWN
from reconciler.emulator.behaviours.records import RECORDS
from reconciler.emulator.behaviours.suiteql import SUITEQL
from reconciler.emulator.behaviours.trail import TRAIL

__all__ = ["BEHAVIOURS", "SWITCHES", "Behaviour", "Known", "Switches", "UnknownBehaviourError"]

BEHAVIOURS: Final[tuple[Behaviour, ...]] = (*LOGIN, *OAUTH2, *TRAIL, *SUITEQL, *RECORDS, *LIMITS, *INTERFACE, *OWN)
SWITCHES: Final[Mapping[str, Behaviour]] = MappingProxyType({each.name: each for each in BEHAVIOURS if each.values})


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
        """Check all before moving one, so that a refused request has changed nothing."""
        trial = Switches()
        for name, value in wanted.items():
            trial.choose(name, value)
        self._chosen.update(wanted)

    def chosen(self) -> dict[str, str]:
        return dict(self._chosen)

    def restore(self, wanted: Mapping[str, str]) -> None:
        """Put exactly these, all others back to their defaults; nothing moves if one of them is refused."""
        trial = Switches()
        trial.choose_all(wanted)
        self._chosen = trial.chosen()

    def listing(self) -> list[dict[str, object]]:
        return [
            {
                "name": behaviour.name,
                "value": self._chosen.get(behaviour.name, behaviour.default),
                "default": behaviour.default,
                "values": list(behaviour.values),
                "known": behaviour.known.value,
                "source": "; ".join(behaviour.sources),
                "text": behaviour.text,
            }
            for behaviour in BEHAVIOURS
        ]
