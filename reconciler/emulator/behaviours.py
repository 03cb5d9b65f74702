"""Everything NetSuite's documentation leaves open, as named switches that say how sure we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Known(StrEnum):
    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    OWN = "own choice"  # about the emulator itself, not about NetSuite


NUMBER: Final = "NUMBER"  # stands in `values` for any whole number that is not negative
TEXT: Final = "TEXT"  # stands in `values` for any text


@dataclass(frozen=True, slots=True)
class Behaviour:
    name: str
    default: str
    values: tuple[str, ...]
    known: Known  # how sure we are of the default
    source: str  # a section of the collected facts, netsuite.md, or of their second part, netsuite-2.md
    text: str

    def accepts(self, value: str) -> bool:
        is_number = value.isascii() and value.isdigit()
        return value in self.values or (NUMBER in self.values and is_number) or (TEXT in self.values and value != "")


BEHAVIOURS: Final = (
    Behaviour(
        "login-error-code",
        "INVALID_LOGIN",
        ("INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"),
        Known.CONFIRMED,
        "2.3",
        "o:errorCode of a refused login",
    ),
    Behaviour(
        "error-type",
        "rfc9110",
        ("rfc9110", "w3.org"),
        Known.CONFIRMED,
        "2.3",
        "which URL stands in `type` of an error: that of answers seen in 2026, or that of the documentation",
    ),
    Behaviour(
        "signature-clock",
        "machine",
        ("machine", "account"),
        Known.OWN,
        "none",
        "the clock of oauth_timestamp, iat and exp; the account's clock can be moved, and then nobody could sign",
    ),
    Behaviour(
        "access-token-clock",
        "machine",
        ("machine", "account"),
        Known.OWN,
        "none",
        "the clock an OAuth 2.0 access token ends by; with the account's, moving that clock ends tokens already issued",
    ),
    Behaviour(
        "access-token-life",
        "3600",
        (NUMBER,),
        Known.CONFIRMED,
        "4.1",
        "seconds an access token is valid, also said as expires_in",
    ),
    Behaviour(
        "token-type",
        "Bearer",
        ("Bearer", "bearer"),
        Known.CONFIRMED,
        "4.1",
        "token_type in the answer of the token endpoint; both stand in the documentation",
    ),
    Behaviour(
        "token-expires-in",
        "number",
        ("number", "text"),
        Known.CONFIRMED,
        "4.1",
        "whether expires_in is a JSON number or the same number as text",
    ),
    Behaviour(
        "token-error",
        "by-cause",
        ("by-cause", "invalid_request", "invalid_client", "invalid_grant"),
        Known.UNKNOWN,
        "4.1; part 2, 10",
        "the error word for a refused assertion: by its cause, or one for all; the words are documented, not their use",
    ),
    Behaviour(
        "token-wrong-algorithm",
        "400",
        ("400", "500"),
        Known.LIKELY,
        "part 2, 10",
        "HTTP status for an assertion signed with RS256 or any other algorithm that is not taken; 500 was seen",
    ),
    Behaviour(
        "assertion-life",
        "3600",
        (NUMBER,),
        Known.CONFIRMED,
        "4.1; part 2, 5",
        "the longest time from iat to exp, in seconds; the trail's TokenValidityTooBroad speaks of two hours (7200)",
    ),
    Behaviour(
        "assertion-skew",
        "0",
        (NUMBER,),
        Known.UNKNOWN,
        "part 2, 5",
        "seconds by which iat may lie in the future; its clock is that of signature-clock",
    ),
    Behaviour(
        "assertion-replay",
        "accepted",
        ("accepted", "refused"),
        Known.UNKNOWN,
        "4.1",
        "an assertion that was used before and has not expired: works again, or TokenRejected",
    ),
    Behaviour(
        "assertion-audience-detail",
        "TokenNotAcceptable",
        (TEXT,),
        Known.UNKNOWN,
        "part 2, 5",
        "`detail` in the audit trail for an assertion made for another URL (aud); no documented word is about it",
    ),
    Behaviour(
        "loginaudit-token-request",
        "failures",
        ("failures", "all"),
        Known.UNKNOWN,
        "part 2, 5",
        "whether a token request that worked makes a row of its own; a refused one always does",
    ),
    Behaviour(
        "revoked-certificate-tokens",
        "live-on",
        ("live-on", "end"),
        Known.UNKNOWN,
        "4.1",
        "access tokens already issued when their certificate is revoked or ends: valid to their end, or TokenRejected",
    ),
    Behaviour(
        "second-certificate",
        "refused",
        ("refused", "replaces", "both"),
        Known.UNKNOWN,
        "4.1, 4.2",
        "a further certificate for the same entity, role and application; one is the documented limit",
    ),
    Behaviour(
        "certificate-dates",
        "iso",
        ("iso", "milliseconds"),
        Known.UNKNOWN,
        "4.2",
        "how the certificate endpoint prints dates: ISO 8601, or milliseconds since 1970",
    ),
    Behaviour(
        "own-certificates-permission",
        "ADMI_MANAGE_OWN_OAUTH2_CERTIFICATES",
        (TEXT,),
        Known.UNKNOWN,
        "part 2, 10",
        "the id of the permission Manage own OAuth 2.0 Client Credentials certificates",
    ),
    Behaviour(
        "loginaudit-rows",
        "every-call",
        ("every-call", "session"),
        Known.UNKNOWN,
        "6.5, D7",
        "a Success row for every call, or one per token and user agent in 20 minutes; failures always make a row",
    ),
    Behaviour(
        "loginaudit-delay",
        "0",
        (NUMBER,),
        Known.UNKNOWN,
        "6.5, D7",
        "seconds until a row of the login audit trail can be seen by SuiteQL",
    ),
    Behaviour(
        "loginaudit-count",
        "correct",
        ("correct", "zero"),
        Known.LIKELY,
        "6.4",
        "COUNT(*) on loginaudit without GROUP BY: right, or 0 as once seen",
    ),
    Behaviour(
        "loginaudit-failed-role",
        "token",
        ("token", "empty"),
        Known.UNKNOWN,
        "part 2, 5",
        "`role` of a failed login whose token is known",
    ),
    Behaviour(
        "suiteql-zone",
        "caller",
        ("caller", "utc", "account", "pacific"),
        Known.LIKELY,
        "part 2, 2",
        "the time zone of datetimes, SYSDATE and CURRENT_DATE in SuiteQL",
    ),
    Behaviour(
        "suiteql-date-format",
        "M/D/YYYY",
        ("M/D/YYYY", "D/M/YYYY", "YYYY-MM-DD", "DD.MM.YYYY"),
        Known.UNKNOWN,
        "part 2, 2",
        "how a date without TO_CHAR is printed; that it loses its time is confirmed",
    ),
    Behaviour(
        "suiteql-params",
        "accepted",
        ("accepted", "refused"),
        Known.CONFIRMED,
        "part 2, 9",
        "bound parameters, new in 2026.2",
    ),
    Behaviour(
        "suiteql-row-cap",
        "cut",
        ("cut", "refused"),
        Known.UNKNOWN,
        "6.1",
        "a query with more than 100,000 rows: the rest cannot be had, or the query is refused",
    ),
    Behaviour(
        "suiteql-unnamed",
        "numbered",
        ("numbered", "refused"),
        Known.UNKNOWN,
        "6.2",
        "an expression without an alias: comes back as expr1, expr2, ..., or is refused",
    ),
    Behaviour(
        "suiteql-display-filter",
        "refused",
        ("refused", "works"),
        Known.LIKELY,
        "6.4",
        "BUILTIN.DF(...) on oauthtoken in WHERE: unreliable in NetSuite, so refused unless it is to work",
    ),
    Behaviour(
        "role-assignment-table",
        "employeerolesforsearch",
        ("employeerolesforsearch", "employeeroles", "both"),
        Known.CONFIRMED,
        "6.4",
        "which table holds one row per role of an employee",
    ),
    Behaviour(
        "integration-table",
        "integrationapp",
        ("integrationapp", "integration", "hidden"),
        Known.LIKELY,
        "part 2, 6",
        "under which name integration records can be queried, if at all",
    ),
    Behaviour(
        "employee-externalid-column",
        "absent",
        ("absent", "present"),
        Known.UNKNOWN,
        "part 2, 3",
        "whether SuiteQL's employee has a column externalid; no source shows one",
    ),
    Behaviour(
        "admin-rows-visible",
        "yes",
        ("yes", "no"),
        Known.LIKELY,
        "part 2, 3 (D11)",
        "whether SuiteQL shows employees that hold Administrator to lesser roles",
    ),
    Behaviour(
        "revoked-inactive",
        "T",
        ("T", "F"),
        Known.UNKNOWN,
        "part 2, 5",
        "binactive of a revoked token; NetSuite's list shows it as inactive",
    ),
    Behaviour(
        "admin-record-status",
        "400",
        ("400", "403"),
        Known.CONFIRMED,
        "part 2, 3",
        "HTTP status for an administrator's record asked for by a lesser role",
    ),
    Behaviour(
        "admin-assign-by-rest",
        "allowed",
        ("allowed", "refused"),
        Known.UNKNOWN,
        "0.4, D4",
        "whether an Administrator may add or remove the Administrator role by REST",
    ),
    Behaviour(
        "roles-patch",
        "accepted",
        ("accepted", "refused"),
        Known.LIKELY,
        "5.5, part 2, 8",
        "whether PATCH of an employee takes `roles`",
    ),
    Behaviour(
        "roles-keyed",
        "no",
        ("no", "yes"),
        Known.UNKNOWN,
        "5.5, D2",
        "PATCH of `roles` without replace=roles: a keyed list merges, any other appends",
    ),
    Behaviour(
        "access-without-password",
        "accepted",
        ("accepted", "refused"),
        Known.UNKNOWN,
        "part 2, 8",
        "giveAccess: true without a password and without sendEmail",
    ),
    Behaviour(
        "web-services-context",
        "WEBSERVICES",
        (TEXT,),
        Known.UNKNOWN,
        "part 2, 1.2",
        "`context` of a note left through web services (an order, a changed employee); the real code is not known",
    ),
    Behaviour(
        "connector-failed-test",
        "saves",
        ("saves", "keeps"),
        Known.UNKNOWN,
        "part 2, 4",
        "whether the Connector saves credentials whose test failed, or keeps the old ones",
    ),
    Behaviour(
        "concurrency-limit",
        "5",
        (NUMBER,),
        Known.CONFIRMED,
        "7",
        "requests in flight per account; 0 is no limit; the Connector does not count",
    ),
    Behaviour(
        "concurrency-answer",
        "429",
        ("429", "invalid-login"),
        Known.CONFIRMED,
        "2.3, 7",
        "the answer to a request beyond the limit; 401 instead of 429 is likely at times",
    ),
    Behaviour(
        "retry-after",
        "absent",
        ("absent", NUMBER),
        Known.UNKNOWN,
        "7",
        "the header Retry-After of a 429, in seconds",
    ),
)

BY_NAME: Final[Mapping[str, Behaviour]] = MappingProxyType({behaviour.name: behaviour for behaviour in BEHAVIOURS})


class UnknownBehaviourError(ValueError):
    """No such switch, or no such position of it; the message says which there are."""


class Switches:
    """The position of every switch of one server."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    def value(self, name: str) -> str:
        return self._chosen.get(name, BY_NAME[name].default)

    def number(self, name: str) -> int:
        return int(self.value(name))

    def choose(self, name: str, value: str) -> None:
        behaviour = BY_NAME.get(name)
        if behaviour is None:
            raise UnknownBehaviourError(f"There is no behaviour {name!r}. There are: {', '.join(sorted(BY_NAME))}.")
        if not behaviour.accepts(value):
            raise UnknownBehaviourError(
                f"Behaviour {name!r} cannot be {value!r}. It can be: {', '.join(behaviour.values)}."
            )
        self._chosen[name] = value

    def choose_all(self, wanted: Mapping[str, str]) -> None:
        """Check all before moving one, so that a refused request has changed nothing."""
        trial = Switches()
        for name, value in wanted.items():
            trial.choose(name, value)
        self._chosen.update(wanted)

    def listing(self) -> list[dict[str, object]]:
        return [
            {
                "name": behaviour.name,
                "value": self.value(behaviour.name),
                "default": behaviour.default,
                "values": list(behaviour.values),
                "known": behaviour.known.value,
                "source": behaviour.source,
                "text": behaviour.text,
            }
            for behaviour in BEHAVIOURS
        ]
