"""What an access review finds."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

REVIEW: Final = (
    Entry(
        "owner-without-token-role",
        Severity.ERROR,
        "Owner lacks the role of the token",
        "The owner of a live token does not hold the role that the token was made for.",
        "The token stays active and cannot be used until the role is given back.",
        "Give the role back to the owner, or hand the token over: `plan` shows the steps.",
        (
            "docs/review.md",
            oracle("bridgehead_4249078810"),
        ),
    ),
    Entry(
        "owner-without-administrator",
        Severity.ERROR,
        "Owner is no Administrator",
        "The owner of the Connector's token, or of one whose `required_roles` name it, does not hold Administrator.",
        "NetSuite Connector asks for it, and may fail in parts without it.",
        "Give the role back to the owner, or hand the token over: `plan` shows the steps.",
        (
            "docs/review.md",
            oracle("section_162606561992"),
        ),
    ),
    Entry(
        "owner-without-required-role",
        Severity.ERROR,
        "Owner lacks a required role",
        "The owner of a token does not hold one of `required_roles`.",
        "The integration may fail in parts, although it can log in.",
        "Give the role to the owner, or hand the token over: `plan` shows the steps.",
        ("docs/review.md",),
    ),
    Entry(
        "owner-unknown",
        Severity.WARNING,
        "Owner of a token is not to be seen",
        "The owner of a live token is no employee that the role which reads can see: perhaps a "
        "partner or vendor, or hidden.",
        "Who answers for what the integration does cannot be told.",
        "Look the token up at Setup > Users/Roles > Access Tokens.",
        ("docs/review.md",),
    ),
    Entry(
        "shared-owner",
        Severity.WARNING,
        "One person owns tokens of several applications",
        "One person owns live tokens of more than one application.",
        "When that person leaves, all of them stop at once; and System Notes cannot tell which "
        "application did something.",
        "Give each application an owner of its own.",
        ("docs/review.md",),
    ),
    Entry(
        "token-on-undeclared-owner",
        Severity.ERROR,
        "Token belongs to somebody else than declared",
        "A live token of a declared application belongs to somebody else than the file declares.",
        "Whoever owns the token is who acts in NetSuite, whatever the file says.",
        "`plan` shows the steps to the declared owner; or declare the one who is meant.",
        ("docs/review.md",),
    ),
    Entry(
        "token-role-missing",
        Severity.ERROR,
        "Role of a token is missing",
        "The role that a live token was made for is not there any more, or the declared one is not "
        "there. As the reason of a change in a plan: the declared owner does not hold the role of the "
        "token.",
        "A token stays active and cannot be used while its owner lacks its role.",
        "In a plan, apply grants the role or tells a person to. Where the role itself is gone, make a "
        "token for one that is there, and declare that role.",
        (
            "docs/review.md",
            oracle("bridgehead_4249078810"),
        ),
    ),
    Entry(
        "token-role-inactive",
        Severity.ERROR,
        "Role of a token is inactive",
        "The role that a live token was made for is inactive.",
        "NetSuite refuses every login with it.",
        "Setup > Users/Roles > Manage Roles > the role > Edit > clear the box Inactive > Save.",
        (
            "docs/review.md",
            oracle("subsect_156935170194"),
        ),
    ),
    Entry(
        "token-role-without-token-login",
        Severity.ERROR,
        "Role of a token may not log in with tokens",
        "The role of a live token holds neither *Log in using Access Tokens* nor *User Access Tokens*.",
        "NetSuite refuses every login with that token.",
        "Setup > Users/Roles > Manage Roles > the role > Edit > Permissions > Setup > Log in using "
        "Access Tokens (Full) > Save.",
        (
            "docs/review.md",
            oracle("subsect_156935170194"),
        ),
    ),
    Entry(
        "token-role-without-rest",
        Severity.ERROR,
        "Role of a token may not use REST",
        "The role of the Connector's token lacks *REST Web Services*. That happens when the feature "
        "was off while the SuiteApp was installed.",
        "What the Connector does by REST is refused.",
        "Setup > Users/Roles > Manage Roles > the role > Edit > Permissions > Setup > REST Web Services (Full) > Save.",
        (
            "docs/review.md",
            oracle("section_163048972922"),
        ),
    ),
    Entry(
        "token-role-without-cross-subsidiary",
        Severity.WARNING,
        "Role of a token sees one subsidiary only",
        "The role of the Connector's token may not view records of other subsidiaries.",
        "Orders of other subsidiaries may be missing or fail.",
        "Setup > Users/Roles > Manage Roles > the role > Edit > Subsidiary Restrictions > Allow "
        "Cross-Subsidiary Record Viewing > Save.",
        (
            "docs/review.md",
            oracle("section_162606561992"),
        ),
    ),
    Entry(
        "stray-role-holder",
        Severity.WARNING,
        "Somebody holds the role of a token without one",
        "Somebody holds the role of a token, owns no live token for it, and is neither a standby nor "
        "listed with the role.",
        "They may do what the integration may, and could make themselves a token for it.",
        "List the person under `standby`, or take the role away.",
        ("docs/review.md",),
    ),
    Entry(
        "token-unused",
        Severity.WARNING,
        "Token is not used",
        "A live token was not used for longer than `review.unused`, counted from the day it was made "
        "where it never was.",
        "Nobody would notice if somebody else began to use it.",
        "Make it inactive when nothing needs it. A new token that nobody entered may have lost its secret.",
        ("docs/review.md",),
    ),
    Entry(
        "token-age",
        Severity.WARNING,
        "Token is old",
        "A live token is older than `review.token_age`.",
        "Tokens never expire, so whoever copied one once can use it for ever.",
        "Declare `token_not_before` with a day after it was made: `plan` shows the steps to a new one.",
        (
            "docs/review.md",
            oracle("bridgehead_4249078810"),
        ),
    ),
    Entry(
        "several-live-tokens",
        Severity.WARNING,
        "Several live tokens of one application",
        "An application has more than one live token.",
        "Each of them is a way in; only one is needed.",
        "Where the application is declared, `plan` shows which are left over.",
        ("docs/review.md",),
    ),
    Entry(
        "no-live-token",
        Severity.ERROR,
        "Application has no live token",
        "A declared application has no token that could log in.",
        "It is down, or does nothing.",
        "`plan` shows the steps to a new token.",
        ("docs/review.md",),
    ),
    Entry(
        "administrator-token",
        Severity.ERROR,
        "Token of an Administrator",
        "A live token was made for the Administrator role.",
        "Whoever has it may do everything in the account.",
        "Give the application a role with what it needs, and a token for that role.",
        ("docs/review.md",),
    ),
    Entry(
        "undeclared-application",
        Severity.WARNING,
        "Application is not declared",
        "An application that the file does not declare has a live token.",
        "Nobody decided who owns it, and nobody notices when it stops. It is listed only; nothing "
        "undeclared is changed.",
        "Declare it under `integrations`, or revoke its tokens; `reconciler import` writes the entry.",
        ("docs/review.md",),
    ),
    Entry(
        "last-administrator",
        Severity.ERROR,
        "Last administrator",
        "One active administrator, or none, is to be seen.",
        "When that person cannot log in, nobody can repair the account but NetSuite's support. More "
        "may be there than the role that reads can see.",
        "Make a second person Administrator, such as an emergency account.",
        ("docs/review.md",),
    ),
    Entry(
        "few-administrators",
        Severity.WARNING,
        "Few administrators",
        "Fewer active administrators are to be seen than `guards.min_administrators` asks for.",
        "The guard of that name holds back every removal.",
        "Make another person Administrator, or lower the limit.",
        (
            "docs/review.md",
            "docs/apply.md#guards",
        ),
    ),
    Entry(
        "integration-blocked",
        Severity.ERROR,
        "Integration record is not enabled",
        "The State of an application's integration record is not Enabled. `doctor` says the same of "
        "the record that the tool's own login belongs to.",
        "NetSuite refuses every login of the application with `consumer_key_refused` or `IntegrationBlocked`.",
        "Setup > Integration > Manage Integrations (Show Inactives) > the record > Edit > State: Enabled > Save.",
        (
            oracle("section_162606561992"),
            oracle("subsect_156935170194"),
        ),
    ),
    Entry(
        "tba-ends",
        Severity.WARNING,
        "Token-based authentication ends",
        "A declared application logs in with a token. No new integrations with tokens can be made "
        "from 2027.1 on; support for existing ones ends tentatively with 2028.1.",
        "Without another way to log in the application stops on that day.",
        "Ask the vendor for the version that uses OAuth 2.0, and when it comes.",
        (oracle("section_0525020842"),),
    ),
)
