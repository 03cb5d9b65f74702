"""The order of steps: a table of rules, from which a deterministic sort follows.

No sequence is written by hand. Each rule says which step must be observed as done before which other may begin; the
handover of design section 5 falls out of them. A hand-written list per case was the alternative; it lost because the
smaller plans (a role lost, a stray token, two handovers that share a person) would each have needed their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.core.step import (
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`before(one, other)` is True when `one` must be done before `other` may begin.

    It is asked only where `one` is of the kinds in `first` and `other` of those in `then`: most steps have nothing to
    do with most rules.
    """

    name: str
    before: Callable[[Operation, Operation], bool]
    first: tuple[type[Operation], ...]
    then: tuple[type[Operation], ...]


def _grant_the_token_role_before_creating_its_token(first: Operation, then: Operation) -> bool:
    match first, then:
        case GrantRole(employee=employee, role=role), CreateToken(owner=owner, role=token_role):
            return employee.id == owner.id and role.id == token_role.id
    return False


def _grant_what_a_token_needs_before_other_roles(first: Operation, then: Operation) -> bool:
    """The role of a token comes first; Administrator last, for once it is held only an Administrator may go on."""

    def rank(grant: GrantRole) -> tuple[bool, bool]:
        return grant.makes_an_administrator, not grant.for_token

    match first, then:
        case GrantRole(employee=one), GrantRole(employee=other):
            return one.id == other.id and rank(first) < rank(then)
    return False


def _grant_all_roles_before_the_token_is_used(first: Operation, then: Operation) -> bool:
    match first, then:
        case GrantRole(applications=applications), EnterCredentials(application=application):
            return application in applications
    return False


def _grant_all_roles_before_an_old_token_is_touched(first: Operation, then: Operation) -> bool:
    """An owner may lose a required role after the new token was proven; the old one then is the way back."""
    match first, then:
        case GrantRole(applications=needed), DeactivateToken(application=application) | RevokeToken(
            application=application
        ):
            return application in needed
        case GrantRole(applications=needed), RemoveRole(applications=applications):
            return not set(needed).isdisjoint(applications)
    return False


def _enable_the_integration_before_its_token_is_created(first: Operation, then: Operation) -> bool:
    match first, then:
        case EnableIntegration(application=one), CreateToken(application=other):
            return one == other
    return False


def _enable_the_integration_before_its_token_is_used(first: Operation, then: Operation) -> bool:
    match first, then:
        case EnableIntegration(application=one), EnterCredentials(application=other):
            return one == other
    return False


def _create_before_entering(first: Operation, then: Operation) -> bool:
    match first, then:
        case CreateToken(application=one), EnterCredentials(application=other):
            return one == other
    return False


def _prove_the_new_token_before_waiting_for_silence(first: Operation, then: Operation) -> bool:
    match first, then:
        case EnterCredentials(application=one), QuietPeriod(application=other):
            return one == other
    return False


def _prove_the_new_token_before_touching_an_old_one(first: Operation, then: Operation) -> bool:
    match first, then:
        case EnterCredentials(application=one), (DeactivateToken(application=other) | RevokeToken(application=other)):
            return one == other
    return False


def _wait_for_silence_before_deactivating(first: Operation, then: Operation) -> bool:
    match first, then:
        case QuietPeriod(token=one), DeactivateToken(token=other):
            return one.id == other.id
    return False


def _deactivate_before_revoking(first: Operation, then: Operation) -> bool:
    """The reversible comes before the final."""
    match first, then:
        case DeactivateToken(token=one), RevokeToken(token=other):
            return one.id == other.id
    return False


def _revoke_before_removing_the_role(first: Operation, then: Operation) -> bool:
    """Whoever loses the role of a token that is not revoked disables it without a word (netsuite.md 1.4)."""
    match first, then:
        case RevokeToken(token=token), RemoveRole(employee=employee, role=role):
            return token.owner_id == employee.id and token.role_id == role.id
    return False


def _prove_the_new_token_before_removing_a_role(first: Operation, then: Operation) -> bool:
    match first, then:
        case EnterCredentials(application=application), RemoveRole(applications=applications):
            return application in applications
    return False


def _activate_before_anything_else_is_given(first: Operation, then: Operation) -> bool:
    match first, then:
        case Activate(employee=one), GrantRole(employee=other) | GiveAccess(employee=other):
            return one.id == other.id
    return False


def _let_the_owner_in_before_their_token_is_made(first: Operation, then: Operation) -> bool:
    match first, then:
        case Activate(employee=employee) | GiveAccess(employee=employee), CreateToken(owner=owner) | EnterCredentials(
            owner=owner
        ):
            return employee.id == owner.id
    return False


def _grant_roles_before_giving_access(first: Operation, then: Operation) -> bool:
    """NetSuite asks for at least one role where there is access (netsuite.md 5.5)."""
    match first, then:
        case GrantRole(employee=one), GiveAccess(employee=other):
            return one.id == other.id
    return False


def _grant_roles_before_removing_others(first: Operation, then: Operation) -> bool:
    match first, then:
        case GrantRole(employee=one), RemoveRole(employee=other):
            return one.id == other.id
    return False


def _revoke_before_removing_the_owner(first: Operation, then: Operation) -> bool:
    """Whoever is inactive or has no access cannot log in, and none of their tokens can (netsuite.md 1.4)."""
    match first, then:
        case RevokeToken(token=token), RemoveAccess(employee=employee) | Inactivate(employee=employee):
            return token.owner_id == employee.id
    return False


def _remove_access_before_inactivating(first: Operation, then: Operation) -> bool:
    match first, then:
        case RemoveAccess(employee=one), Inactivate(employee=other):
            return one.id == other.id
    return False


RULES: tuple[Rule, ...] = (
    Rule("grant-before-create", _grant_the_token_role_before_creating_its_token, (GrantRole,), (CreateToken,)),
    Rule("administrator-last", _grant_what_a_token_needs_before_other_roles, (GrantRole,), (GrantRole,)),
    Rule("grant-before-enter", _grant_all_roles_before_the_token_is_used, (GrantRole,), (EnterCredentials,)),
    Rule(
        "grant-before-touch",
        _grant_all_roles_before_an_old_token_is_touched,
        (GrantRole,),
        (DeactivateToken, RevokeToken, RemoveRole),
    ),
    Rule(
        "enable-before-create",
        _enable_the_integration_before_its_token_is_created,
        (EnableIntegration,),
        (CreateToken,),
    ),
    Rule(
        "enable-before-enter",
        _enable_the_integration_before_its_token_is_used,
        (EnableIntegration,),
        (EnterCredentials,),
    ),
    Rule("create-before-enter", _create_before_entering, (CreateToken,), (EnterCredentials,)),
    Rule("prove-before-quiet", _prove_the_new_token_before_waiting_for_silence, (EnterCredentials,), (QuietPeriod,)),
    Rule(
        "prove-before-touch",
        _prove_the_new_token_before_touching_an_old_one,
        (EnterCredentials,),
        (DeactivateToken, RevokeToken),
    ),
    Rule("quiet-before-deactivate", _wait_for_silence_before_deactivating, (QuietPeriod,), (DeactivateToken,)),
    Rule("deactivate-before-revoke", _deactivate_before_revoking, (DeactivateToken,), (RevokeToken,)),
    Rule("revoke-before-remove", _revoke_before_removing_the_role, (RevokeToken,), (RemoveRole,)),
    Rule("prove-before-remove", _prove_the_new_token_before_removing_a_role, (EnterCredentials,), (RemoveRole,)),
    Rule("activate-before-give", _activate_before_anything_else_is_given, (Activate,), (GrantRole, GiveAccess)),
    Rule(
        "access-before-token",
        _let_the_owner_in_before_their_token_is_made,
        (Activate, GiveAccess),
        (CreateToken, EnterCredentials),
    ),
    Rule("grant-before-access", _grant_roles_before_giving_access, (GrantRole,), (GiveAccess,)),
    Rule("grant-before-remove", _grant_roles_before_removing_others, (GrantRole,), (RemoveRole,)),
    Rule("revoke-before-leaving", _revoke_before_removing_the_owner, (RevokeToken,), (RemoveAccess, Inactivate)),
    Rule("access-before-inactive", _remove_access_before_inactivating, (RemoveAccess,), (Inactivate,)),
)
