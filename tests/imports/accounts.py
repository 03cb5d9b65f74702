"""Random accounts as seeds of the emulator: tidy ones, and ones with every kind of muddle and hostile names."""

import re
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.support.emulator import READER_PERMISSIONS

HOSTILE = (
    "no", "null", "~", "true", "1e3", "0x1F", "1_000", "12:30", "2026-11-01", "12345", "- a", "a: b", "# x",
    "a #b", "'", '"', "{a}", "[x]", "*a", "&a", "!t", "%x", "@x", "`x", "| x", "> x", "? x", "a, b", "…", "é",
    "日本語", "😀 shop", "a\xa0b", "a\u202eb", "a\u200bb", "tab\tb", "line\nbreak", "a\x1b[31mb", "x\x85y",
    "y\u2028z", " lead", "trail ", "back\\slash", "<<", "=", "\\x41", "Ünïcödé", "x" * 201, "---", "...",
    "TO DECIDE", "a'b\"c", "ﬀ", "İ", "ß",
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20),
    st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?", fullmatch=True),
)
# No id of an account here has more digits.
_ID = re.compile(r"[0-9]{1,4}")
READER = "Reconciler Reader"
LOGIN_PERMISSIONS = {"ADMI_LOGIN_OAUTH": "Full", "ADMI_RESTWEBSERVICES": "Full"}
TROUBLES = (
    "second-live-token", "inactive-token", "no-live-token", "never-used", "used-once", "owner-inactive",
    "owner-no-access", "role-lost", "role-inactive", "blocked", "twin-record", "overtaken",
)  # fmt: skip


@dataclass
class Account:
    """A seed, the applications about which there is nothing to decide, and those of which there shall be two."""

    seed: dict[str, Any]
    tidy: set[str] = field(default_factory=set)
    twins: set[str] = field(default_factory=set)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """A whole account: the reader, an administrator, and a few applications with owners and roles of their own."""
    roles: list[dict[str, Any]] = [
        {"id": 3, "name": "Administrator", "scriptid": "administrator"},
        {"id": 1052, "name": READER, "scriptid": "customrole_reader", "permissions": READER_PERMISSIONS},
    ]
    people: list[dict[str, Any]] = [
        _person(4001, "The Administrator", "admin@example.com", ["Administrator"]),
        _person(4002, "The Reader", "reader@example.com", [READER]),
    ]
    seed: dict[str, Any] = {
        "name": "Random",
        "roles": roles,
        "employees": people,
        "integrations": [{"id": 21, "name": "Reconciler"}],
        "tokens": [{"id": 90, "application": "Reconciler", "user": "reader@example.com", "role": READER}],
        "logins": [
            {"employee": "reader@example.com", "role": READER, "application": "Reconciler", "default": True},
        ],
        "login_audit": [],
    }
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=lambda name: name))
    account = Account(seed)
    for number, name in enumerate(names, 1):
        if name != "Reconciler":
            _application(draw, account, number, name)
    return account


def _person(number: int, name: str, email: str | None, roles: list[str], **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "entityid": name,
        "access": True,
        "roles": roles,
        **({"email": email} if email else {}),
        **more,
    }


def _application(draw: st.DrawFn, account: Account, number: int, name: str) -> None:
    """One integration record with its tokens, owners and logins, in order or with one trouble."""
    seed = account.seed
    trouble = draw(st.sampled_from(("", "", "", *TROUBLES)))
    role = _fresh(draw, [one["name"] for one in seed["roles"]])
    taken = [one["entityid"] for one in seed["employees"]]
    owner, other = _fresh(draw, taken), _fresh(draw, taken)
    email = draw(
        st.sampled_from((f"owner{number}@example.com", f"Owner.{number}@Example.com", None, "admin@example.com"))
    )
    inactive_role = trouble == "role-inactive"
    scriptid = f"customrole_{number}"
    seed["roles"].append(
        {"id": 1100 + number, "name": role, "scriptid": scriptid, "permissions": LOGIN_PERMISSIONS}
        | ({"inactive": True} if inactive_role else {})
    )
    held = [role, "Administrator"] if draw(st.booleans()) else [role]
    seed["employees"] += [
        _person(
            5000 + 10 * number,
            owner,
            email,
            [] if trouble == "role-lost" else held,
            active=trouble != "owner-inactive",
        )
        | ({"access": False} if trouble == "owner-no-access" else {}),
        _person(5001 + 10 * number, other, f"other{number}@example.com", [role] if draw(st.booleans()) else []),
    ]
    seed["integrations"].append(
        {"id": 100 + number, "name": name, "state": "Blocked" if trouble == "blocked" else "Enabled"}
    )
    if trouble == "twin-record":
        account.twins.add(name)
    # Tokens are told apart by name here, so that several records of one name cannot confuse the seed itself.
    token = {
        "id": 1000 + 10 * number,
        "name": f"token {number}",
        "application": name,
        "user": owner,
        "role": role,
        "created": "-100d",
    }
    seed["tokens"].append(token | ({"inactive": True} if trouble == "no-live-token" else {}))
    if draw(st.booleans()):
        before = {"id": 1001 + 10 * number, "name": f"old {number}", "user": other, "created": "-300d", "revoked": True}
        seed["tokens"].append(token | before)
    if trouble in {"second-live-token", "inactive-token", "overtaken"}:
        more = {"id": 1002 + 10 * number, "name": f"more {number}", "user": other, "created": "-50d"}
        seed["tokens"].append(token | more | ({"inactive": True} if trouble == "inactive-token" else {}))
    if trouble not in {"never-used", "used-once"}:
        hours = draw(st.sampled_from(("1h", "6h", "2d")))
        row = {"application": name, "token": f"token {number}", "every": hours, "from": "-20d", "until": "-30m"}
        seed["login_audit"].append(row)
    if trouble == "used-once":
        seed["login_audit"].append({"application": name, "token": f"token {number}", "at": "-1h"})
    if trouble == "overtaken":
        seed["login_audit"].append({"application": name, "token": f"more {number}", "at": "-1m"})
    if not trouble:
        account.tidy.add(name)


def _fresh(draw: st.DrawFn, taken: list[str]) -> str:
    """A name that nobody has yet; spelt names that a seed looks people and roles up by must differ, also from ids."""
    known = {name.casefold() for name in taken}
    found = draw(
        NAMES.filter(lambda name: name.casefold() not in known and "@" not in name and not _ID.fullmatch(name))
    )
    taken.append(found)
    return found
