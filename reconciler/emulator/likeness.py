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
from reconciler.emulator.behaviours import FIXED, SWITCHES, Switches, UnknownBehaviourError
from reconciler.emulator.database import UnusableError

Content = dict[str, Any]
FORMAT: Final = "1."
SCHEMA: Final = "doctor-report.schema.json"


class Likeness:
    """What an account was seen to do."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report

    def choose(self, switches: Switches) -> None:
        """Set every switch that the account showed.

        Raises:
            UnusableError: it shows something that no switch of this emulator can do.
        """
        limits = self._report.get("concurrency")
        seen = {name: value for name, value in self._report["behaviours"].items() if name in SWITCHES}
        if limits:
            seen["concurrency-limit"] = str(limits["account"])
        others = set(self._report["behaviours"]) - set(SWITCHES) - FIXED
        try:
            if others:
                raise UnknownBehaviourError(f"There is no behaviour {', '.join(sorted(others))}.")
            switches.choose_all(seen)
        except UnknownBehaviourError as error:
            raise UnusableError(f"The report shows what this emulator cannot do. {error}") from error

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
        if login is None or look.get("administrator") or not look.get("permissions"):
            return account
        held = dict(look["permissions"])
        roles = [
            {**role, "permissions": held} if role["name"] == login["role"] and role["id"] != ADMINISTRATOR else role
            for role in account.get("roles", ())
        ]
        return {**account, "roles": roles}


def read(path: Path) -> Likeness:
    """The report in a file.

    Raises:
        UnusableError: it cannot be read, or is none.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableError(f"{path}: the report cannot be read: {error}.") from error
    problems = list(_problems(report))
    if problems:
        raise UnusableError("\n".join(f"{path}: {problem}" for problem in problems[:10]))
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
