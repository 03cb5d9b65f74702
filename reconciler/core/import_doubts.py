"""Why an application is left for a person to decide: whatever keeps its owner from being certain."""

from collections.abc import Iterator, Sequence

from reconciler.core.desired import DesiredState
from reconciler.core.directory import Directory
from reconciler.core.evidence import Evidence, Use
from reconciler.core.identity import declared_identity
from reconciler.core.live import NOT_ENABLED, Gapped, IntegrationRecord, Token
from reconciler.core.naming import can_be_written, name_of_person, name_of_role

_TOKENS = "Setup > Users/Roles > Access Tokens"
_RECORDS = "Setup > Integration > Manage Integrations"


def why_own(name: str, directory: Directory, logins: DesiredState) -> str | None:
    """Why an application is no entry of a file: this tool itself logs in with a live token of it; None where it is one.

    One token is enough. Of the others nobody can tell which the tool writes with where no file says it, and a plan of
    an entry for one owner would retire them.
    """
    logs_in = (directory.live.reader, *(declared_identity(one, directory) for one in (logins.reader, logins.writer)))
    live = [token for token in directory.tokens(name) if token.live]
    own = [token for token in live if token.identity in logs_in]
    if not own:
        return None
    others = [token for token in live if token.identity not in logs_in]
    more = (
        f" Its other live tokens: {_named(others, directory)}. Leave what this tool writes with as it is, and give any "
        "other use an integration record of its own, to declare that."
    )
    return f"{name}: this tool itself logs in with {_named(own, directory)}.{more if others else ''}"


def _named(tokens: Sequence[Token], directory: Directory) -> str:
    return ", ".join(f'token "{token.name}" of {directory.live.person(token.owner_id)}' for token in tokens)


def doubts(name: str, directory: Directory) -> Iterator[str]:
    """What a person has to decide or do first, in sentences; none where everything is clear."""
    if not can_be_written(name):
        yield f"The name has blanks at its ends, cannot be seen in full, or is too long: rename it at {_RECORDS}."
    twin = next((one for one in directory.spellings(name) if one != name), None)
    if twin:
        yield f'"{twin}" differs in upper and lower case only: rename one of the two at {_RECORDS}.'
    records = directory.records(name)
    yield from _about_records(records)
    tokens = [token for token in directory.tokens(name) if not token.revoked]
    live = [token for token in tokens if token.live]
    if len(records) <= 1 and len({token.application_id for token in tokens}) > 1:
        yield f"Its tokens belong to more than one integration record: rename one of them at {_RECORDS}."
    yield from _about_count(tokens, live)
    if len(live) == 1:
        yield from _about_owner(live[0], directory)
        yield from _about_use(live[0], name, directory, records)


def _about_records(records: Sequence[IntegrationRecord]) -> Iterator[str]:
    if len(records) > 1:
        ids = ", ".join(sorted((record.id for record in records), key=int))
        yield f"{len(records)} integration records have this name (internal ids {ids}): rename one at {_RECORDS}."
    for record in records:
        if record.state in NOT_ENABLED:
            yield f"The integration record is {record.state}: enable it at {_RECORDS}, or leave it undeclared."


def _about_count(tokens: Sequence[Token], live: Sequence[Token]) -> Iterator[str]:
    if not live:
        rest = "there is an inactive one" if tokens else "none was made, or all are revoked"
        yield f"No token is live ({rest}): name an owner, and a plan says how to make one."
    if len(live) > 1:
        yield (
            f"{len(live)} tokens are live: decide which owner is meant; a plan then retires the others, or give the "
            "other use an integration record of its own."
        )
    elif live and len(tokens) > 1:
        yield f"Another token is inactive and not revoked: revoke it at {_TOKENS}, or let a plan say so."


def _about_owner(token: Token, directory: Directory) -> Iterator[str]:
    live = directory.live
    owner, role = live.employees_by_id.get(token.owner_id), live.roles_by_id.get(token.role_id)
    if owner is None:
        who = f"entity {token.owner_id}" if token.owner_id else "an unknown user"
        yield f"The token belongs to {who}, who is no employee that can be seen: name an employee as owner."
    else:
        if not owner.active:
            yield f"The owner, {owner.label}, is inactive: name another one."
        if not owner.access:
            yield f"The owner, {owner.label}, has no access: name another one."
        if owner.active and name_of_person(owner, directory) is None:
            yield (
                f"No name of the owner, {owner.label}, is theirs alone, or can be written into a file: give them an "
                "e-mail address or an external id of their own, and name them by it."
            )
    if role is None or not role.active:
        yield f"The role of the token, {live.role_name(token.role_id)}, is inactive or cannot be seen: choose another."
    elif name_of_role(role, directory) is None:
        yield f'No name of the role "{role.name}" is its own, or can be written into a file: rename it.'
    if owner and role and not live.holds(owner.id, role.id):
        yield f"{owner.label} does not hold {role.name}, so the token cannot log in: give the role back, or choose."


def _about_use(token: Token, name: str, directory: Directory, records: Sequence[IntegrationRecord]) -> Iterator[str]:
    live = directory.live
    if live.unread(Gapped.LOGINS):
        yield "The login audit trail could not be read, so nobody knows whether the token is in use."
        return
    evidence = Evidence(live, records[0] if records else None, directory.tokens(name), directory.logins(name))
    use = evidence.proof(token).use
    if use is Use.UNUSED:
        yield "No login with the token was seen: is it in use at all?"
    elif use is Use.OVERTAKEN:
        yield "The newest login was made with another token: decide which one is meant."
    elif use is Use.TRIED:
        yield "Too few logins with the token were seen to be sure that it is in use: import again after the next."
