"""What an employee record must be like, and how its lines and notes are called."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle

EMPLOYEE_RECORDS: Final = (
    Behaviour(
        "subsidiary-required",
        "whether a new employee needs a subsidiary; where accounts have several (OneWorld) records do",
        Known.LIKELY,
        (oracle("section_161886175135"), "a public client's live test of another record"),  # X:60302736266
        "yes",
        ("yes", "no"),
    ),
    Behaviour(
        "entity-exists",
        "an entity id that is taken: 400 USER_ERROR, This entity already exists",
        Known.CONFIRMED,
        ("two public clients have it from live answers",),  # X:62259696280, X:3268075061
    ),
    Behaviour(
        "external-id-exists",
        "an external id that is taken: 400, This record already exists",
        Known.CONFIRMED,
        (
            "https://timdietrich.me/blog/netsuite-suitetalk-rest-external-ids",
            "https://cdn.cdata.com/help/DNM/odbc/RSBNetSuite_p_UseUpserts.htm",
        ),
    ),
    Behaviour(
        "external-id-case",
        "whether eid: finds an external id that differs in the case of its letters; it is taken in either case",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "sensitive",
        ("sensitive", "insensitive"),
    ),
    Behaviour(
        "email-unique",
        "whether two employees may not have one e-mail address",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "no",
        ("no", "yes"),
    ),
    Behaviour(
        "roles-line-key",
        "how a line of `roles` is addressed: by its number, or by the role's id",
        Known.UNKNOWN,
        (f"{oracle('section_159894563219')} (of other sublists: by number)",),
        "number",
        ("number", "role"),
    ),
    Behaviour(
        "employee-note-prefix",
        "what `field` begins with in a note about an employee; the real codes are not known",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "ENTITY",
        (TEXT,),
    ),
)
