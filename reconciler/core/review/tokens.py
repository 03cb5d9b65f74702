"""What is wrong with tokens and with the logins that are made with them."""

from collections.abc import Iterator

from reconciler.core.evidence import length_shown, shown
from reconciler.core.live import ADMINISTRATOR, LoginGroup, Token
from reconciler.core.refusal import refusal
from reconciler.core.review.rule import Found
from reconciler.core.review.subject import Subject


def unused(subject: Subject) -> Iterator[Found]:
    limit = subject.desired.review.unused
    for token in subject.live_tokens:
        last = subject.live.last_use(token)
        since = last or token.created
        if since is not None and subject.now - since > limit:
            used = f"was last used at {shown(last)}" if last else f"was made on {since:%Y-%m-%d} and never used"
            yield Found(
                subject.place_of_token(token, "application"),
                f"{subject.token_first(token)}, owned by {subject.live.person(token.owner_id)}, {used}: more than "
                f"{length_shown(limit)} ago.",
            )


def old(subject: Subject) -> Iterator[Found]:
    """Tokens never expire (netsuite.md 1.4), so whoever once copied one can use it for ever."""
    limit = subject.desired.review.token_age
    for token in subject.live_tokens:
        if token.created is not None and subject.now - token.created > limit:
            yield Found(
                subject.place_of_token(token, "token_not_before", "application"),
                f"{subject.token_first(token)}, owned by {subject.live.person(token.owner_id)}, was made on "
                f"{token.created:%Y-%m-%d}: more than {length_shown(limit)} ago.",
            )


def several(subject: Subject) -> Iterator[Found]:
    for name, tokens in sorted(_by_application(subject.foreign_tokens).items()):
        if len(tokens) > 1:
            told = ", ".join(f'"{token.name}" ({subject.live.person(token.owner_id)})' for token in tokens)
            yield Found(subject.place_of_application(name), f"{name} has {len(tokens)} live tokens: {told}.")


def _by_application(tokens: tuple[Token, ...]) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = {}
    for token in tokens:
        found.setdefault(token.application, []).append(token)
    return found


def alike(subject: Subject) -> Iterator[Found]:
    seen: dict[tuple[str, str, str, str], list[str]] = {}
    for token in subject.foreign_tokens:
        seen.setdefault((token.application, token.owner_id, token.role_id, token.name), []).append(token.id)
    for (application, *_, name), ids in sorted(seen.items()):
        if len(ids) > 1:
            yield Found(
                subject.place_of_application(application),
                f'{application} has {len(ids)} live tokens of one owner and role, all called "{name}" (internal ids '
                f"{', '.join(ids)}): the audit trail knows tokens by name alone, so which is used is not seen.",
            )


def missing(subject: Subject) -> Iterator[Found]:
    for one in subject.integrations:
        if not one.live_tokens and not subject.live.looks_refreshed:
            gone = f"{len(one.tokens)} that are inactive or revoked" if one.tokens else "none at all"
            yield Found(
                one.at("application"), f"{one.desired.application} has no live token ({gone}): it cannot log in."
            )


def of_administrator(subject: Subject) -> Iterator[Found]:
    for token in subject.foreign_tokens:
        if token.role_id == ADMINISTRATOR:
            yield Found(
                subject.place_of_token(token, "token_role"),
                f"{subject.token_first(token)}, owned by {subject.live.person(token.owner_id)}, was made for the "
                "Administrator role: whoever has it may do everything.",
            )


def of_undeclared_application(subject: Subject) -> Iterator[Found]:
    for name, tokens in sorted(_by_application(subject.foreign_tokens).items()):
        if name not in subject.own_applications and not any(token.id in subject.by_token for token in tokens):
            owners = sorted({subject.live.person(token.owner_id) for token in tokens})
            yield Found(
                subject.place_of_application(name),
                f"{name} can log in with {_counted(len(tokens))} of {', '.join(owners)}, and the file of this "
                "environment does not declare it.",
            )


def _counted(number: int) -> str:
    return "a token" if number == 1 else f"{number} tokens"


def refused(subject: Subject) -> Iterator[Found]:
    """Logins that are refused now, each reason on its own; nothing of what was over when a login succeeded."""
    names = {group.application for group in subject.live.logins} - subject.own_applications
    for name in sorted(names):
        groups = subject.directory.logins(name)
        newest = max((group.last for group in groups if group.success), default=None)
        latest: dict[str, LoginGroup] = {}
        for group in groups:
            if not group.success and (newest is None or group.last >= newest):
                known = latest.get(group.detail)
                latest[group.detail] = group if known is None or group.last > known.last else known
        for _, group in sorted(latest.items()):
            who = f" for {subject.live.person(group.user_id)}" if group.user_id else ""
            why = refusal(subject.live, subject.directory.tokens(name), group)
            place = subject.place_of_application(name)
            todo = "" if why.seen and place.position else f": {why.todo}"
            yield Found(
                place, f"Logins of {name} are refused{who}, last at {shown(group.last)}, with {why.told}{todo}."
            )
