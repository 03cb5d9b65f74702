"""The emulator itself: what is no claim about NetSuite."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import oracle, own

PROGRAM: Final = (
    Behaviour(
        "one-address",
        "all services of all accounts answer at one address on loopback, without TLS; NetSuite has a host for each",
        Known.OWN,
        (own("What is served"), oracle("chapter_157011836591")),
    ),
    Behaviour(
        "account-of-a-request",
        "the account is that of the realm, of the access token, or of the certificate or client id of an assertion",
        Known.OWN,
        (own("OAuth 2.0"),),
    ),
    Behaviour(
        "account-clock",
        "every account has a clock that can be moved; certificates end by it",
        Known.OWN,
        (own("Time"),),
    ),
    Behaviour(
        "not-served",
        "what is not served is refused: 501 NOT_SERVED_BY_EMULATOR under /services/rest, 404 elsewhere",
        Known.OWN,
        (own("What is served"),),
    ),
    Behaviour(
        "one-request-after-another",
        "changes are carried out one after another, so that no two ever meet; queries of a file are read beside them",
        Known.OWN,
        (own("Simpler than NetSuite on purpose"),),
    ),
    Behaviour(
        "refresh-at-once",
        "a sandbox refresh takes a moment and takes tokens and mappings only; all other data stays",
        Known.OWN,
        (own("The back door"),),
    ),
    Behaviour(
        "new-employee-by-the-back-door",
        "a new employee is active, without access and without roles: each is given by a request of its own",
        Known.OWN,
        (own("The back door"),),
    ),
    Behaviour(
        "faults-and-latency",
        "injected faults hit a request before the login check, so that they leave no row in the login audit trail"
        " unless they come after the work; no fault and no latency touches the back door",
        Known.OWN,
        (own("The back door"),),
    ),
)
