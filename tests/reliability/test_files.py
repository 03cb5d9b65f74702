"""Whatever stands in a file: no traceback, a published exit code, and nothing done that nobody approved."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.cli.exit_codes import ExitCode
from tests.reliability.applying import PUBLISHED, Everything, everything
from tests.reliability.files import EMPLOYEES, LAST_WORD, a_file, connector, hub
from tests.reliability.mutations import BODIES, HOSTILE, VALUES, Mutation, in_any_bytes, mutated, mutations, numbers
from tests.support.in_process import Said, in_process

USUALLY, TIMES_QUICK = 100, 5
"""How many of each, and how many times that of those that need no account."""
EXAMPLES = int(os.environ.get("MUTATED_FILES", str(USUALLY)))
TOWN = Path(__file__).with_name("town.yaml")
usual = settings(max_examples=EXAMPLES, derandomize=False, suppress_health_check=list(HealthCheck))
quick = settings(usual, max_examples=TIMES_QUICK * EXAMPLES)

# Beyond JSON: what YAML alone can say.
SCRAPS = (
    b"&a [*a]",
    b"!!python/object:os.system {}",
    b"<<: *x",
    b"? {a: b}\n: c",
    b"- " * 3000,
    b"---\n...\n---\n",
    b"%TAG ! x\n",
    b"\t",
    b"\x85",
    b"\xe2\x80\xae",
    b"\xff",
    b'"\\x1b[31m"',
    b"key: |+9\n",
    b"env:HOME",
    b"file:/etc/passwd",
    b"a: a: a",
    *BODIES,
)
in_yaml = st.one_of(
    in_any_bytes,
    st.builds(Mutation, st.just("insert"), numbers, st.sampled_from(SCRAPS)),
    st.builds(Mutation, st.just("insert"), numbers, st.binary(max_size=8)),
)
in_values = st.one_of(
    st.builds(Mutation, st.just("replace"), numbers, st.sampled_from([*VALUES, "Administrator", "ann@example.com"])),
    st.builds(Mutation, st.sampled_from(["drop", "as text", "wrap", "double", "rename"]), numbers),
)
DECLARED: dict[str, Any] = dict(
    a_file({**connector("dana.ortiz@example.com"), **hub("tom.becker@example.com")}, EMPLOYEES[1])
)
WHOLE = yaml.safe_dump(DECLARED | {"store": ".reconciler", "review": {"token_age": "365d", "unused": "90d"}})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with in_process(tmp_path_factory.mktemp("files"), TOWN) as account, everything(account) as made:
        yield made


def written(town: Everything, content: bytes, name: str = "fuzzed") -> None:
    (town.account.folder / "environments" / f"{name}.yaml").write_bytes(content)


def begin(town: Everything) -> None:
    town.begin()
    for file in (town.account.folder / "environments").iterdir():
        file.unlink()
    town.account.write("north", LAST_WORD["north"])


def require_calm(said: Said, codes: frozenset[ExitCode] | set[ExitCode] = PUBLISHED) -> None:
    assert said.code in codes, said
    assert "Traceback" not in said.out + said.err
    # Nothing that a file says moves the cursor of a terminal or begins a command of a pipeline.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said.out + said.err), said
    assert not re.search("^::", said.out + said.err, re.MULTILINE), said


@quick
@given(one=in_yaml, other=in_yaml)
def test_bytes_of_a_file(town: Everything, one: Mutation, other: Mutation) -> None:
    begin(town)
    written(town, other.in_bytes(one.in_bytes(WHOLE.encode())))
    said = town.account.run("validate", "fuzzed")

    require_calm(said, {ExitCode.OK, ExitCode.INVALID})


@quick
@given(one=in_values, other=in_values)
def test_structure_of_a_file(town: Everything, one: Mutation, other: Mutation) -> None:
    begin(town)
    document = other.apply(one.apply(yaml.safe_load(WHOLE)))
    written(town, json.dumps(document).encode())
    said = town.account.run("validate", "fuzzed")

    require_calm(said, {ExitCode.OK, ExitCode.INVALID})


@usual
@given(one=in_values, other=st.none() | in_values)
def test_what_a_garbled_file_declares_takes_no_working_token_away(
    town: Everything, one: Mutation, other: Mutation | None
) -> None:
    """The guards and logins of the file stay as they are, so that whatever is written can be judged."""
    begin(town)
    wanted = deepcopy({"integrations": DECLARED["integrations"], "employees": DECLARED["employees"]})
    for mutation in filter(None, (one, other)):
        mutation.apply(wanted)
    written(town, json.dumps({**DECLARED, **wanted}).encode())
    said, _ = town.command("fuzzed", "plan", "fuzzed")
    require_calm(said)
    said, _ = town.command("fuzzed", "apply", "fuzzed", "--auto-approve")

    require_calm(said)


APPROVED = ("environment", "account", "emulator", "digest", "observed")


@usual
@given(mutation=mutations)
def test_a_garbled_plan_approves_nothing_else(town: Everything, mutation: Mutation) -> None:
    begin(town)
    town.command("north", "plan", "north", "--output", "json=plan.json")
    file = town.account.folder / "plan.json"
    true = json.loads(file.read_bytes())
    content = mutated(file.read_bytes(), mutation)
    file.write_bytes(content)
    require_calm(town.account.run("show", "plan.json"))
    said, frame = town.command("north", "apply", "plan.json")

    require_calm(said)
    if frame.written:
        told = json.loads(content)
        assert {key: told[key] for key in APPROVED} == {key: true[key] for key in APPROVED}


@pytest.fixture(scope="module")
def journal(town: Everything) -> bytes:
    """What an apply leaves behind."""
    begin(town)
    town.command("north", "apply", "north", "--auto-approve")
    (file,) = (town.account.folder / ".reconciler" / "journal" / "north").iterdir()
    return file.read_bytes()


def kept(town: Everything, name: str, content: bytes) -> None:
    file = town.account.folder / ".reconciler" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)


def told(town: Everything) -> Mapping[str, Any]:
    said = town.account.run("history", "north", "--output", "json")
    require_calm(said)
    found = json.loads(said.out)
    assert isinstance(found, Mapping)
    return found


in_journals = st.one_of(
    mutations,
    st.builds(
        Mutation, st.just("insert"), numbers, st.sampled_from([text.encode("utf-8", "replace") for text in HOSTILE])
    ),
)


@usual
@given(mutation=in_journals, line=st.integers(0, 20))
def test_a_garbled_journal_is_reported_and_goes_on(
    town: Everything, journal: bytes, mutation: Mutation, line: int
) -> None:
    begin(town)
    lines = journal.splitlines()
    place = line % len(lines)
    garbled = mutated(lines[place], mutation)
    content = b"\n".join([*lines[:place], garbled, *lines[place + 1 :]]) + b"\n"
    kept(town, "journal/north/000000001.jsonl", content)
    town.journal_is_damaged = True
    found = told(town)

    is_the_same = garbled == lines[place] or (
        # As text, for to Python 0 is False.
        not mutation.is_of_bytes
        and json.dumps(json.loads(garbled), sort_keys=True) == json.dumps(json.loads(lines[place]), sort_keys=True)
    )
    is_a_shorter_journal = not garbled.strip() and place == len(lines) - 1
    assert bool(found["damage"]) is not (is_the_same or is_a_shorter_journal)
    said, _ = town.command("north", "apply", "north", "--auto-approve")
    require_calm(said, {ExitCode.OK})


@usual
@given(mutation=mutations)
def test_a_garbled_lock_is_somebodys_or_nobodys(town: Everything, mutation: Mutation) -> None:
    begin(town)
    held = {
        "id": "0123456789ab",
        "environment": "north",
        "operation": "apply",
        "who": "somebody",
        "where": "elsewhere",
        "since": "2026-11-22T12:00:00+00:00",
        "expires": "9999-01-01T00:00:00+00:00",
        "mark": "",
    }
    kept(town, "locks/north.json", mutated(json.dumps(held).encode(), mutation))
    said, _ = town.command("north", "apply", "north", "--auto-approve")
    require_calm(said, {ExitCode.OK, ExitCode.LOCKED})
    require_calm(town.account.run("unlock", "north", "0123456789ab"))
