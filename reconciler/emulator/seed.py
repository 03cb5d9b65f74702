"""Reading a seed: YAML, checked by its schema and for names that lead nowhere."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.emulator import callbacks
from reconciler.emulator.accounts import STORY_ACCOUNT
from reconciler.emulator.database import UnusableError
from reconciler.emulator.fields import UNITS
from reconciler.emulator.seed_generated import account_ids

SCHEMA: Final = "emulator-seed.schema.json"
STORY: Final = Path(__file__).with_name("story.yaml")
ACCOUNT_ID: Final = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")
MOST_PROBLEMS: Final = 20
NAMING: Final = ("employees", "tokens", "certificates", "logins", "login_audit", "orders", "connectors")

Content = Mapping[str, Any]


_NO_SEED: Final = "name a seed as docs/emulator.md describes it; without --seed the built-in story is loaded"


class SeedError(UnusableError):
    """The seed cannot be used; each line says where, what and what to do."""


def read(path: Path) -> Content:
    """The content of a seed file, checked; problems are told all at once."""
    from reconciler.emulator import seed_yaml  # noqa: PLC0415 - only a new database needs it; a start should be quick

    try:
        content = seed_yaml.load(path.read_text(encoding="utf-8"), is_our_own=path == STORY)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SeedError(f"{path}: the seed cannot be read: {why}.", _NO_SEED) from error
    except RecursionError as error:
        raise SeedError(f"{path}: the seed is nested too deeply.", _NO_SEED) from error
    except seed_yaml.YAMLError as error:
        raise SeedError(f"{path}: the seed is not YAML: {error}", _NO_SEED) from error
    problems = list(_key_problems(content)) or list(_schema_problems(content)) or list(_name_problems(content))
    problems = problems or list(_certificate_problems(content, path.parent))
    if problems:
        more = len(problems) - MOST_PROBLEMS
        listed = [f"{path}: {problem}" for problem in problems[:MOST_PROBLEMS]]
        raise SeedError("\n".join([*listed, f"... and {more} more"] if more > 0 else listed), _NO_SEED)
    checked: Content = content
    return checked


def story(account: str = STORY_ACCOUNT) -> Content:
    """The built-in story, under the given account id."""
    if not ACCOUNT_ID.fullmatch(account):
        raise SeedError(
            f"{account!r} is no account id.", "write it as NetSuite does: 1234567 or 1234567_SB1, upper case"
        )
    content = read(STORY)
    return {"accounts": {account: content["accounts"][STORY_ACCOUNT]}}


def seconds(text: str, now: int) -> int:
    """A time of the seed: `now`, `-3d`, for the end of a certificate also `+30d`, or ISO 8601."""
    if text == "now":
        return now
    if text.startswith("-"):
        return now - duration(text[1:])
    if text.startswith("+"):
        return now + duration(text[1:])
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def duration(text: str) -> int:
    return int(text[:-1]) * UNITS[text[-1]]


def times(entry: Content, now: int) -> list[int]:
    """The one time of an entry, or all of `every ... from ... until`."""
    if "at" in entry:
        return [seconds(entry["at"], now)]
    return list(range(seconds(entry["from"], now), seconds(entry["until"], now) + 1, duration(entry["every"])))


def schema_path() -> Path:
    package = Path(__file__).resolve().parents[1]
    # In a wheel the schemas lie in the package, in a checkout beside it.
    candidates = (package / "schemas" / SCHEMA, package.parent / "schemas" / SCHEMA)
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise SeedError(f"The schema {SCHEMA} is missing from this installation.", "install the package again")
    return found


def _key_problems(content: object) -> Iterator[str]:
    """YAML reads an account id without quotation marks as a number, and a schema does not look at such keys."""
    accounts = content.get("accounts") if isinstance(content, dict) else None
    for key in accounts if isinstance(accounts, dict) else ():
        if not isinstance(key, str):
            yield f'accounts.{key}: write the account id in quotation marks: "{key}"'


def _schema_problems(content: object) -> Iterator[str]:
    import jsonschema  # noqa: PLC0415 - as with yaml above

    validator = jsonschema.Draft202012Validator(json.loads(schema_path().read_text(encoding="utf-8")))
    for error in sorted(validator.iter_errors(content), key=lambda error: [str(key) for key in error.absolute_path]):
        yield f"{_where(error.absolute_path)}: {error.message}"


def _where(keys: object) -> str:
    path = ""
    for key in keys if hasattr(keys, "__iter__") else ():
        path += f"[{key}]" if isinstance(key, int) else f"{'.' if path else ''}{key}"
    return path or "(the whole file)"


def _name_problems(content: Content) -> Iterator[str]:
    for account_id, account in content["accounts"].items():
        for problem in _account_problems(account):
            yield f"accounts.{account_id}.{problem}"
    wanted = content.get("generate")
    if wanted and wanted["template"] not in content["accounts"]:
        yield f"generate.template: {wanted['template']!r} is no account of this seed"
    for taken in sorted(set(account_ids(wanted)) & set(content["accounts"])) if wanted else ():
        yield f"generate: {taken!r} would stand twice; give another first"


def _account_problems(account: Content) -> Iterator[str]:
    roles = {role["name"] for role in account.get("roles", ())}
    people = {key for person in account.get("employees", ()) for key in (person["entityid"], person.get("email"))}
    applications = {integration["name"] for integration in account.get("integrations", ())}
    known = {"role": roles, "user": people, "by": people, "employee": people, "created_by": people}
    known |= {"supervisor": people, "approver": people, "application": applications}
    for key, kind in (("department", "departments"), ("class", "classes"), ("location", "locations")):
        known[key] = {entry["name"] for entry in account.get(kind, ())}
    for kind in ("roles", "employees", "departments", "classes", "locations", "integrations", "tokens", "certificates"):
        yield from _duplicates(kind, account.get(kind, ()))
    shared = _shared_addresses(account)
    for kind in (*NAMING, *(f"generate.{kind}" for kind in ("login_audit", "orders"))):
        for index, entry in enumerate(_entries(account, kind)):
            for key in known.keys() & entry.keys():
                if entry[key] not in known[key]:
                    yield f"{kind}[{index}].{key}: {entry[key]!r} is not declared in this account"
                elif entry[key] in shared:
                    yield f"{kind}[{index}].{key}: {entry[key]!r} is several employees; name one by entityid"
    holders = [(f"employees[{index}]", person) for index, person in enumerate(account.get("employees", ()))]
    for where, holder in (*holders, ("generate", account.get("generate", {}))):
        for role in holder.get("roles", ()):
            if role not in roles:
                yield f"{where}.roles: {role!r} is not a role of this account"
    yield from _token_problems(account)
    yield from _value_problems(account)


def _entries(account: Content, kind: str) -> Sequence[Content]:
    """The entries of a kind, of one such as `generate.orders` too."""
    place, _, inner = kind.rpartition(".")
    found: Sequence[Content] = (account.get(place, {}) if place else account).get(inner, ())
    return found


def _shared_addresses(account: Content) -> set[str]:
    """E-mail addresses of more than one employee: NetSuite has such people, so a seed may too."""
    addresses = Counter(person["email"] for person in account.get("employees", ()) if person.get("email"))
    return {address for address, people in addresses.items() if people > 1}


def _duplicates(kind: str, entries: Any) -> Iterator[str]:
    for key in ("id", "name", "entityid", "token_id", "consumer_key", "client_id", "certificate_id"):
        if kind in {"tokens", "integrations"} and key == "name":
            continue  # NetSuite lets several tokens have one name, and several integration records too
        seen = set()
        for index, entry in enumerate(entries):
            if key in entry and entry[key] in seen:
                yield f"{kind}[{index}].{key}: {entry[key]!r} stands twice"
            seen.add(entry.get(key))


def _token_problems(account: Content) -> Iterator[str]:
    named = {(token["application"], token_name(account, token)) for token in account.get("tokens", ())}
    for kind in ("login_audit", "connectors", "generate.login_audit"):
        for index, entry in enumerate(_entries(account, kind)):
            if "token" in entry and (entry["application"], entry["token"]) not in named:
                yield f"{kind}[{index}].token: {entry['application']!r} has no token named {entry['token']!r}"


def token_name(account: Content, token: Content) -> str:
    """NetSuite's default name holds the user's name, whatever the seed calls them by."""
    people = account.get("employees", ())
    user = next((p["entityid"] for p in people if token["user"] in {p["entityid"], p.get("email")}), token["user"])
    return str(token.get("name") or f"{token['application']} - {user}, {token['role']}")


def _certificate_problems(content: Content, folder: Path) -> Iterator[str]:
    """Reads certificates that are named by file, so that only their text is left."""
    for account_id, account in content["accounts"].items():
        for index, entry in enumerate(account.get("certificates", ())):
            from reconciler.emulator import x509  # noqa: PLC0415 - OpenSSL takes a moment to load; the story needs none

            try:
                if "-----BEGIN" not in entry["certificate"]:
                    entry["certificate"] = (folder / entry["certificate"]).read_text(encoding="utf-8")
                x509.read(entry["certificate"])
            except (OSError, ValueError) as error:
                yield f"accounts.{account_id}.certificates[{index}].certificate: {error}"


def _value_problems(account: Content) -> Iterator[str]:
    zones = [("time_zone", account.get("time_zone"))]
    zones += [(f"employees[{i}].time_zone", p.get("time_zone")) for i, p in enumerate(account.get("employees", ()))]
    for where, zone in zones:
        try:
            ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            yield f"{where}: {zone!r} is no time zone; write an IANA name such as America/New_York"
    for index, entry in enumerate(account.get("integrations", ())):
        if (registered := entry.get("callback_url")) and (problem := callbacks.problem(registered)):
            yield f"integrations[{index}].callback_url: {problem}"
        if entry.get("authorization_flow") and not registered:
            yield f"integrations[{index}].callback_url: the authorization flow needs one"
    for index, person in enumerate(account.get("employees", ())):
        for key in ("hiredate", "releasedate", "lastreviewdate", "nextreviewdate"):
            try:
                date.fromisoformat(person.get(key, "2024-03-01"))
            except ValueError:
                yield f"employees[{index}].{key}: {person[key]!r} is no day; write 2024-03-01"
    for kind in ("employees", "integrations", "tokens", "certificates", "login_audit", "orders"):
        for index, entry in enumerate(account.get(kind, ())):
            for key in ("at", "from", "until", "created", "valid_from", "valid_until"):
                try:
                    seconds(entry.get(key, "now"), 0)
                except ValueError:
                    yield f"{kind}[{index}].{key}: {entry[key]!r} is no time; write 2026-11-22T09:00:00Z or -3d"
