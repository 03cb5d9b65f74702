"""What nobody documents for certain about NetSuite, what is assumed of it, and what an account shows.

The names are those of `reconciler emulator behaviours`, which says how sure each is, and has the sources.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How an account stands to an assumption; the value is the word in output and report."""

    OBSERVED = "observed"
    CONTRADICTS = "contradicts"
    NOT_OBSERVABLE = "not observable"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An assumption that doctor can hold against an account.

    `unseen` says why an account may not show it. `is_number` says that any other number is no contradiction.
    """

    name: str
    text: str
    assumed: str
    unseen: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A doubt after a look: `value` is what the account does, `why` what keeps it from showing that."""

    name: str
    standing: Standing
    assumed: str = ""
    value: str = ""
    text: str = ""
    why: str = ""


_TABLE: Final = "the table cannot be read"
_BOTH: Final = "the role holds what may open it, so which of it does is not to be told"
_OWN_ROWS: Final = "no row of this login was found in the audit trail"
_ADMINISTRATOR: Final = "the login is an Administrator, who sees all"

DOUBTS: Final = (
    Doubt("role-assignment-table", "the table that holds who has which role", "employeerolesforsearch", _TABLE),
    Doubt("role-assignment-permission", "what opens that table", "all", _BOTH),
    Doubt("integration-table", "the table of integration records", "integrationapp", _TABLE),
    Doubt("integration-permission", "what opens that table", "all", _BOTH),
    Doubt("employee-externalid-column", "a column externalid of employee", "absent", _TABLE),
    Doubt("employee-more-columns", "columns of employee that one source each shows", "present", _TABLE),
    Doubt("own-token-table", "the table useroauthtoken", "present", "the role lacks User Access Tokens"),
    Doubt("admin-rows-visible", "lesser roles see the rows of administrators", "yes", _ADMINISTRATOR),
    Doubt("revoked-inactive", "binactive of a revoked token", "T", "no token of this account is revoked"),
    Doubt("suiteql-params", "bound parameters in SuiteQL", "accepted", "no query with one was answered"),
    Doubt("suiteql-missing-record", "the words for a table that is not there", "not-found", "no answer"),
    Doubt("suiteql-fetch-first", "FETCH FIRST n ROWS ONLY", "served", _TABLE),
    Doubt("suiteql-unnamed", "an expression without an alias", "numbered", _TABLE),
    Doubt("suiteql-date-format", "how a bare date is printed", "M/D/YYYY", "no date that tells day from month"),
    Doubt("suiteql-sysdate-zone", "the zone of SYSDATE, against that of the trail", "same", _OWN_ROWS),
    Doubt("loginaudit-count", "COUNT(*) on loginaudit without GROUP BY", "correct", _OWN_ROWS),
    Doubt("loginaudit-rows", "a row for each call, or one for each session", "every-call", _OWN_ROWS),
    Doubt("loginaudit-delay", "seconds until a row of the trail is to be seen", "0", _OWN_ROWS),
    Doubt(
        "loginaudit-failed-role",
        "the role of a failed login whose token is known",
        "token",
        "no login with a known token failed lately",
    ),
    Doubt("admin-record-status", "the refusal of an administrator's record", "400", _ADMINISTRATOR),
    Doubt("admin-record-code", "the code of that refusal", "USER_ERROR", _ADMINISTRATOR),
    Doubt("roles-keyed", "the roles of an employee as a keyed list", "no", "the catalog does not describe it"),
    Doubt("roles-line-key", "how a line of roles is addressed", "number", "the own record cannot be read"),
    Doubt("unknown-parameter", "an unknown query parameter of a record", "refused", "the record cannot be read"),
    Doubt("tokeninfo-names", "the names in the answer of tokeninfo", "camel-case", "asked with a token only"),
    Doubt("tokeninfo-ids", "the ids in the answer of tokeninfo", "text", "asked with a token only"),
    Doubt("integration-columns", "the columns of that table: id, name, state, createddate", "present", _TABLE),
    Doubt("loginaudit-requesturi", "requesturi in the trail, without its query", "path", _OWN_ROWS),
    Doubt("oauth2-audit-row", "the token name of a login with a certificate", "empty", "the login has a token"),
    Doubt(
        "governance-limits-refused",
        "the concurrency limits for anybody but an Administrator",
        "403",
        _ADMINISTRATOR,
    ),
)

# Not to be seen by anybody who only reads, and why; by reason.
UNSEEN: Final[Mapping[str, tuple[str, ...]]] = {
    "only a write shows it": (
        "roles-patch", "admin-assign-by-rest", "access-without-password", "write-without-content-type",
        "read-only-fields", "malformed-body", "bad-value-code", "warning-header", "subsidiary-required",
        "email-unique", "wrong-content-type", "employee-note-prefix", "web-services-context", "record-write-permission",
        "record-field-names", "record-check-order", "roles-twice", "admin-assigning-error", "employee-deleted-mappings",
        "employee-deleted-self", "integration-edit", "token-for-administrators", "token-needs-a-login",
        "token-default-name", "new-employee-note", "order-by-a-person",
    ),
    "only a login that fails shows it, and doctor makes none": (
        "loginaudit-failed-application", "oauth-challenge", "timestamp-order", "oauth-version-parameter", "token-error",
        "token-wrong-algorithm", "assertion-skew", "assertion-replay", "assertion-audience-check",
        "assertion-audience-detail", "assertion-fractions", "other-integrations-certificate", "oauth-body-hash",
        "web-services-only-detail", "restlet-unknown-script-status", "datacenterurls-error-code", "login-unknown-realm",
        "login-nonce-of-refused-request", "login-check-order", "login-before-path", "oauth-parameters",
        "assertion-check-order", "assertion-details", "token-error-shape", "token-request-out-of-form",
        "access-token-refusal-body", "oauth2-grant-missing",
    ),
    "it takes a second login in another time zone": ("loginaudit-zone", "suiteql-zone", "token-date-zone"),
    "it takes a login with other permissions": (
        "login-of-administrators", "suiteql-permission-level", "entity-table", "transaction-rows",
        "record-read-permission", "collection-administrators",
    ),
    "it takes more requests at once than the account allows": (
        "retry-after", "slow-login-seconds", "concurrency-before-login", "concurrency-of-token-requests",
    ),
    "only a change in the account shows it, made while one looks": (
        "access-token-rechecked", "loginaudit-retention", "systemnote-type-numbers", "systemnote-of-orders",
        "systemnote-of-integrations", "systemnote-of-tokens", "systemnote-without-access",
        "sandbox-refresh-access-tokens",
    ),
    "only a change of certificates shows it": (
        "second-certificate", "revoked-certificate-tokens", "certificate-dates", "own-certificates-permission",
        "loginaudit-token-request", "access-token-algorithm", "certificate-mapping-id",
        "certificate-for-administrators", "certificate-endpoint-own", "certificate-endpoint-level",
        "certificate-endpoint-errors",
    ),
    "only a person at the pages sees it": (
        "page-revoked-filter", "connector-failed-test", "token-flow-code", "token-flow-status", "token-flow-permission",
        "request-token-life", "revoketoken-permission", "revoketoken-refusal-status", "revoketoken-body",
        "access-history-words", "connector-test", "connector-messages", "connector-service", "preferences-are-ones-own",
        "page-token-columns", "page-revoke-asks", "page-user-rows", "page-trail-columns", "page-trail-advanced",
        "page-note-types", "page-zone-elsewhere", "page-violation", "page-role-not-added",
    ),
    "nothing here rests on it, so it is not asked": (
        "suiteql-other-params", "suiteql-content-type", "suiteql-row-cap", "suiteql-display-filter",
        "unknown-record-code", "record-without-permission", "wrong-method-code", "wrong-accept", "page-beyond-last",
        "external-id-case", "filter-case", "filter-not-empty", "filter-zone", "filter-times", "catalog-describes",
        "suiteql-texts", "suiteql-names", "suiteql-nulls", "suiteql-oracle-rules", "error-type-sections",
        "record-empty-fields", "record-roles-sublist", "largest-body",
    ),
}  # fmt: skip


def judged(seen: Mapping[str, str]) -> Iterator[Judged]:
    """Every doubt, held against what an account showed, in the order of this module."""
    for doubt in DOUBTS:
        value = seen.get(doubt.name)
        if value is None:
            yield Judged(doubt.name, Standing.NOT_OBSERVABLE, doubt.assumed, text=doubt.text, why=doubt.unseen)
        else:
            standing = Standing.OBSERVED if value == doubt.assumed else Standing.CONTRADICTS
            yield Judged(doubt.name, standing, doubt.assumed, value, doubt.text)
    for why, names in UNSEEN.items():
        for name in names:
            yield Judged(name, Standing.NOT_OBSERVABLE, why=why)
