"""An environment file: what contradicts itself, or the account."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

MEANING: Final = (
    Entry(
        "account-form",
        Severity.ERROR,
        "Account is not written as NetSuite writes it",
        "The account ID is not in the form that NetSuite signs with: upper case letters and digits, "
        "and an underscore where addresses have a dash, as in `1234567_SB1`.",
        'A realm in another form is answered with "Invalid login attempt" and nothing else.',
        "Write it as the hint shows it. It stands at Setup > Company > Company Information.",
        ("https://github.com/fylein/netsuite-sdk-py/issues/29",),
    ),
    Entry(
        "release-preview",
        Severity.ERROR,
        "Release Preview is not supported",
        "The account is a Release Preview account (its ID ends in `_RP`) and integrations are declared for it.",
        "NetSuite Connector does not support Release Preview accounts.",
        "Use a sandbox (`_SB1`), or leave the integrations out and only look.",
        (oracle("section_162606561992"),),
    ),
    Entry(
        "not-a-date",
        Severity.ERROR,
        "No such date",
        "A date or time is written well and is not in the calendar, such as 30 February.",
        "When it would begin or end could not be told.",
        "Write a day, and a time, that exist.",
    ),
    Entry(
        "duplicate-application",
        Severity.ERROR,
        "Two integrations for one application",
        "Two entries under `integrations` name the same application.",
        "The token of an application has one owner. Two entries could ask for two.",
        "Keep one of them.",
    ),
    Entry(
        "duplicate-person",
        Severity.ERROR,
        "One person given twice",
        "Two entries mean the same person: in upper and lower case, or by e-mail and by another ID.",
        "What is asked of that person could not be told.",
        "Put the entries into one.",
    ),
    Entry(
        "standby-is-owner",
        Severity.ERROR,
        "Standby is the owner",
        "Somebody is listed as a standby of an integration that they own.",
        "The owner holds the role anyway; probably another person was meant.",
        "Remove the entry, or name who was meant.",
    ),
    Entry(
        "role-repeated",
        Severity.ERROR,
        "Token role repeated among the required roles",
        "The role of the token is listed under `required_roles` as well.",
        "The owner needs it in any case; probably another role was meant.",
        "Remove the entry, or name the role that was meant.",
    ),
    Entry(
        "owner-is-protected",
        Severity.WARNING,
        "Owner is a protected employee",
        "The owner of a token is listed under `guards.protected_employees`.",
        "The guard holds back whatever takes a role from that person, so a later change of owner "
        "could not take the token role back. An emergency account should own no token.",
        "Name another owner, or take the person off the list.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "owner-contradicts-employees",
        Severity.ERROR,
        "Owner contradicts the employees section",
        "Somebody owns the token of an integration and is declared inactive, without access, or with "
        "exactly a set of roles that lacks one that owning it needs.",
        "The token of an owner without access or without its role cannot log in.",
        "Name another owner first, in a change of its own, or correct the entry under `employees`.",
        (oracle("bridgehead_4249078810"),),
    ),
    Entry(
        "standby-contradicts-employees",
        Severity.ERROR,
        "Standby contradicts the employees section",
        "Somebody is a standby of an integration and is declared inactive.",
        "Somebody who is inactive cannot take over.",
        "Take the person off `standby`, or declare them active.",
    ),
    Entry(
        "login-contradicts-employees",
        Severity.ERROR,
        "This tool's own login contradicts the employees section",
        "The person that one of the tool's logins acts as is declared inactive, without access, or "
        "without the role of that login.",
        "The tool would shut itself out, and nobody would see what happens after that.",
        "Let the login act as somebody else, or correct the entry under `employees`.",
    ),
    Entry(
        "protected-contradicts-employees",
        Severity.WARNING,
        "Protected employee would lose something",
        "Somebody is listed under `guards.protected_employees`, and an entry under `employees` takes "
        "something from them.",
        "The guard holds it back, so the plan never becomes empty.",
        "Write `at_least` instead of `exactly`, leave the key out, or take the person off the list in "
        "a change of its own.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "inactive-with-access",
        Severity.ERROR,
        "Access for somebody who is inactive",
        "An entry under `employees` says `active: false` and `access: true`.",
        "Nobody who is inactive can log in, so one of the two is a mistake.",
        "Write `access: false`, or leave it out.",
    ),
    Entry(
        "freeze-order",
        Severity.ERROR,
        "Freeze ends before it begins",
        "A window under `guards.freeze` has an end that is not later than its beginning.",
        "It would never hold anything back.",
        "Write a later end.",
        ("docs/apply.md#guards",),
    ),
    Entry(
        "unknown-address",
        Severity.ERROR,
        "Unknown address",
        "A waiver names an address at which the file declares nothing.",
        "It would accept nothing, or something else than was meant later on.",
        "Write `integrations.KEY` or `employees.KEY` as the file declares it; a key that holds a dot is quoted.",
    ),
)
