"""System notes, and the access history."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, own, seen_once

DATA_SOURCE: Final = oracle("subsect_96115732745")
PREFERENCES: Final = oracle("article_1117125619")
AUDITING: Final = "https://timdietrich.me/blog/netsuite-suiteql-system-notes-auditing"

NOTES: Final = (
    Behaviour(
        "web-services-context",
        "`context` of a note left through web services (an order, a changed employee); the real code is not known",
        Known.UNKNOWN,
        (NOT_FOUND, DATA_SOURCE),
        "WEBSERVICES",
        (TEXT,),
    ),
    Behaviour(
        "systemnote-permission",
        "without System Notes for Analytics and REST a role sees the notes of its own changes only, and no error",
        Known.CONFIRMED,
        (DATA_SOURCE,),
    ),
    Behaviour(
        "systemnote-columns",
        "systemnote: its columns; `name` is the id of whoever made the change, `type` a number",
        Known.CONFIRMED,
        (DATA_SOURCE, AUDITING, *seen_once(9314401978, 71499170836)),
    ),
    Behaviour(
        "systemnote-record-types",
        "recordtypeid is -30 for transactions and -9 for employees",
        Known.CONFIRMED,
        (AUDITING, *seen_once(71499170836, 65907923465, 9314401978)),
    ),
    Behaviour(
        "systemnote-type-numbers",
        "`type` is 1 where a record was created and 4 where a field was changed",
        Known.LIKELY,
        (*seen_once(71499170836),),
    ),
    Behaviour(
        "systemnote-user-interface",
        "`context` of a change in the user interface is UIF",
        Known.CONFIRMED,
        (AUDITING, *seen_once(56207879164)),
    ),
    Behaviour(
        "systemnote-of-orders",
        "a new order leaves one note, without field and values",
        Known.LIKELY,
        (PREFERENCES,),
    ),
    Behaviour(
        "systemnote-of-integrations",
        "a changed State leaves a note whose recordtypeid and field are empty, for neither is known",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_4543308762")),
    ),
    Behaviour(
        "systemnote-of-tokens",
        "tokens and certificates leave no system notes",
        Known.UNKNOWN,
        (NOT_FOUND, DATA_SOURCE),
    ),
    Behaviour(
        "systemnote-without-access",
        "given and removed roles and access leave no system note, as actions without a field are left out by default",
        Known.LIKELY,
        (DATA_SOURCE, oracle("bridgehead_4591976451")),
    ),
    Behaviour(
        "systemnote-role",
        "`role` of who acts through the back door: Administrator if held, else the one with the smallest id,"
        " for an order the smallest that allows it",
        Known.OWN,
        (own("The back door"),),
    ),
    Behaviour(
        "access-history",
        "given and removed roles and access stand in the History of the employee's Access tab: when, who, what",
        Known.CONFIRMED,
        (oracle("bridgehead_4591976451"),),
    ),
    Behaviour(
        "access-history-words",
        "the words of its description",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("bridgehead_4591976451")),
    ),
    Behaviour(
        "order-by-a-person",
        "a sales order that a person types in has one note of its creation, with the context UIF and a role of theirs"
        " that allows it",
        Known.LIKELY,
        seen_once(56207879164, 71499170836),
    ),
    Behaviour(
        "new-employee-note",
        "an employee created by a person leaves one note of type 1 (created) without a field, with the context UIF",
        Known.LIKELY,
        seen_once(71499170836),
    ),
)
