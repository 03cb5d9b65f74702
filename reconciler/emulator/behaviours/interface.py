"""The user interface, NetSuite Connector, and what both leave behind."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known

INTERFACE: Final = (
    Behaviour(
        "web-services-context",
        "`context` of a note left through web services (an order, a changed employee); the real code is not known",
        Known.UNKNOWN,
        ("part 2, 1.2",),
        "WEBSERVICES",
        (TEXT,),
    ),
    Behaviour(
        "connector-failed-test",
        "whether the Connector saves credentials whose test failed, or keeps the old ones",
        Known.UNKNOWN,
        ("part 2, 4",),
        "saves",
        ("saves", "keeps"),
    ),
)
