"""What is said of a record, an id, a method or a body that the REST record service does not take."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

RECORD_REFUSALS: Final = (
    Behaviour(
        "missing-record-text",
        "what is said of a record that is not there: as answers of 2026 have it, or as the documentation prints it",
        Known.CONFIRMED,
        (
            "three public clients have it from live answers",  # X:36896568905, X:52506161500, X:60302736266
            f"{oracle('section_156570709583')} (the other text)",
        ),
        "seen",
        ("seen", "documented"),
    ),
    Behaviour(
        "invalid-id",
        "an id in the URL that is no id: 400 INVALID_ID with o:errorUrl",
        Known.CONFIRMED,
        ("two public clients' tests",),  # X:12318151508, X:12759745290
    ),
    Behaviour(
        "unknown-record-code",
        "o:errorCode of 404 for a record type or part of a record that is not there; only the words were seen, in "
        "live answers: Record type 'x' does not exist",
        Known.UNKNOWN,
        (NOT_FOUND, "the words in public clients"),  # X:36896568905, X:52506161500, X:63005483208
        "NONEXISTENT_ID",
        (TEXT,),
    ),
    Behaviour(
        "record-without-permission",
        "the employee record for a role without permission for it: 403, or as if there were no such record type",
        Known.LIKELY,
        ("403: a public client, seen once", "404: a public client, seen once"),  # X:68390834560, X:63005483208
        "403",
        ("403", "404"),
    ),
    Behaviour(
        "wrong-method-code",
        "o:errorCode of 405",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "METHOD_NOT_ALLOWED",
        (TEXT,),
    ),
    Behaviour(
        "wrong-accept",
        "an Accept header with nothing in it that there is, at the metadata catalog: answered in JSON, or 406",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "ignored",
        ("ignored", "406"),
    ),
    Behaviour(
        "wrong-content-type",
        "a body that is not called JSON: 415, or read all the same",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "415",
        ("415", "accepted"),
    ),
    Behaviour(
        "malformed-body",
        "o:errorCode of a body that is no JSON object; each has words of its own",
        Known.LIKELY,
        ("three public clients, the words only",),  # X:36896568905, X:52570465121, X:70876762714
        "INVALID_CONTENT",
        ("INVALID_CONTENT", "INVALID_REQUEST"),
    ),
    Behaviour(
        "bad-value-code",
        "o:errorCode of a value of the wrong type or form",
        Known.LIKELY,
        (*seen_once(62540776520),),
        "INVALID_VALUE",
        ("INVALID_VALUE", "INVALID_CONTENT"),
    ),
    Behaviour(
        "warning-header",
        "the response header in which warnings about names and values come back",
        Known.LIKELY,
        ("a public client generated from the metadata catalog, which declares it",),  # X:10994074711
        "X-NetSuite-Warning",
        (TEXT,),
    ),
)
