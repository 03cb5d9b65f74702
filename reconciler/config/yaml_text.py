"""What can be said about the text of a YAML file: characters that may not stand there, and syntax errors explained."""

import re
import unicodedata
from typing import Final

from reconciler.config.rules import problem
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.visible import FORBIDDEN

_MAX_SHOWN: Final = 20

# Escapes that name a surrogate or nothing at all; the pure parser refuses them without a place, or not at all.
_BEYOND_UNICODE = re.compile(r"\\u[dD][89a-fA-F]|\\U(?!000[0-9a-fA-F]|0010)|\\U0000[dD][89a-fA-F]")
_BROKEN_REFERENCE = re.compile(r":\s+(?:env|file)\Z")
# What may be a key and its value where the colon between them was forgotten.
_WORDS_ALONE = re.compile(r"( *)[A-Za-z_][\w .@-]*")
_DIRECTIVE = re.compile(r"(?:[ ]*(?:#[^\n]*)?\r?\n)*(?=%)")
_NAMES: Final = {"\t": "a tab", "\r": "a carriage return without a line feed", "\x00": "a NUL character"}

# PyYAML's own words (by how they begin), and ours.
_NO_COLON: Final = ('This line is not of the form "key: value".', 'write "key: value", with a space after the colon')
_MAY_LACK_A_COLON: Final = ("expected <block end>", "mapping values are not allowed")
_SYNTAX: Final = (
    (
        "mapping values are not allowed",
        'A ": " stands where no key can be.',
        'text that holds ": " needs quotes; or the line is indented too far',
    ),
    ("could not find expected ':'", *_NO_COLON),
    (
        "expected <block end>",
        "This does not line up with the lines above.",
        "give entries of one level the same indent",
    ),
    ("invalid indentation or unclosed", 'A "[" or "{" is not closed.', "close it, or put the text in quotes"),
    ("expected ',' or", 'A "[" or "{" is not closed, or a comma is missing.', "close it, or put the text in quotes"),
    ("sequence entries are not allowed", 'A "- " cannot stand here.', "begin the list on a line of its own"),
    ("mapping keys are not allowed", 'A "? " cannot stand here.', "put the text in quotes"),
    ("found unexpected end of stream", "The file ends inside a text in quotes.", "close the quotes"),
    ("found unexpected document separator", "A document ends inside a text in quotes.", "close the quotes"),
    ("found unknown escape", "The text in double quotes holds an unknown escape.", "use single quotes, or write \\\\"),
    (
        "expected escape sequence",
        "The text in double quotes holds a broken escape.",
        "use single quotes, or write \\\\",
    ),
    ("found character", "No plain text can begin with this character.", "put the text in quotes"),
    ("expected alphabetic or numeric", "The name after * or & is missing or broken.", "put the text in quotes"),
    ("expected the node content", "A value is missing here.", "put the text in quotes if it is one"),
    (
        "expected '<document start>'",
        "The text goes on where the document has ended.",
        "give it the indent of its level",
    ),
    ("found undefined tag handle", "Tags (!) are not read.", "text that begins with ! needs quotes"),
)


def name_of(character: str) -> str:
    """How a character that cannot be shown is called."""
    known = _NAMES.get(character)
    return known or f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def place_of(text: str, index: int, file: str) -> Position:
    """The place of a character that is counted from 0."""
    return Position(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def forbidden_characters(text: str, file: str) -> tuple[Diagnostic, ...]:
    """The first of the characters that may not stand in a file, in comments neither."""
    found: list[Diagnostic] = []
    for match in FORBIDDEN.finditer(text):
        hint = "use spaces; inside double quotes write \\t" if match.group() == "\t" else "delete it"
        detail = f"Here stands {name_of(match.group())}."
        position = place_of(text, match.start(), file)
        found.append(problem("forbidden-character", detail, position=position, hint=hint))
        if len(found) == _MAX_SHOWN:
            break
    return tuple(found)


def directive(text: str, file: str) -> tuple[Diagnostic, ...]:
    """The directive that a file begins with, if it does; the parsers do not agree which of them they know."""
    match = _DIRECTIVE.match(text)
    if match is None:
        return ()
    hint = "leave it out; text that begins with % needs quotes"
    position = place_of(text, match.end(), file)
    return (problem("directive", "Directives (%) are not read.", position=position, hint=hint),)


def not_utf8(data: bytes, error: UnicodeDecodeError, file: str) -> Diagnostic:
    """What is wrong with bytes that are not UTF-8."""
    hint = "save the file as UTF-8"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return problem("encoding", "The file is UTF-16.", position=Position(file, 1, 1), hint=hint)
    # A byte order mark at the start is not counted by the error.
    mark = len(data) - len(error.object)
    start = error.start + mark
    before = data[mark:start].decode(errors="replace")
    detail = f"The byte 0x{data[start]:02X} is not UTF-8 here."
    return problem("encoding", detail, position=place_of(before, len(before), file), hint=hint)


def explain_syntax(text: str, file: str, error: Exception) -> Diagnostic:
    """A syntax error in our words; none of the file's text is repeated, for it may be a secret."""
    words = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if "a quoted scalar" in str(getattr(error, "context", None)):
        # The end of the file says nothing; where the quotes open does.
        mark = getattr(error, "context_mark", None) or mark
    elif words.startswith("could not find expected ':'"):
        # Where the line begins that lacks a colon, not the line after it.
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        found = _BEYOND_UNICODE.search(text)
        detail = "An escape in double quotes is no character."
        position = place_of(text, found.start() if found else 0, file)
        return problem("yaml-syntax", detail, position=position, hint="use single quotes, or write \\\\")
    line = _without_colon(text.split("\n"), mark.line) if words.startswith(_MAY_LACK_A_COLON) else None
    if line is not None:
        number, column = line
        detail, hint = _NO_COLON
        return problem("yaml-syntax", detail, position=Position(file, number, column), hint=hint)
    detail, hint = next(
        ((ours, hint) for theirs, ours, hint in _SYNTAX if words.startswith(theirs)),
        ("The text cannot be read as YAML from here.", "put text with special characters in quotes"),
    )
    if _BROKEN_REFERENCE.search(text.split("\n")[mark.line][: mark.column]) and "needs quotes" in hint:
        hint = "a reference has no blank after its colon: env:NAME or file:PATH"
    position = Position(file, mark.line + 1, mark.column + 1)
    return problem("yaml-syntax", detail, position=position, hint=hint)


def _without_colon(lines: list[str], at: int) -> tuple[int, int] | None:
    """Line and column of the line above a syntax error, of the same indent, that lacks a colon: that one is wrong."""
    indent = len(lines[at]) - len(lines[at].lstrip(" "))
    for number in range(at - 1, -1, -1):
        words = lines[number].partition(" #")[0].rstrip()
        if words and not words.lstrip().startswith("#"):
            found = _WORDS_ALONE.fullmatch(words)
            return (number + 1, indent + 1) if found and len(found[1]) == indent else None
    return None
