"""What a person does by the back door, and what the emulator decides for itself."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known

OWN: Final = (
    Behaviour(
        "order-by-a-person",
        "a sales order that a person types in has one note of its creation, with the context UIF and a role of theirs"
        " that allows it",
        Known.LIKELY,
        ("a public client, seen once (X:56207879164)", "a public client, seen once (X:71499170836)"),
    ),
    Behaviour(
        "new-employee-note",
        "an employee created by a person leaves one note of type 1 (created) without a field, with the context UIF",
        Known.LIKELY,
        ("a public client, seen once (X:71499170836)",),
    ),
    Behaviour(
        "preferences-are-ones-own",
        "Home > Set Preferences: a person sets their own time zone there, and nobody sets somebody else's",
        Known.LIKELY,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N243797.html",),
    ),
    Behaviour(
        "new-employee-by-the-back-door",
        "a new employee is active, without access and without roles: each is given by a request of its own",
        Known.OWN,
        ("the emulator's own",),
    ),
    Behaviour(
        "faults-and-latency",
        "injected faults hit a request before the login check, so that they leave no row in the login audit trail"
        " unless they come after the work; no fault and no latency touches the back door",
        Known.OWN,
        ("the emulator's own",),
    ),
)
