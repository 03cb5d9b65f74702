"""What a plan tells of tokens, logins and gaps."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

TOKENS: Final = (
    Entry(
        "outage",
        Severity.WARNING,
        "The application cannot log in",
        "No token is known to be in use that NetSuite would still accept. The detail tells of the "
        "last success, of refusals since, and what they mean.",
        'Orders stop, and the application itself says no more than "Invalid login attempt".',
        "Do what the hint says is soonest, often clearing the box Inactive; otherwise follow the steps of the plan.",
        ("docs/doubts.md#refused-logins", oracle("subsect_156935170194")),
    ),
    Entry(
        "failing-logins",
        Severity.WARNING,
        "Logins are being refused",
        "The application's logins have been refused since its last success. In a plan another token "
        "is there that would be accepted; a review tells of every application.",
        "Something else than a working token is entered, or the clock, the secrets or the record are "
        "wrong. What the application posts is late.",
        "Read the reason, which comes from the login audit trail, with what it means. Enter the token "
        "that would be accepted again, or correct what the reason names.",
        ("docs/doubts.md#refused-logins", oracle("subsect_156935170194")),
    ),
    Entry(
        "unknown-token-name",
        Severity.WARNING,
        "The token in use has another name now",
        "The application logged in under a token name that no token has any more; one of them may have been renamed.",
        "The login audit trail knows tokens by name alone, so whether that token is in use shows only "
        "at its next login.",
        "Wait for the next login. Do not rename tokens.",
        ("docs/doubts.md#people-and-tokens",),
    ),
    Entry(
        "not-seen",
        Severity.WARNING,
        "No recent login",
        "The application has not logged in for longer than `seen_within` allows.",
        "An integration that is silent is often one that is broken. It counts as drift.",
        "Look whether the application runs. If it is quiet by nature, declare a longer `seen_within`.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "cannot-tell-apart",
        Severity.WARNING,
        "Tokens cannot be told apart",
        "Two live tokens of the application have the same owner, role and name.",
        "The login audit trail knows tokens by name alone, so which of them is in use cannot be seen, "
        "and nothing is taken away.",
        "Make those that nobody uses inactive by hand, one after the other, and watch the logins. "
        "Give each token a name of its own.",
        ("docs/doubts.md#people-and-tokens",),
    ),
    Entry(
        "used-by-turns",
        Severity.WARNING,
        "Two tokens are in use by turns",
        "Within a week the application logged in with one token, then another, then the first again. "
        "So something else uses the same integration record.",
        "What uses the other token stops when that token is taken away.",
        "Give the other use an integration record and a token of its own first.",
    ),
    Entry(
        "other-holders",
        Severity.INFO,
        "Others hold the role of the token",
        "People hold the role of the token without being its owner, a standby, or the owner of a token for it.",
        "The role may do what the integration may. Whoever holds it without need is access that "
        "nobody asked for. Nothing is taken from them.",
        "List whoever may hold it under `standby`, or take the role away by hand.",
    ),
    Entry(
        "role-still-needed",
        Severity.INFO,
        "Role is still needed",
        "The previous owner keeps the role, because a live token of theirs, of this or another application, needs it.",
        "Without the role that token would stop working.",
        "Hand that token over as well, or have it revoked when nothing uses it.",
        (oracle("bridgehead_4249078810"),),
    ),
    Entry(
        "gap",
        Severity.WARNING,
        "Something could not be read",
        "A table of NetSuite could not be read, or not in full, or may hide rows from the role that "
        "reads. NetSuite does not say when a role sees fewer rows.",
        "Unread is not empty. What rests on it is not planned.",
        "Do what the hint says: mostly a permission to add to the role that reads, with its place in "
        "the menu. `reconciler doctor` lists all that are missing.",
        ("docs/doubts.md#what-is-hidden",),
    ),
    Entry(
        "clock-differs",
        Severity.WARNING,
        "Clocks differ",
        "This machine's clock and NetSuite's are more than a minute apart.",
        "Beyond five minutes NetSuite refuses every login that is signed here, and says only that the "
        "login is invalid.",
        "Set this machine's clock, best by a time service.",
        (oracle("subsect_156935170194"),),
    ),
    Entry(
        "sandbox-refreshed",
        Severity.WARNING,
        "All tokens are gone",
        "A sandbox has no token of any application, apart from this tool's own, as after a refresh.",
        "A refresh removes every token and never copies one from production. Every integration of the sandbox is down.",
        "Follow the plan: it makes the declared tokens again, in one go. Applications that no file "
        "declares need new tokens as well.",
        (oracle("bridgehead_4254081947"),),
    ),
    Entry(
        "sensitive-change",
        Severity.WARNING,
        "Adds an Administrator",
        "The change makes somebody an Administrator; or a pull request changes what protects the "
        "account: logins, guards, waivers, the store, or a file that decides how the pipeline runs.",
        "It heads the comment of a pull request, so that no reviewer overlooks it; where a plan is read "
        "otherwise, only an outage stands before it. An Administrator may do everything in the account.",
        "Read it as you would review the tool itself, and ask whoever proposed it why it is needed.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "also-affected",
        Severity.WARNING,
        "Tokens depend on what is taken away",
        "A step takes a role, access or activity from somebody, and tokens of other applications rest on it.",
        "They stop with that step.",
        "Hand those tokens over first, or make them inactive when nothing needs them.",
    ),
    Entry(
        "selection",
        Severity.INFO,
        "Part of the plan",
        "`--only` chose a part of the plan. The note lists what comes along because it is needed "
        "first, and what is left out.",
        "What is left out still differs from the file.",
        "Nothing. Plan without `--only` to see everything.",
    ),
)
