"""The REST record service, and the shape of errors."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known

_PUBLIC_CLIENTS: Final = (
    "https://github.com/ehmad11/netsuite-rest/blob/0bcecf9c2ad17b0853122c756b3fcad984071cc9/netsuite-rest.test.js",
    "https://github.com/julbrs/netsuite-api-client/blob/4400936a19cbfede9d5282f15f52f80af8de5f8d/test/request.test.ts",
)

RECORDS: Final = (
    Behaviour(
        "rest-test-request",
        "OPTIONS /services/rest/* with a login gets 204: what two public clients ask to see whether they get in",
        Known.CONFIRMED,
        _PUBLIC_CLIENTS,
    ),
    Behaviour(
        "collection-trailing-slash",
        "the address of a record collection may end with a slash",
        Known.CONFIRMED,
        _PUBLIC_CLIENTS,
    ),
    Behaviour(
        "write-without-content-type",
        "a record written without the header Content-Type: its body is taken for JSON, or it gets 415",
        Known.LIKELY,
        _PUBLIC_CLIENTS[1:],
        "accepted",
        ("accepted", "refused"),
    ),
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
