"""What is wrong with the roles that tokens were issued for, and with who holds them."""

from collections.abc import Iterator

from reconciler.core.live import ADMINISTRATOR, Token
from reconciler.core.review.rule import Found
from reconciler.core.review.subject import Declared, Subject

REST = frozenset({"ADMI_RESTWEBSERVICES", "REST Web Services"})
# Either lets a token log in (netsuite.md 3); a role without both gets permission_denied (2.4).
LOGIN = frozenset(
    {"ADMI_LOGIN_OAUTH", "Log in using Access Tokens", "ADMI_MANAGE_OWN_OAUTH_TOKENS", "User Access Tokens"}
)


def missing(subject: Subject) -> Iterator[Found]:
    for token in subject.foreign_tokens:
        if token.role_id not in subject.live.roles_by_id:
            yield Found(
                subject.place_of_token(token, "token_role"),
                f"{subject.token_first(token)} was made for the role with internal id {token.role_id}, which is gone.",
            )
    for one in subject.integrations:
        if not subject.directory.roles(one.desired.token_role):
            yield Found(one.at("token_role"), f"Account {subject.live.account} has no role {one.desired.token_role}.")


def inactive(subject: Subject) -> Iterator[Found]:
    for token in subject.foreign_tokens:
        role = subject.live.roles_by_id.get(token.role_id)
        if role is not None and not role.active:
            yield Found(
                subject.place_of_token(token, "token_role"),
                f"{subject.token_first(token)} was made for {role.name}, which is inactive: it cannot log in.",
            )


def without_token_login(subject: Subject) -> Iterator[Found]:
    for token in _first_of_each_role(subject, subject.foreign_tokens):
        permissions = subject.detail_of(token.role_id).permissions
        if permissions is not None and not permissions & LOGIN:
            role = subject.live.role_name(token.role_id)
            yield Found(
                subject.place_of_token(token, "token_role"),
                f"{role} lacks Log in using Access Tokens, so {subject.token_told(token)} cannot log in.",
            )


def without_rest(subject: Subject) -> Iterator[Found]:
    """Only of the Connector: whether another application uses REST is not to be seen (netsuite.md 1.1)."""
    for one, token in _of_connectors(subject):
        permissions = subject.detail_of(token.role_id).permissions
        if permissions is not None and not permissions & REST:
            role = subject.live.role_name(token.role_id)
            yield Found(
                one.at("token_role"),
                f"{role} lacks REST Web Services, which {one.desired.application} needs; an installation while that "
                "feature was off leaves it out.",
            )


def without_cross_subsidiary(subject: Subject) -> Iterator[Found]:
    """Oracle asks for the box in the Connector's role (netsuite.md 1.1, step 3)."""
    for one, token in _of_connectors(subject):
        if subject.detail_of(token.role_id).cross_subsidiary is False:
            role = subject.live.role_name(token.role_id)
            yield Found(
                one.at("token_role"),
                f"{role} may not view records of other subsidiaries, which {one.desired.application} needs.",
            )


def _of_connectors(subject: Subject) -> Iterator[tuple[Declared, Token]]:
    for one in subject.integrations:
        if one.is_connector:
            yield from ((one, token) for token in _first_of_each_role(subject, one.live_tokens))


def _first_of_each_role(subject: Subject, tokens: tuple[Token, ...]) -> Iterator[Token]:
    """One token of each application and role: what a role lacks is told once for each. Administrator lacks nothing."""
    seen: set[tuple[str, str]] = set()
    for token in tokens:
        key = (subject.place_of_token(token).address, token.role_id)
        if key not in seen and token.role_id != ADMINISTRATOR and token.role_id in subject.live.roles_by_id:
            seen.add(key)
            yield token


def stray_holders(subject: Subject) -> Iterator[Found]:
    """Whoever holds the role of a token without owning one that was made for it, or being declared to hold it."""
    for one in subject.integrations:
        if one.role is None or one.role.id == ADMINISTRATOR:
            continue
        known = subject.declared_holders(one.role.id)
        for person in subject.holders_without_live_token(one.role.id):
            if person.id not in known:
                yield Found(
                    one.at("standby", "token_role"),
                    f"{person.label} holds {one.role.name} without owning a live token that was made for it.",
                )
