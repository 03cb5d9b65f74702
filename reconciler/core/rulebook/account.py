"""What a file names, and the account does not have, or not just once."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

ACCOUNT: Final = (
    Entry(
        "undecided",
        Severity.ERROR,
        "Cannot say whether this is as desired",
        "Something that this entry rests on could not be read from NetSuite, so nothing is planned "
        "for it. The findings named `gap` say what and why.",
        "Acting on half a picture is how a working token is taken away. The exit code is 4, for "
        "nobody can say that all is well.",
        "Do what the `gap` findings say, mostly grant a permission to the role that reads; then plan again.",
        ("docs/doubts.md#what-is-hidden",),
    ),
    Entry(
        "unknown-employee",
        Severity.ERROR,
        "Unknown employee",
        "No employee of the account is who the file names, or the role that reads may not see them: "
        "NetSuite answers both alike.",
        "Without the person nothing can be planned for the entry.",
        "Check the spelling. Give the role that reads Employee Record (View), without employee or "
        "subsidiary restrictions.",
        ("docs/doubts.md#people-and-tokens",),
    ),
    Entry(
        "ambiguous-employee",
        Severity.ERROR,
        "More than one employee fits",
        "What the file says of a person fits several active employees.",
        "Giving a role to the wrong one of them would give access to the wrong person.",
        "Name the person by `entity_id`, or give each employee an e-mail address of their own.",
        ("docs/doubts.md#people-and-tokens",),
    ),
    Entry(
        "employee-inactive",
        Severity.ERROR,
        "Employee is inactive",
        "Somebody whom the file needs to be active, such as a standby, is inactive.",
        "NetSuite refuses every login of somebody who is inactive.",
        "Name an active employee, or take the entry out.",
        (oracle("subsect_156935170194"),),
    ),
    Entry(
        "owner-inactive",
        Severity.ERROR,
        "Owner is inactive",
        "The declared owner of a token is inactive; in a review also the owner of any live token.",
        "No token of an inactive employee can log in: the integration is down, or goes down with the "
        "change. Nothing under `integrations` makes a person active again, for that gives access to "
        "more than a token.",
        "Name an active owner, and the plan shows the steps of the handover. Or ask for the person "
        "under `employees` with `active: true`.",
        (oracle("bridgehead_4249078810"),),
    ),
    Entry(
        "owner-without-access",
        Severity.ERROR,
        "Owner has no access",
        "The declared owner of a token may not log in: *Give Access* is not ticked. In a review also "
        "the owner of any live token.",
        "No token of theirs can log in. Nothing under `integrations` gives access to a person.",
        "Name an owner who has access, or ask for it under `employees` with `access: true`.",
        (oracle("bridgehead_4249078810"),),
    ),
    Entry(
        "unknown-role",
        Severity.ERROR,
        "Unknown role",
        "The account has no role of that name or script ID, or hides it from the role that reads.",
        "Without the role no token can be made and nothing can be granted.",
        "Take the name from the hint or from Setup > Users/Roles > Manage Roles.",
    ),
    Entry(
        "ambiguous-role",
        Severity.ERROR,
        "More than one role fits",
        "Several active roles have the name.",
        "Which of them is meant decides what a person may do.",
        "Name the role by its script ID (`customrole…`).",
    ),
    Entry(
        "role-inactive",
        Severity.ERROR,
        "Role is inactive",
        "The role that the file names is inactive.",
        "Nobody can log in with an inactive role, and nothing here makes a role active.",
        "Activate it at Setup > Users/Roles > Manage Roles, or name another role.",
    ),
    Entry(
        "unknown-application",
        Severity.ERROR,
        "Unknown application",
        "The account has no integration record of that name. In old accounts the Connector's record "
        "is called FarApp. In a review the same is said of an application that has neither a record "
        "nor a token.",
        "A token belongs to an integration record; without one none can be made.",
        "Correct the name, or look at Setup > Integration > Manage Integrations with *Show Inactives* "
        "ticked: blocked records are hidden there otherwise. If it is not there, install the SuiteApp "
        "that brings it.",
        (oracle("section_163030977006"),),
    ),
    Entry(
        "ambiguous-application",
        Severity.ERROR,
        "More than one integration record fits",
        "Several integration records have the name that the file gives.",
        "Which of them an application logs in with cannot be told, so nothing is changed.",
        "Rename one of them at Setup > Integration > Manage Integrations.",
    ),
    Entry(
        "unknown-login",
        Severity.ERROR,
        "Unknown login",
        "`acts_as` of one of the tool's own logins names nobody, an inactive role, or more than one that fits.",
        "The guards that keep the tool from shutting itself out rest on who its logins are.",
        "Correct `acts_as`. Give the role that reads Employee Record (View) and Bulk Manage Roles (View).",
    ),
    Entry(
        "wrong-reader",
        Severity.WARNING,
        "The reading login is somebody else",
        "The login that reads turned out to be another person or role than `acts_as` declares.",
        "What that role cannot see is not planned.",
        "Correct `acts_as`, or the credentials that `login` refers to.",
    ),
    Entry(
        "own-login-inactive",
        Severity.WARNING,
        "A login of this tool stops working",
        "The person behind one of the tool's own logins is inactive, has no access, lacks the role of "
        "the login, or would lose one of these by this plan.",
        "NetSuite refuses such a login, and from then on nothing can be planned, watched or applied. "
        "Integrations go on working.",
        "Give the tool's employee what it needs, or let it log in as somebody else.",
    ),
    Entry(
        "own-certificate-ends",
        Severity.WARNING,
        "The certificate of this tool's login ends",
        "The certificate by which the tool logs in ends within 60 days.",
        "From then on NetSuite refuses the login. Integrations go on working, but nobody watches them.",
        "Make a new key and certificate, add it at Setup > Integration > Manage Authentication > "
        "OAuth 2.0 Client Credentials (M2M) Setup for the same employee, role and application, point "
        "`certificate_id` and `private_key` to it, and revoke the old one when a plan has worked.",
        (oracle("section_162686838198"),),
    ),
)
