"""Making the emulator behave like an account: from the report of `reconciler doctor`, which holds nobody's data.

The file is all that the two know of each other; its form is schemas/doctor-report.schema.json.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from reconciler.emulator.accounts import ADMINISTRATOR
from reconciler.emulator.behaviours import FIXED, Switches, UnknownBehaviourError
from reconciler.emulator.database import UnusableError

Content = dict[str, Any]
SCHEMA: Final = "doctor-report.schema.json"
_NO_REPORT: Final = "name a report that `reconciler doctor ENV --report FILE` wrote"


class Likeness:
    """What an account was seen to do."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report

    def choose(self, switches: Switches) -> tuple[str, ...]:
        """Set every switch that the account showed; what no switch of this emulator can do is returned, NAME=VALUE."""
        limits = self._report.get("concurrency")
        seen = {name: value for name, value in self._report["behaviours"].items() if name not in FIXED}
        if limits:
            seen["concurrency-limit"] = str(limits["account"])
        return tuple(f"{name}={value}" for name, value in sorted(seen.items()) if not _chosen(switches, name, value))

    def applied_to(self, content: Content) -> Content:
        """The seed, its accounts with the features, the time zone and the logins' permissions of the report."""
        return content | {"accounts": {key: self._account(value) for key, value in content["accounts"].items()}}

    def _account(self, account: Content) -> Content:
        features = {**account.get("features", {}), **self._report["features"]}
        changed = {**account, "features": features}
        offset = self._report["clock"].get("trail_offset_minutes")
        if offset is not None:
            # Whoever has a zone of their own would see the trail in that one.
            people = [{key: value for key, value in one.items() if key != "time_zone"} for one in account["employees"]]
            changed |= {"time_zone": zone_of(offset, datetime.now(UTC)), "employees": people}
        return self._with_permissions(changed)

    def _with_permissions(self, account: Content) -> Content:
        """The role of the default login may do what that of the report's may."""
        look = self._report["logins"].get("login", {})
        login = next((one for one in account.get("logins", ()) if one.get("default")), None)
        if login is None:
            return account
        if look.get("administrator"):
            return _as_administrator(account, login)
        held = look.get("permissions")
        roles = [
            {**role, "permissions": dict(held)} if held and _is_of(role, login) else role
            for role in account.get("roles", ())
        ]
        return {**account, "roles": roles}


def _chosen(switches: Switches, name: str, value: str) -> bool:
    try:
        switches.choose(name, value)
    except UnknownBehaviourError:
        return False
    return True


def _is_of(role: Content, login: Content) -> bool:
    return bool(role["name"] == login["role"]) and role["id"] != ADMINISTRATOR


def _as_administrator(account: Content, login: Content) -> Content:
    """The default login in the role Administrator, which its person then holds too."""
    name = next((role["name"] for role in account["roles"] if role["id"] == ADMINISTRATOR), None)
    if name is None:
        return account
    who = login["employee"]
    people = [
        {**one, "roles": sorted({*one.get("roles", ()), name})} if who in {one.get("email"), one["entityid"]} else one
        for one in account["employees"]
    ]
    logins = [{**one, "role": name} if one is login else one for one in account["logins"]]
    return {**account, "employees": people, "logins": logins}


def read(path: Path) -> Likeness:
    """The report in a file.

    Raises:
        UnusableError: it cannot be read, or is none.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableError(f"{path}: the report cannot be read: {error}.", _NO_REPORT) from error
    problems = list(_problems(report))
    if problems:
        raise UnusableError("\n".join(f"{path}: {problem}" for problem in problems[:10]), _NO_REPORT)
    return Likeness(report)


def _problems(report: object) -> list[str]:
    import jsonschema  # noqa: PLC0415 - a server shall start quickly, and few are given a report

    from reconciler.emulator import seed  # noqa: PLC0415 - see above

    schema = json.loads(seed.schema_path().with_name(SCHEMA).read_text(encoding="utf-8"))
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(report), key=lambda error: str(error.json_path))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


def zone_of(minutes: int, now: datetime) -> str:
    """A time zone that is so many minutes ahead of UTC now; one without daylight saving where there is one."""
    hours, rest = divmod(minutes, 60)
    if minutes == 0:
        return "UTC"
    if not rest and -14 <= -hours <= 12:  # noqa: PLR2004 - the zones that the database has by number
        # The sign of these names is the other way round.
        return f"Etc/GMT{-hours:+d}"
    wanted = timedelta(minutes=minutes)
    fitting = (name for name in sorted(available_timezones()) if now.astimezone(ZoneInfo(name)).utcoffset() == wanted)
    return next(fitting, "UTC")
