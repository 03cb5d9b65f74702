"""NetSuite Connector."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, own

CREDENTIALS: Final = oracle("section_162606561992")

INTERFACE: Final = (
    Behaviour(
        "connector-failed-test",
        "whether the Connector saves credentials whose test failed, or keeps the old ones",
        Known.UNKNOWN,
        (NOT_FOUND, CREDENTIALS),
        "saves",
        ("saves", "keeps"),
    ),
    Behaviour(
        "connector-test",
        "Save and Test Connection is a login with the entered token, and leaves an audit row like any other",
        Known.LIKELY,
        (CREDENTIALS,),
    ),
    Behaviour(
        "connector-messages",
        "the words of its success and of its failure",
        Known.UNKNOWN,
        (NOT_FOUND, CREDENTIALS),
    ),
    Behaviour(
        "connector-author",
        "the author of an order, and of its note, is the user whose token the Connector has",
        Known.CONFIRMED,
        (oracle("section_162634303598"),),
    ),
    Behaviour(
        "connector-service",
        "requesturi and user agent of its logins are made up; which web service it calls is not known",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_164095787873")),
    ),
    Behaviour(
        "connector-orders",
        "its orders are numbered from SO10001, have no customer and no lines",
        Known.OWN,
        (own("The back door"),),
    ),
    Behaviour(
        "preferences-are-ones-own",
        "Home > Set Preferences: a person sets their own time zone there, and nobody sets somebody else's",
        Known.LIKELY,
        (oracle("section_N243797"),),
    ),
)
