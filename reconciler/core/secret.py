"""A value that must never be shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Prints as `Secret(***)`, is not JSON, and leaves only through `reveal`."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def prefixed(self, text: str) -> "Secret":
        """The same behind a word that is no secret, as headers want it."""
        return Secret(text + self._value)
