"""What is said about the mistakes people make: one message each, and no advice that leads into the next error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.config.environment import read_environment
from reconciler.config.yaml_builder import MAX_PROBLEMS
from reconciler.core.diagnostics import Diagnostic, in_order

ROOT = Path(__file__).parent.parent.parent
TEXT = """\
netsuite:
  account: "1234567"
  endpoint: emulator
  apply_login:
    method: tba
    acts_as: {employee: svc.admin@example.com, role: Administrator}
integrations:
  connector:
    application: NetSuite Connector
    owner: dana.ortiz@example.com
    token_role: Connector
    quiet_period: 24h
    token_not_before: 2026-11-01
guards:
  freeze: [{from: 2026-12-20T00:00Z, until: 2027-01-04T00:00Z, reason: year end}]
"""
DURATION = "must be a duration: a whole number from 1 to 99999, then m (minutes), h (hours) or d (days)."
PERSON = "must be an e-mail address, external_id or entity_id"
SOMEBODY = "write, for example, dana.ortiz@example.com, {external_id: HR-1042} or {entity_id: Dana Ortiz}"
MOMENT = "must be a day and time with a zone: YYYY-MM-DDTHH:MM, then Z for UTC or a difference such as +01:00."
NUMBERS = "a number would be an internal id, which differs between accounts"


def said(folder: Path, old: str, new: str) -> tuple[Diagnostic, ...]:
    assert old in TEXT
    path = folder / "a.yaml"
    path.write_text(TEXT.replace(old, new, 1))
    return read_environment(path, folder).diagnostics


@pytest.mark.parametrize(
    ("old", "new", "detail", "hint"),
    [
        ("24h", "24", '"quiet_period" must be a duration, not a number.',
         "write its unit too: 24m (minutes), 24h (hours) or 24d (days)"),
        ("24h", '"7"', f'"quiet_period" {DURATION}', "write its unit too: 7m (minutes), 7h (hours) or 7d (days)"),
        ("24h", "0h", '"quiet_period" must be longer than zero.',
         "write the shortest time that will do, for example 1m"),
        ("24h", "0", '"quiet_period" must be a duration, not a number.',
         "write the shortest time that will do, for example 1m"),
        ("24h", "24 hours", f'"quiet_period" {DURATION}', "write 24h"),
        ("24h", "2 weeks", f'"quiet_period" {DURATION}', "write 14d"),
        ("24h", "999999m", f'"quiet_period" {DURATION}', "write, for example, 24h"),
        ("24h", "99999w", f'"quiet_period" {DURATION}', "write, for example, 24h"),
        ("24h", "1.5", '"quiet_period" must be a duration, not a number with a fraction.', "write, for example, 24h"),
        ("token_role: Connector", "token_role: 1047",
         '"token_role" must be the name or script id of a role, not a number.',
         f"{NUMBERS}: write the role's name or script id, for example customrole_order_sync"),
        ("owner: dana.ortiz@example.com", "owner: 17", f'"owner" {PERSON}, not a number.', SOMEBODY),
        ("owner: dana.ortiz@example.com", "owner: dana.ortiz", f'"owner" {PERSON}.', SOMEBODY),
        ("owner: dana.ortiz@example.com", "owner: {internal_id: 17}", '"internal_id" is not a key that is known here.',
         "internal ids differ between accounts: write external_id or entity_id"),
        ("owner: dana.ortiz@example.com", "owner: {external_id: 17}", '"external_id" must be text, not a number.',
         'put it in quotes: "17"'),
        ("owner: dana.ortiz@example.com", "owner:", f'"owner" {PERSON}, not empty.', "write a value"),
        ("token_role: Connector", "token_role: Connector\n    required_roles: [null]",
         'Entry 1 of "required_roles" must be the name or script id of a role, not empty.',
         "write a value, or remove the entry"),
        ("owner: dana.ortiz@example.com", "", '"connector" needs the key "owner".',
         "for example owner: dana.ortiz@example.com"),
        ("owner: dana.ortiz@example.com", "owner:dana.ortiz@example.com", 'This line is not of the form "key: value".',
         'write "key: value", with a space after the colon'),
        ('"1234567"', "1234567", '"account" must be text, not a number.', 'put it in quotes: "1234567"'),
        ('"1234567"', '""', "The account ID is empty.", 'write it as in "1234567" or "1234567_SB1"'),
        ('"1234567"', "A" * 41, '"account" must have at most 40 characters.', "write something shorter"),
        ("endpoint: emulator", "endpoint: 8080",
         '"endpoint" must be emulator, a loopback URL or the two hosts of the account, not a number.',
         "leave the key out for NetSuite itself, or write endpoint: emulator"),
        ("year end", '""', '"reason" must not be empty.', "write, for example, year end"),
        ("year end", '" "', '"reason" must not begin or end with white space.', "take the white space away"),
        ("year end", '"a\\nb"', '"reason" must be a single line.', "write it in one line"),
        ("year end", "2026", '"reason" must be text, not a number.', 'put it in quotes: "2026"'),
        ("until:", "to:", '"to" is not a key that is known here.', 'did you mean "until"?'),
        ("token_role:", "role:", '"role" is not a key that is known here.', 'did you mean "token_role"?'),
        ("freeze: [{from: 2026-12-20T00:00Z, until: 2027-01-04T00:00Z, reason: year end}]", "freeze: {reason: x}",
         '"freeze" must be a list, not a mapping.', 'begin each entry with "- "'),
        ("2026-12-20T00:00Z", "2026-12-20", f'"from" {MOMENT}',
         "write the time too: 2026-12-20T00:00Z is midnight in UTC"),
        ("2026-12-20T00:00Z", "2026-12-20T08:30", f'"from" {MOMENT}',
         "write the zone too: 2026-12-20T08:30Z is in UTC"),
        ("2026-12-20T00:00Z", "2026-12-20 00:00+01:00", f'"from" {MOMENT}', "write 2026-12-20T00:00+01:00"),
        ("2026-12-20T00:00Z", "20 Dec", f'"from" {MOMENT}', "write, for example, 2026-12-20T00:00Z"),
        ("2026-11-01", "20261101", '"token_not_before" must be a day, not a number.', "write, for example, 2026-11-01"),
        ("2026-11-01", "2026-13-40", "There is no 2026-13-40 in the calendar.", "write a day that exists"),
        ("method: tba", "method: OAuth1", '"method" must be tba or oauth2.', "did you mean tba?"),
        ("netsuite:", 'version: "1"\nnetsuite:', '"version" must be 1.', "write 1 without quotes"),
        ("guards:", "employees: {a@example.com: {roles: [Clerk]}}\nguards:",
         '"roles" must be a mapping of keys to values, not a list.',
         'write, for example, {"at_least": ["Administrator"]}'),
        ("    method: tba\n", "    method: tba\n    token_id: env: NETSUITE_A\n", 'A ": " stands where no key can be.',
         "a reference has no blank after its colon: env:NAME or file:PATH"),
        ("application: NetSuite Connector", "application NetSuite Connector",
         'This line is not of the form "key: value".', 'write "key: value", with a space after the colon'),
        ("application: NetSuite Connector", "application NetSuite Connector  # why\n\n    # more",
         'This line is not of the form "key: value".', 'write "key: value", with a space after the colon'),
        ("token_role: Connector", "token_role: Connector\n      more words\n     x: y",
         'A ": " stands where no key can be.',
         'text that holds ": " needs quotes; or the line is indented too far'),
        ("  endpoint: emulator", "    endpoint: emulator", "This does not line up with the lines above.",
         "give entries of one level the same indent"),
        ('account: "1234567"\n', "account: A\n    endpoint: emulator\n", 'A ": " stands where no key can be.',
         'text that holds ": " needs quotes; or the line is indented too far'),
    ],
)  # fmt: skip
def test_a_mistake_is_explained_once(tmp_path: Path, old: str, new: str, detail: str, hint: str) -> None:
    found = said(tmp_path, old, new)

    assert [(item.detail, item.hint) for item in found] == [(detail, hint)]


@pytest.mark.parametrize("text", ["24 hours", "7D", "2w", "007d", "90 Minutes"])
def test_the_duration_that_is_advised_is_accepted(tmp_path: Path, text: str) -> None:
    (found,) = said(tmp_path, "24h", text)

    assert said(tmp_path, "24h", (found.hint or "").removeprefix("write ")) == ()


@pytest.mark.parametrize(
    ("declared", "hint"),
    [
        ("endpoint: emulater", 'did you mean "emulator"?'),
        ("endpoint: Emulator", 'did you mean "emulator"?'),
        ("endpont: emulator", 'did you mean "endpoint"?'),
        ("endpoint: localhost:8080", "write http://localhost:8080"),
        ("endpoint: https://127.0.0.1:8080/", "write http://127.0.0.1:8080"),
        (
            "endpoint: https://u:p@localhost:8080",
            "leave the key out for NetSuite itself, or write endpoint: emulator",
        ),
        ("endpoint: localhost:70000", "leave the key out for NetSuite itself, or write endpoint: emulator"),
        ("endpoint:", "write a value, or remove the key"),
    ],
)
def test_a_wrong_endpoint_is_all_that_is_said(tmp_path: Path, declared: str, hint: str) -> None:
    (found,) = said(tmp_path, "endpoint: emulator", declared)

    assert found.hint == hint
    assert "u:p" not in repr(found)


def test_beside_a_wrong_endpoint_what_is_wrong_in_any_case_is_still_said(tmp_path: Path) -> None:
    found = said(tmp_path, "endpoint: emulator\n  apply_login:\n    method: tba", "endpoint: x\n  apply_login:")

    assert [item.address for item in found] == ["netsuite.endpoint", "netsuite.apply_login.method"]


def test_a_line_without_a_colon_is_the_place(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "owner: dana", "owner dana")

    assert found.position
    assert found.position.line == TEXT[: TEXT.index("owner:")].count("\n") + 1


@pytest.mark.parametrize("kind", ["values", "keys"])
def test_that_not_all_errors_are_shown_is_said_last(tmp_path: Path, kind: str) -> None:
    entries = "".join(f"  e{number}@example.com: {{active: maybe}}\n" for number in range(300))
    more = f"employees:\n{entries}" if kind == "values" else "".join(f"xx{number}: 1\n" for number in range(300))
    found = said(tmp_path, "guards:", f"{more}guards:")

    assert len(found) == MAX_PROBLEMS + 1
    assert [item.rule for item in found].count("too-many-problems") == 1
    assert (found[-1].rule, found[-1].hint) == ("too-many-problems", "correct these, then validate again")
    assert found[-1].detail == "There are more errors than the 100 that are shown."
    assert in_order(found) == found


def test_as_many_errors_as_are_shown_need_no_remark(tmp_path: Path) -> None:
    entries = "".join(f"  e{number}@example.com: {{active: maybe}}\n" for number in range(MAX_PROBLEMS))

    assert len(said(tmp_path, "guards:", f"employees:\n{entries}guards:")) == MAX_PROBLEMS


def test_which_errors_are_shown_is_not_chance(tmp_path: Path) -> None:
    entries = "".join(f"  e{number}@example.com: {{active: maybe}}\n" for number in range(300))
    (tmp_path / "a.yaml").write_text(f"netsuite: {{account: '1', endpoint: emulator}}\nemployees:\n{entries}")
    code = (
        "import sys\nfrom pathlib import Path\nfrom reconciler.config.environment import read_environment\n"
        "print(read_environment(Path(sys.argv[1]), Path(sys.argv[1]).parent))"
    )
    told = {
        subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", code, str(tmp_path / "a.yaml")],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1


def test_the_line_that_lacks_a_colon_is_named_and_not_the_one_after_it(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "application: NetSuite Connector", "application NetSuite Connector  # why")

    assert found.position is not None
    assert (found.position.line, found.position.column) == (9, 5)


def test_the_login_that_writes_is_to_have_secrets_of_its_own(tmp_path: Path) -> None:
    found = said(tmp_path, "  endpoint: emulator", "")

    hints = {item.hint for item in found}
    assert "for example token_id: env:NETSUITE_APPLY_TOKEN_ID" in hints
    assert any(hint and "docs/how-to/first-contact.md" in hint for hint in hints)
