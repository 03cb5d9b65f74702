"""The `q` language of record collections, compiled to SQL: `email IS "a@example.com" AND isInactive IS false`.

Operators, their field types and their numbers of values are those of
https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html.
"""

import re
from dataclasses import dataclass
from typing import Final

from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Value
from reconciler.emulator.employee_fields import BY_NAME, Field, is_kept_elsewhere
from reconciler.emulator.filter_operators import ConditionError, Setting, condition_sql, setting
from reconciler.emulator.record_requests import bad_parameter
from reconciler.emulator.wire import RefusedError, not_served

PREAMBLE: Final = "Invalid search query. "
# NetSuite says no more than this of a query out of form (two public clients have it from live answers).
OUT_OF_FORM: Final = PREAMBLE + "Provide a valid search query."
MOST_CONDITIONS: Final = 200
DEEPEST: Final = 20
# A text in double quotes, a bracket or comma, or a bare word; single quotes are no quotes to NetSuite.
_TOKEN: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|([()\[\],])|([^\s()\[\],"']+))""")


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over the table `employees e`, and the values its marks stand for."""

    sql: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a filter; in quotation marks it is never a keyword."""

    text: str
    quoted: bool

    def is_word(self, word: str) -> bool:
        return not self.quoted and self.text.upper() == word


def compiled(world: World, caller: Caller, text: str) -> Condition:
    """What the caller's q asks for; without one, everything. RefusedError says why it cannot be answered."""
    if not text.strip():
        return Condition("1")
    reader = _Reader(_words(text), setting(world, caller))
    condition = reader.either(0)
    if reader.words:
        raise out_of_form(f"nothing is expected at {reader.words[0].text!r}")
    return condition


def out_of_form(reason: str) -> RefusedError:
    return bad_parameter("q", OUT_OF_FORM, reason)


def _words(text: str) -> list[_Word]:
    words = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise out_of_form("a quotation mark is not closed, or is a single one; NetSuite takes double ones only")
        quoted, mark, bare = match.groups()
        words.append(_Word(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else mark or bare, quoted is not None))
        position = match.end()
    return words


class _Reader:
    """Reads conditions from left to right; AND binds tighter than OR."""

    def __init__(self, words: list[_Word], settings: Setting) -> None:
        self.words = words
        self._settings = settings
        self._conditions = 0

    def either(self, depth: int) -> Condition:
        found = [self._all(depth)]
        while self._takes("OR"):
            found.append(self._all(depth))
        return _joined(found, " OR ")

    def _all(self, depth: int) -> Condition:
        found = [self._condition(depth)]
        while self._takes("AND"):
            found.append(self._condition(depth))
        return _joined(found, " AND ")

    def _condition(self, depth: int) -> Condition:
        if self._takes("("):
            if depth == DEEPEST:
                raise out_of_form(f"the emulator reads brackets {DEEPEST} deep")
            inner = self.either(depth + 1)
            self._needs(")")
            return inner
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise out_of_form(f"the emulator reads {MOST_CONDITIONS} conditions")
        field, operator = self._field(), self._word("an operator").text.upper()
        try:
            return Condition(*condition_sql(field, operator, self._values(operator), self._settings))
        except ConditionError as error:
            raise (
                bad_parameter("q", PREAMBLE + error.detail, str(error)) if error.detail else out_of_form(str(error))
            ) from error

    def _field(self) -> Field:
        word = self._word("a field")
        field = BY_NAME.get(word.text.lower())
        if is_kept_elsewhere(word.text):
            raise not_served(f"the field {word.text} of employee", ("o:errorQueryParam", "q"))
        if word.quoted or field is None or not field.filterable:
            raise bad_parameter("q", f"Unknown field name '{word.text}' in the search query.")
        return field

    def _values(self, operator: str) -> tuple[str, ...]:
        if operator.removesuffix("_NOT") == "EMPTY":
            return ()
        if not self._takes("["):
            return (self._word("a value").text,)
        found = [self._word("a value").text]
        while self._takes(","):
            found.append(self._word("a value").text)
        self._needs("]")
        return tuple(found)

    def _takes(self, mark: str) -> bool:
        if self.words and self.words[0].is_word(mark):
            self.words.pop(0)
            return True
        return False

    def _needs(self, mark: str) -> None:
        if not self._takes(mark):
            raise out_of_form(f"{mark!r} is missing")

    def _word(self, what: str) -> _Word:
        if not self.words or (not self.words[0].quoted and self.words[0].text in "()[],"):
            raise out_of_form(f"{what} is missing; a condition is a field, an operator and its values")
        return self.words.pop(0)


def _joined(found: list[Condition], word: str) -> Condition:
    if len(found) == 1:
        return found[0]
    sql = "(" + word.join(condition.sql for condition in found) + ")"
    return Condition(sql, tuple(value for condition in found for value in condition.values))
