"""What the login audit trail does where nobody documents for certain what NetSuite does (`core/doubts.py`)."""

import re
from collections.abc import Iterator

from reconciler.netsuite.ground import Ground
from reconciler.netsuite.probes import ask


def date_format(ground: Ground) -> str | None:
    """By the newest row of a day whose number is not that of its month."""
    text = (
        "SELECT date AS bare, TO_CHAR(date, 'YYYY-MM-DD') AS day FROM loginaudit WHERE date >= SYSDATE - 9 "
        "AND TO_CHAR(date, 'MM') <> TO_CHAR(date, 'DD') ORDER BY date DESC"
    )
    row = ask(ground.client, text).first
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", row.get("day", ""))
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    forms = {
        "M/D/YYYY": f"{month}/{day}/{year}",
        "D/M/YYYY": f"{day}/{month}/{year}",
        "YYYY-MM-DD": f"{year}-{month:02}-{day:02}",
        "DD.MM.YYYY": f"{day:02}.{month:02}.{year}",
    }
    fitting = [name for name, form in forms.items() if form == row.get("bare")]
    return fitting[0] if len(fitting) == 1 else None


def _own_rows(ground: Ground) -> int | None:
    """How many rows of this client the trail shows."""
    if not ground.trail.found:
        return None
    text = (
        "SELECT useragent, COUNT(*) AS number FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1 "
        "GROUP BY useragent ORDER BY useragent"
    )
    number = ask(ground.client, text, (ground.client.user_agent,)).first.get("number", "")
    return int(number) if number.isdigit() else None


def on_own_rows(ground: Ground) -> Iterator[tuple[str, str]]:
    """Told by the rows of this client, which has sent many requests by now; one row means one for the session."""
    number = _own_rows(ground)
    if not number:
        return
    yield "loginaudit-rows", "session" if number == 1 else "every-call"
    text = "SELECT COUNT(*) AS number FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1"
    counted = ask(ground.client, text, (ground.client.user_agent,)).first.get("number")
    if counted is not None:
        yield "loginaudit-count", "zero" if counted == "0" else "correct"


def delay(ground: Ground) -> str | None:
    return "0" if ground.trail.found else None


def request_uri(ground: Ground) -> str | None:
    """Every query of this client has its page in the address, so one of them would show."""
    text = "SELECT requesturi, status FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1 ORDER BY date DESC"
    found = [
        row["requesturi"]
        for row in ask(ground.client, text, (ground.client.user_agent,), 50).rows
        if "requesturi" in row
    ]
    asked = [one for one in found if "/suiteql" in one]
    return None if not asked else "with-query" if any("?" in one for one in asked) else "path"


def bearer_row(ground: Ground) -> str | None:
    if ground.login.method != "oauth2" or not ground.trail.found:
        return None
    text = (
        "SELECT status, oauthaccesstokenname FROM loginaudit WHERE useragent = ? AND date >= SYSDATE - 1 "
        "ORDER BY date DESC"
    )
    rows = ask(ground.client, text, (ground.client.user_agent,)).rows
    return None if not rows else "named" if rows[0].get("oauthaccesstokenname") else "empty"


def failed_role(ground: Ground) -> str | None:
    if not ground.reads("loginaudit"):
        return None
    text = (
        "SELECT status, MAX(role) AS role FROM loginaudit WHERE status = 'Failure' "
        "AND oauthaccesstokenname IS NOT NULL AND date >= SYSDATE - 30 GROUP BY status ORDER BY status"
    )
    row = ask(ground.client, text).first
    return ("token" if row.get("role") else "empty") if row.get("status") else None
