"""Colour for a terminal: it repeats what a word or a sign of the line says already, and a text without it is the same.

Lines are told apart by how they begin. No name can begin one, for names stand behind something of ours, and have been
made visible; so the worst that a name can do is to be coloured.
"""

import re
from typing import Final

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _MAGENTA, _CYAN = "1", "2", "31", "32", "33", "35", "36"
# What a line looks like, and the colour of the part of it that is in parentheses.
_LINES: Final = tuple(
    (re.compile(pattern), colour)
    for pattern, colour in (
        (r"(Error\b[^:]*:) .*", f"{_BOLD};{_RED}"),
        (r"(Warning\b[^:]*:) .*", f"{_BOLD};{_YELLOW}"),
        (r"(Note\b[^:]*:) .*", f"{_BOLD};{_CYAN}"),
        (r"(\+) .*", _GREEN),
        (r"(-) .*", _RED),
        (r"(~) .*", _YELLOW),
        (r"(±) .*", _MAGENTA),
        (r"(Steps|Applied|Tried)", _BOLD),
        (r"(EMULATOR, not NetSuite)  .*", f"{_BOLD};{_YELLOW}"),
        (r"(Plan:|No changes\.|Nothing is left to do\.|Waiting\b[^:]*:|Partly applied:|Failed:|Refused:).*", _BOLD),
        (r"( +\d+  .*  done)", _DIM),
        (r" +\d+  .*  (ready)", f"{_BOLD};{_GREEN}"),
        (r" +\d+  .*  (waiting)", _YELLOW),
        (r" +\d+  .*  (not yet\b.*)", _DIM),
        # Where a line has no room for it, it stands below.
        (r" {5,}(ready)", f"{_BOLD};{_GREEN}"),
        (r" {5,}(waiting)", _YELLOW),
        (r" {5,}(done|not yet(?:: waits for [\d, ]+)?)", _DIM),
        (r"  (done) {10}.*", _GREEN),
        (r"  (failed|unknown) {5,}.*", f"{_BOLD};{_RED}"),
        (r"  (skipped) {7}.*", _YELLOW),
        (r"  (hint:) .*", _CYAN),
    )
)


def coloured(text: str) -> str:
    """The text with the colours that ANSI terminals know; without them it is the text as it was."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    for pattern, colour in _LINES:
        if found := pattern.fullmatch(line):
            start, end = found.span(1)
            return f"{line[:start]}\x1b[{colour}m{line[start:end]}\x1b[0m{line[end:]}"
    return line
