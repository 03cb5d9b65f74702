"""What is wrong with the people who own tokens (netsuite.md 1.4, 2.4, 10)."""

from collections.abc import Iterator

from reconciler.core.live import ADMINISTRATOR, Employee, Token
from reconciler.core.review.rule import Found
from reconciler.core.review.subject import Place, Subject


def _owned(subject: Subject) -> Iterator[tuple[Employee, Token]]:
    for token in subject.foreign_tokens:
        owner = subject.live.employees_by_id.get(token.owner_id)
        if owner is not None:
            yield owner, token


def _owners(subject: Subject) -> Iterator[tuple[Employee, str, Place]]:
    """Everybody who owns a live token or is declared to, once for each integration, with what they own."""
    seen: set[tuple[str, str]] = set()
    for owner, token in _owned(subject):
        place = subject.place_of_token(token, "owner")
        seen.add((owner.id, place.address))
        yield owner, f"owns {subject.token_told(token)}", place
    for one in subject.integrations:
        if one.owner is not None and (one.owner.id, one.desired.address) not in seen:
            yield one.owner, f"is declared to own the token of {one.desired.application}", one.at("owner")


def inactive(subject: Subject) -> Iterator[Found]:
    for owner, what, place in _owners(subject):
        if not owner.active:
            yield Found(place, f"{owner.label} {what}, and is inactive: a token of theirs cannot log in.")


def without_access(subject: Subject) -> Iterator[Found]:
    for owner, what, place in _owners(subject):
        if owner.active and not owner.access:
            yield Found(place, f"{owner.label} {what}, and has no access: a token of theirs cannot log in.")


def without_token_role(subject: Subject) -> Iterator[Found]:
    for owner, token in _owned(subject):
        if not subject.live.holds(owner.id, token.role_id):
            role = subject.live.role_name(token.role_id)
            yield Found(
                subject.place_of_token(token, "token_role"),
                f"{owner.label} owns {subject.token_told(token)} and does not hold its role {role}: it cannot log in.",
            )


def without_administrator(subject: Subject) -> Iterator[Found]:
    """Oracle asks it of whoever owns the Connector's token (netsuite.md 1.1), a file of any owner it likes."""
    for one in subject.integrations:
        required = {role.id for name in one.desired.required_roles for role in subject.directory.roles(name)}
        if ADMINISTRATOR not in required and not one.is_connector:
            continue
        owners = {token.owner_id for token in one.live_tokens}
        for owner_id in sorted(owners & set(subject.live.employees_by_id)):
            if not subject.live.holds(owner_id, ADMINISTRATOR):
                yield Found(
                    one.at("required_roles", "owner"),
                    f"{subject.live.person(owner_id)} owns a token of {one.desired.application} and does not hold "
                    "Administrator, which it needs.",
                )


def without_required_role(subject: Subject) -> Iterator[Found]:
    for one in subject.integrations:
        owners = sorted({token.owner_id for token in one.live_tokens} & set(subject.live.employees_by_id))
        for index, name in enumerate(one.desired.required_roles):
            ids = {role.id for role in subject.directory.roles(name)} - {ADMINISTRATOR}
            for owner_id in owners if ids else ():
                if not ids & subject.live.roles_of.get(owner_id, frozenset()):
                    yield Found(
                        one.at(f"required_roles.{index}", "required_roles"),
                        f"{subject.live.person(owner_id)} owns a token of {one.desired.application} and does not hold "
                        f"{name}, which the file requires.",
                    )


def unknown(subject: Subject) -> Iterator[Found]:
    """A token owner need not be an employee; and a deleted one takes the tokens along (netsuite.md 1.4)."""
    for token in subject.foreign_tokens:
        if token.owner_id and token.owner_id not in subject.live.employees_by_id:
            yield Found(
                subject.place_of_token(token, "owner"),
                f"{subject.token_first(token)} belongs to internal id {token.owner_id}, who is no employee, or hidden.",
            )


def shared(subject: Subject) -> Iterator[Found]:
    applications: dict[str, set[str]] = {}
    for owner, token in _owned(subject):
        applications.setdefault(owner.id, set()).add(token.application)
    for owner_id, names in sorted(applications.items()):
        if len(names) > 1:
            yield Found(
                subject.place_of_person(owner_id),
                f"{subject.live.person(owner_id)} owns live tokens of {_listed(names)}: all of them stop when that "
                "person leaves, and logins and orders do not tell them apart.",
            )


def _listed(names: set[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}"


def undeclared(subject: Subject) -> Iterator[Found]:
    for one in subject.integrations:
        for token in one.live_tokens:
            if one.owner is None or token.owner_id != one.owner.id:
                yield Found(
                    one.at("owner"),
                    f"{subject.token_first(token)} belongs to {subject.live.person(token.owner_id)}; declared is "
                    f"{one.desired.owner}.",
                )
