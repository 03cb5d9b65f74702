"""What nobody documents for certain about NetSuite, what is assumed of it, and what an account shows.

The names are those of `reconciler emulator behaviours`, which has the sources; the marks are those of netsuite.md.
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
    mark: str
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
    Doubt(
        "role-assignment-table", "the table that holds who has which role", "likely", "employeerolesforsearch", _TABLE
    ),
    Doubt("role-assignment-permission", "what opens that table", "unknown", "all", _BOTH),
    Doubt("integration-table", "the table of integration records", "likely", "integrationapp", _TABLE),
    Doubt("integration-permission", "what opens that table", "unknown", "all", _BOTH),
    Doubt("employee-externalid-column", "a column externalid of employee", "unknown", "absent", _TABLE),
    Doubt("employee-more-columns", "columns of employee that one source each shows", "likely", "present", _TABLE),
    Doubt("own-token-table", "the table useroauthtoken", "likely", "present", "the role lacks User Access Tokens"),
    Doubt("admin-rows-visible", "lesser roles see the rows of administrators", "likely", "yes", _ADMINISTRATOR),
    Doubt("revoked-inactive", "binactive of a revoked token", "unknown", "T", "no token of this account is revoked"),
    Doubt("suiteql-params", "bound parameters in SuiteQL", "likely", "accepted", "no query with one was answered"),
    Doubt("suiteql-missing-record", "the words for a table that is not there", "likely", "not-found", "no answer"),
    Doubt("suiteql-fetch-first", "FETCH FIRST n ROWS ONLY", "unknown", "served", _TABLE),
    Doubt("suiteql-unnamed", "an expression without an alias", "unknown", "numbered", _TABLE),
    Doubt(
        "suiteql-date-format", "how a bare date is printed", "unknown", "M/D/YYYY", "no date that tells day from month"
    ),
    Doubt("suiteql-sysdate-zone", "the zone of SYSDATE, against that of the trail", "unknown", "same", _OWN_ROWS),
    Doubt("loginaudit-count", "COUNT(*) on loginaudit without GROUP BY", "likely", "correct", _OWN_ROWS),
    Doubt("loginaudit-rows", "a row for each call, or one for each session", "unknown", "every-call", _OWN_ROWS),
    Doubt("loginaudit-delay", "seconds until a row of the trail is to be seen", "unknown", "0", _OWN_ROWS),
    Doubt(
        "loginaudit-failed-role",
        "the role of a failed login whose token is known",
        "unknown",
        "token",
        "no login with a known token failed lately",
    ),
    Doubt("admin-record-status", "the refusal of an administrator's record", "likely", "400", _ADMINISTRATOR),
    Doubt("admin-record-code", "the code of that refusal", "unknown", "USER_ERROR", _ADMINISTRATOR),
    Doubt(
        "roles-keyed", "the roles of an employee as a keyed list", "unknown", "no", "the catalog does not describe it"
    ),
    Doubt("roles-line-key", "how a line of roles is addressed", "unknown", "number", "the own record cannot be read"),
    Doubt(
        "unknown-parameter", "an unknown query parameter of a record", "unknown", "refused", "the record cannot be read"
    ),
    Doubt("tokeninfo-names", "the names in the answer of tokeninfo", "likely", "camel-case", "asked with a token only"),
    Doubt("tokeninfo-ids", "the ids in the answer of tokeninfo", "unknown", "text", "asked with a token only"),
    Doubt(
        "governance-limits-refused",
        "the concurrency limits for anybody but an Administrator",
        "likely",
        "403",
        _ADMINISTRATOR,
    ),
)

# Not to be seen by anybody who only reads, and why; by reason.
UNSEEN: Final[Mapping[str, tuple[str, ...]]] = {
    "only a write shows it": (
        "roles-patch", "admin-assign-by-rest", "access-without-password", "write-without-content-type",
        "read-only-fields", "malformed-body", "bad-value-code", "warning-header", "subsidiary-required",
        "email-unique", "wrong-content-type", "employee-note-prefix", "web-services-context",
    ),
    "only a login that fails shows it, and doctor makes none": (
        "loginaudit-failed-application", "oauth-challenge", "timestamp-order", "oauth-version-parameter", "token-error",
        "token-wrong-algorithm", "assertion-skew", "assertion-replay", "assertion-audience-check",
        "assertion-audience-detail", "assertion-fractions", "other-integrations-certificate", "oauth-body-hash",
        "web-services-only-detail", "restlet-unknown-script-status", "datacenterurls-error-code",
    ),
    "it takes a second login in another time zone": ("loginaudit-zone", "suiteql-zone", "token-date-zone"),
    "it takes more requests at once than the account allows": ("retry-after", "slow-login-seconds"),
    "only a change of certificates shows it": (
        "second-certificate", "revoked-certificate-tokens", "certificate-dates", "own-certificates-permission",
        "loginaudit-token-request", "access-token-algorithm",
    ),
    "only a person at the pages sees it": (
        "page-revoked-filter", "connector-failed-test", "token-flow-code", "token-flow-status", "token-flow-permission",
        "request-token-life", "revoketoken-permission", "revoketoken-refusal-status", "revoketoken-body",
    ),
    "nothing here rests on it, so it is not asked": (
        "suiteql-other-params", "suiteql-content-type", "suiteql-row-cap", "suiteql-display-filter",
        "unknown-record-code", "record-without-permission", "wrong-method-code", "wrong-accept", "page-beyond-last",
        "external-id-case", "filter-case", "filter-not-empty", "filter-zone", "filter-times", "catalog-describes",
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
