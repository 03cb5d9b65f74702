"""Every rule of the access review; docs/review.md lists them, and a test holds the two together."""

from collections.abc import Sequence
from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.live import Gapped
from reconciler.core.review import account, owners, roles, tokens
from reconciler.core.review.rule import Rule

ERROR, WARNING = Severity.ERROR, Severity.WARNING
_OWNERS: Final = (Gapped.TOKENS, Gapped.EMPLOYEES)
_HELD: Final = (*_OWNERS, Gapped.GRANTS)
_ROLES: Final = (Gapped.TOKENS, Gapped.ROLES)
_PERMITTED: Final = (*_ROLES, Gapped.PERMISSIONS)
_USED: Final = (Gapped.TOKENS, Gapped.LOGINS, Gapped.AUDIT_CLOCK)
_HAND_OVER: Final = "name an owner who stays, and hand the token over: plan shows the steps"
_ADD_ROLE: Final = "give the role back to the owner, or hand the token over: plan shows the steps"
_EDIT_ROLE: Final = "Setup > Users/Roles > Manage Roles > the role > Edit"

RULES: Final[Sequence[Rule]] = (
    Rule("owner-inactive", ERROR, "Owner of a token is inactive", owners.inactive, _HAND_OVER, _OWNERS),
    Rule("owner-without-access", ERROR, "Owner of a token has no access", owners.without_access, _HAND_OVER, _OWNERS),
    Rule("owner-without-token-role", ERROR, "Owner lacks the role of the token", owners.without_token_role,
         _ADD_ROLE, _HELD),
    Rule("owner-without-administrator", ERROR, "Owner is no Administrator", owners.without_administrator,
         _ADD_ROLE, _HELD),
    Rule("owner-without-required-role", ERROR, "Owner lacks a required role", owners.without_required_role,
         _ADD_ROLE, _HELD),
    Rule("owner-unknown", WARNING, "Owner of a token is not to be seen", owners.unknown,
         "look the token up at Setup > Users/Roles > Access Tokens; an owner may be a partner or vendor", _OWNERS),
    Rule("shared-owner", WARNING, "One person owns tokens of several applications", owners.shared,
         "give each application an owner of its own", _OWNERS),
    Rule("token-on-undeclared-owner", ERROR, "Token belongs to somebody else than declared", owners.undeclared,
         "plan shows the steps to the declared owner; or declare the one who is meant", _OWNERS),
    Rule("token-role-missing", ERROR, "Role of a token is missing", roles.missing,
         "make a token for a role that is there, and declare that role", _ROLES),
    Rule("token-role-inactive", ERROR, "Role of a token is inactive", roles.inactive,
         f"{_EDIT_ROLE} > clear the box Inactive > Save", _ROLES),
    Rule("token-role-without-token-login", ERROR, "Role of a token may not log in with tokens",
         roles.without_token_login,
         f"{_EDIT_ROLE} > Permissions > Setup > Log in using Access Tokens (Full) > Save", _PERMITTED),
    Rule("token-role-without-rest", ERROR, "Role of a token may not use REST", roles.without_rest,
         f"{_EDIT_ROLE} > Permissions > Setup > REST Web Services (Full) > Save", _PERMITTED),
    Rule("token-role-without-cross-subsidiary", WARNING, "Role of a token sees one subsidiary only",
         roles.without_cross_subsidiary,
         f"{_EDIT_ROLE} > Subsidiary Restrictions > Allow Cross-Subsidiary Record Viewing > Save", _PERMITTED),
    Rule("stray-role-holder", WARNING, "Somebody holds the role of a token without one", roles.stray_holders,
         "list the person under standby, or take the role away", (*_HELD, Gapped.ROLES)),
    Rule("token-unused", WARNING, "Token is not used", tokens.unused,
         "make it inactive when nothing needs it; a new token that nobody entered may have lost its secret", _USED),
    Rule("token-age", WARNING, "Token is old", tokens.old,
         "declare token_not_before with a day after it was made: plan shows the steps to a new one",
         (Gapped.TOKENS, Gapped.AUDIT_CLOCK)),
    Rule("several-live-tokens", WARNING, "Several live tokens of one application", tokens.several,
         "plan shows which of them are left over, where the application is declared", (Gapped.TOKENS,)),
    Rule("cannot-tell-apart", WARNING, "Tokens cannot be told apart", tokens.alike,
         "make those that nobody uses inactive by hand, one after the other, and watch the logins", (Gapped.TOKENS,)),
    Rule("no-live-token", ERROR, "Application has no live token", tokens.missing,
         "plan shows the steps to a new one", (Gapped.TOKENS,)),
    Rule("administrator-token", ERROR, "Token of an Administrator", tokens.of_administrator,
         "give the application a role with what it needs, and a token for that role", (Gapped.TOKENS,)),
    Rule("undeclared-application", WARNING, "Application is not declared", tokens.of_undeclared_application,
         "declare it under integrations, or revoke its tokens; import writes the entry", (Gapped.TOKENS,)),
    Rule("failing-logins", ERROR, "Logins are refused", tokens.refused,
         "do what the reason says, or the steps that plan shows; then verify", (Gapped.TOKENS, Gapped.LOGINS)),
    Rule("last-administrator", ERROR, "Last administrator", account.last_administrator,
         "make a second person Administrator, such as an emergency account", (Gapped.EMPLOYEES, Gapped.GRANTS)),
    Rule("few-administrators", WARNING, "Few administrators", account.few_administrators,
         "make another person Administrator, or lower the limit", (Gapped.EMPLOYEES, Gapped.GRANTS)),
    Rule("integration-blocked", ERROR, "Integration record is not enabled", account.blocked,
         "Setup > Integration > Manage Integrations (Show Inactives) > the record > Edit > State: Enabled > Save",
         (Gapped.INTEGRATIONS, Gapped.TOKENS)),
    Rule("ambiguous-application", ERROR, "More than one integration record fits", account.ambiguous,
         "rename one of them at Setup > Integration > Manage Integrations", (Gapped.INTEGRATIONS,)),
    Rule("unknown-application", ERROR, "Application is not there", account.unknown,
         "correct the name, or install the SuiteApp that brings the record", (Gapped.INTEGRATIONS, Gapped.TOKENS)),
    Rule("sandbox-refreshed", ERROR, "All tokens are gone", account.refreshed,
         "plan shows the steps that make the declared ones again", (Gapped.TOKENS,)),
    Rule("tba-ends", WARNING, "Token-based authentication ends", account.tokens_end,
         "ask the vendor for the version that uses OAuth 2.0, and when it comes", (Gapped.TOKENS,)),
    Rule("own-certificate-ends", WARNING, "The certificate of this tool's login ends", account.certificate_ends,
         "add a new certificate at Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) "
         "Setup, and point the references of login to it"),
)  # fmt: skip
"""In the order of what they are about. A new one: a function, a line here, its row in the docs, its own test."""
