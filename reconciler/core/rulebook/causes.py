"""Why a login of this tool does not work, as doctor tells it."""

from typing import Final

from reconciler.core.rulebook.entry import Entry, oracle

CAUSES: Final = (
    Entry(
        "reference-unset",
        None,
        "A part of the login is not there",
        "A reference of the login leads to nothing: an unset variable, or a file that is not there.",
        "There is no login to try.",
        "Set the variable, or put the secret into the file.",
        ("docs/doctor.md", "docs/reference/configuration.md"),
    ),
    Entry(
        "clock-wrong",
        None,
        "The clock of this machine is wrong",
        "This machine's clock is more than about five minutes off NetSuite's, or the login audit trail says so.",
        "Every login that is signed here is refused.",
        "Set the clock, best by a time service.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "account-unknown",
        None,
        "NetSuite knows no such account",
        "NetSuite says to anybody who asks that there is no such account.",
        "The ID is misspelt, or the account is closed.",
        "Write the Account ID of Setup > Company > Company Information: upper case, `_SB1` for a sandbox.",
        ("docs/doctor.md", oracle("section_1498251763")),
    ),
    Entry(
        "unreachable",
        None,
        "NetSuite does not answer",
        "No connection came about, or no answer came in time.",
        "Nothing can be said about the login.",
        "Check the network, a proxy or firewall in between, and NetSuite's status page.",
        ("docs/doctor.md",),
    ),
    Entry(
        "concurrency-exhausted",
        None,
        "Too many requests at once in this account",
        "NetSuite refused the request because as many as it allows are under way. All integrations of "
        "an account share that number.",
        "The login itself may be good.",
        "Run again when less is going on, or lower `concurrency`.",
        ("docs/doctor.md", oracle("bridgehead_1500275603")),
    ),
    Entry(
        "consumer-key-unknown",
        None,
        "The consumer key or client id is of no integration record",
        "No integration record of the account has the consumer key or client ID.",
        "It was copied from another account, misspelt, or reset.",
        "Setup > Integration > Manage Integrations > the record > Edit > Reset Credentials, and put "
        "the new ones where the references lead. Reset only what no other program uses.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "token-rejected",
        None,
        "The token is not accepted",
        "The token is unknown, inactive or revoked, or belongs to another application.",
        "After a refresh of a sandbox this is so for every token.",
        "Make a new token at Setup > Users/Roles > Access Tokens > New, and put it where the references lead.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "person-or-role-refused",
        None,
        "The person or the role may not log in",
        "The person or the role of the login is inactive, the person has no access or lost the role, or the role may "
        "not log in this way.",
        "The login audit trail says `permission_denied` or `EntityOrRoleDisabled` for all of these.",
        "Give the person access and the role, and the role *Log in using Access Tokens* or, for OAuth "
        "2.0, *Log in using OAuth 2.0 Access Tokens*.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "secret-wrong",
        None,
        "A secret of the login is wrong",
        "The signature does not fit: a secret or the account ID is wrong.",
        "Consumer secret and token secret are easily mixed up, or one is from another account.",
        "Enter the four parts of the login and the account again.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "key-and-certificate-differ",
        None,
        "The private key does not belong to the certificate",
        "The assertion was signed with another key than that of the certificate.",
        "After a rotation often one of the two is still the old one.",
        "Point `private_key` and `certificate_id` to the same pair.",
        ("docs/doctor.md", oracle("subsect_158324637123")),
    ),
    Entry(
        "certificate-ended-or-unknown",
        None,
        "The certificate has ended, was revoked or is unknown",
        "No valid certificate has the ID that the login names.",
        "Mappings of certificates end, are cleared by a refresh of a sandbox, and are not copied between accounts.",
        "Map a certificate at Setup > Integration > Manage Authentication > OAuth 2.0 Client "
        "Credentials (M2M) Setup, and write its ID.",
        ("docs/doctor.md", oracle("subsect_158324637123"), oracle("section_162686838198")),
    ),
    Entry(
        "feature-disabled",
        None,
        "The way to log in is switched off for the account",
        "The feature of this way to log in is off: Token-based Authentication, or OAuth 2.0.",
        "No login of that kind works in the whole account.",
        "Setup > Company > Enable Features > SuiteCloud: tick it.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "grant-missing",
        None,
        "The integration record does not allow this way to log in",
        "The integration record allows no client credentials, or not the scope that was asked for.",
        "The login is right, and the record does not let it in.",
        "Setup > Integration > Manage Integrations > the record > Edit: tick Client Credentials "
        "(Machine to Machine) Grant and the scope REST Web Services.",
        ("docs/doctor.md", oracle("subsect_158324637123")),
    ),
    Entry(
        "user-locked",
        None,
        "The user is locked for half an hour",
        "Five wrong passwords locked the person that the login belongs to.",
        "Logins are refused until the half hour is over.",
        "Wait for 30 minutes, and find out who tried.",
        ("docs/doctor.md", oracle("subsect_156935170194")),
    ),
    Entry(
        "rest-forbidden",
        None,
        "The login may not use REST web services",
        "The first request was answered with 403: the login is accepted, and may not do even that.",
        "Nothing of the account can be read.",
        "Setup > Users/Roles > Manage Roles > the role > Edit > Permissions > Setup > REST Web Services (Full) > Save. "
        "Where it is there, look at Setup > Company > Enable Features > SuiteCloud > REST Web Services, and whether a "
        "proxy answered instead of NetSuite.",
        ("docs/doctor.md", "docs/how-to/exit-codes.md#4"),
    ),
    Entry(
        "not-readable",
        None,
        "The answer is none of NetSuite's",
        "What answered is not what NetSuite documents: a proxy, a login page, an error of a server.",
        "Nothing can be said about the login.",
        "Look which host answered, then run again.",
        ("docs/doctor.md",),
    ),
)
