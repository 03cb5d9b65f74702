"""The REST record service, and the shape of errors."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known

RECORDS: Final = (
    Behaviour(
        "error-type",
        "which URL stands in `type` of an error: that of answers seen in 2026, or that of the documentation",
        Known.CONFIRMED,
        ("2.3",),
        "rfc9110",
        ("rfc9110", "w3.org"),
    ),
    Behaviour(
        "admin-record-status",
        "HTTP status for an administrator's record asked for by a lesser role",
        Known.CONFIRMED,
        ("part 2, 3",),
        "400",
        ("400", "403"),
    ),
    Behaviour(
        "admin-assign-by-rest",
        "whether an Administrator may add or remove the Administrator role by REST",
        Known.UNKNOWN,
        ("0.4, D4",),
        "allowed",
        ("allowed", "refused"),
    ),
    Behaviour(
        "roles-patch",
        "whether PATCH of an employee takes `roles`",
        Known.LIKELY,
        ("5.5, part 2, 8",),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "roles-keyed",
        "PATCH of `roles` without replace=roles: a keyed list merges, any other appends",
        Known.UNKNOWN,
        ("5.5, D2",),
        "no",
        ("no", "yes"),
    ),
    Behaviour(
        "access-without-password",
        "giveAccess: true without a password and without sendEmail",
        Known.UNKNOWN,
        ("part 2, 8",),
        "accepted",
        ("accepted", "refused"),
    ),
)
