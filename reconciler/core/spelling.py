"""Which word was probably meant, and how to say so."""

from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Final

# More names than this are no help to anybody.
MANY: Final = 10


def nearest(word: str, words: Sequence[str]) -> str | None:
    """The one of these words that was probably meant; upper and lower case do not count."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(words)}
    found = get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, words: Sequence[str]) -> str | None:
    """A hint that names the nearest of these words, else several of them; None where there is none."""
    if not words:
        return None
    meant = nearest(word, words)
    return meaning(meant) if meant else f"known here: {listed(word, words)}"


def meaning(word: str) -> str:
    """The hint that names the word that was probably meant."""
    return f'did you mean "{word}"?'


def listed(word: str, words: Sequence[str]) -> str:
    """The words that are nearest to this one, those first, and how many others there are."""
    matcher = SequenceMatcher(b=word.casefold())

    def distance(candidate: str) -> tuple[float, str]:
        matcher.set_seq1(candidate.casefold())
        return -matcher.ratio(), candidate

    names = ", ".join(sorted(words, key=distance)[:MANY])
    return names if len(words) <= MANY else f"{names} and {len(words) - MANY} more"
