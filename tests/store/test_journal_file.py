"""The journal loses nothing, and tells what was done to it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.config.schema_files import schema_text
from reconciler.core.ending import Ending
from reconciler.core.errors import KeepingError
from reconciler.core.history import NO_END, NO_RESULT, history
from reconciler.core.journal import Run, about_to, begun, came_of, chained, ended, entry_of, line_of
from reconciler.core.outcome import Outcome, StepResult
from reconciler.core.plan_building import build_plan
from reconciler.store.folder import Folder
from reconciler.store.journal_file import MOST_IN_ONE_FILE, JournalWriter, read_journal
from reconciler.store.objects import Objects
from tests.store.test_lock import Losing
from tests.support.builders import a_desired_state, a_live_state

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RUN = Run("r1", "production", "1234567", False, "ann", "https://ci.example.com/7", "8e70124", "sha256:" + "1" * 64, {})
STEP = build_plan(a_desired_state(), a_live_state()).steps[0]


def an_apply(writer: JournalWriter, run: Run = RUN) -> None:
    writer.append(begun(run, AT))
    writer.append(about_to(run, STEP, AT))
    writer.append(came_of(run, StepResult(STEP, Outcome.DONE), AT))
    writer.append(ended(run, Ending.WAITING, "", AT))


def test_what_was_done_is_told(objects: Objects) -> None:
    an_apply(JournalWriter(objects, "production"))
    entries, damage = read_journal(objects, "production")
    (made,) = history("production", entries, damage).applies

    assert damage == ()
    assert (made.run, made.ending, made.begun) == (RUN, "waiting", AT)
    assert [(step.summary, step.outcome) for step in made.steps] == [(STEP.summary, "done")]


def test_applies_follow_one_another_in_one_chain(objects: Objects) -> None:
    for number in range(3):
        an_apply(JournalWriter(objects, "production"), replace(RUN, id=f"r{number}"))
    entries, damage = read_journal(objects, "production")

    assert damage == ()
    assert [entry.number for entry in entries] == list(range(1, 13))
    assert [made.run.id for made in history("production", entries, damage).applies] == ["r0", "r1", "r2"]


def test_a_long_apply_goes_on_in_another_file(objects: Objects) -> None:
    writer = JournalWriter(objects, "production")
    for _ in range(MOST_IN_ONE_FILE + 1):
        writer.append(about_to(RUN, STEP, AT))
    entries, damage = read_journal(objects, "production")

    assert (len(entries), damage) == (MOST_IN_ONE_FILE + 1, ())
    assert len(objects.keys("journal/production/")) == 2


def test_an_apply_that_was_killed_says_so(objects: Objects) -> None:
    writer = JournalWriter(objects, "production")
    writer.append(begun(RUN, AT))
    writer.append(about_to(RUN, STEP, AT))
    (made,) = history("production", *read_journal(objects, "production")).applies

    assert (made.ended, made.ending) == (None, NO_END)
    assert [(step.outcome, step.message) for step in made.steps] == [("unknown", NO_RESULT)]


def test_environments_have_journals_of_their_own(objects: Objects) -> None:
    an_apply(JournalWriter(objects, "production"))

    assert read_journal(objects, "sandbox") == ((), ())


def test_a_lost_answer_writes_nothing_twice(objects: Objects) -> None:
    an_apply(JournalWriter(Losing(objects, lose=True), "production"))
    entries, damage = read_journal(objects, "production")

    assert (len(entries), damage) == (4, ())


def test_two_writers_are_noticed(objects: Objects) -> None:
    first, second = JournalWriter(objects, "production"), JournalWriter(objects, "production")
    an_apply(first)

    with pytest.raises(KeepingError, match="somebody else"):
        an_apply(second, replace(RUN, id="r2"))


def test_every_line_is_as_its_schema_says(objects: Objects) -> None:
    an_apply(JournalWriter(objects, "production"), replace(RUN, id="0123456789ab"))
    content = json.loads(schema_text("journal"))
    schema = Draft202012Validator(content)
    lines = objects.read("journal/production/000000001.jsonl").content.splitlines()  # type: ignore[union-attr]  # written

    assert len(lines) == 4
    for line in lines:
        schema.validate(json.loads(line))
        assert set(json.loads(line)) == set(content["properties"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    an_apply(JournalWriter(Folder(tmp_path), "production"))
    return tmp_path / "journal" / "production" / "000000001.jsonl"


def damage_of(file: Path) -> list[tuple[int, str]]:
    entries, damage = read_journal(Folder(file.parents[2]), "production")
    assert entries
    return [(one.line, one.problem) for one in damage]


DAMAGE: dict[str, tuple[Callable[[list[str]], list[str]], list[tuple[int, str]]]] = {
    "cut short": (lambda lines: [*lines[:3], lines[3][:50]], [(4, "it is not JSON; it may be cut short")]),
    "changed": (
        lambda lines: [lines[0].replace("ann", "eve"), *lines[1:]],
        [
            (1, "it is not what was written: its checksum does not fit"),
            (2, "it is entry 2 and does not follow the beginning"),
        ],
    ),
    "taken out": (
        lambda lines: [lines[0], *lines[2:]],
        [(2, "it is entry 3 and does not follow entry 1")],
    ),
    "something else": (lambda lines: [*lines, '{"hash": 1}', "[]", "null"], [(5, "it is not what was written: its")]),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_line_is_reported_and_hides_no_other(file: Path, what: str) -> None:
    change, expected = DAMAGE[what]
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    found = damage_of(file)

    for (line, problem), (expected_line, beginning) in zip(found, expected, strict=False):
        assert line == expected_line
        assert problem.startswith(beginning)
    assert len(found) >= len(expected)


def test_after_damage_the_journal_goes_on(file: Path) -> None:
    file.write_text("\n".join([*file.read_text().splitlines()[:3], '{"cut']))
    folder = Folder(file.parents[2])
    an_apply(JournalWriter(folder, "production"), replace(RUN, id="r2"))
    entries, damage = read_journal(folder, "production")

    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert [(one.line, one.problem) for one in damage] == [(4, "it is not JSON; it may be cut short")]


def test_after_a_file_that_cannot_be_read_at_all_the_journal_goes_on_in_another(file: Path) -> None:
    file.write_text("nothing of it is left")
    folder = Folder(file.parents[2])
    an_apply(JournalWriter(folder, "production"))
    entries, damage = read_journal(folder, "production")

    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert [one.line for one in damage] == [1]
    assert file.read_text() == "nothing of it is left"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_no_byte_can_be_changed_unnoticed(file: Path, data: st.DataObject) -> None:
    content = file.read_bytes()
    place = data.draw(st.integers(0, len(content) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    try:
        file.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
        _, damage = read_journal(Folder(file.parents[2]), "production")
        assert damage
    finally:
        file.write_bytes(content)


@given(st.text(), st.text(), st.none() | st.text(), st.dictionaries(st.text(), st.text()), st.integers(0, 10**9))
def test_an_entry_survives_its_line(
    who: str, message: str, commit: str | None, overrides: dict[str, str], seconds: int
) -> None:
    run = replace(RUN, who=who, commit=commit, overrides=overrides)
    entry = chained(ended(run, Ending.DONE, message, AT + timedelta(seconds=seconds)), None)

    assert entry_of(line_of(entry)) == entry
    assert "\n" not in line_of(entry)
