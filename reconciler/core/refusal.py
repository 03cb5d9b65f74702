"""Why one login was refused: what NetSuite's reason means, and which of the things it may mean the account shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.core.audit_detail import meaning
from reconciler.core.live import NOT_ENABLED, Gapped, LiveState, LoginGroup, Token

_OF_PERSON: Final = frozenset({"permission_denied", "entityorroledisabled"})
_OF_TOKEN: Final = frozenset({"token_rejected", "tokenrejected", "tokenblocked"})
_OF_RECORD: Final = frozenset({"consumer_key_refused", "integrationblocked"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason in NetSuite's word, what it comes to, and what to do where no plan does it.

    `seen` is True when `what` was seen in the account; else it is what the word means anywhere. `planned` is True for
    what steps of a plan are for: tokens, their owners and roles, the state of the record.
    """

    detail: str
    what: str
    todo: str
    seen: bool
    planned: bool

    @property
    def told(self) -> str:
        """The reason and what it comes to, as the end of a sentence."""
        return f'"{self.detail}", {"because" if self.seen else "which means that"} {self.what}'

    @property
    def means(self) -> str:
        return f"{self.what}: {self.todo}"


def refusal(live: LiveState, tokens: Iterable[Token], login: LoginGroup, *, now: bool = True) -> Refusal:
    """Explain a refused login.

    Args:
        live: the account.
        tokens: those of the login's application.
        login: the rows of the audit trail; a failed one may lack its user or role (netsuite-2.md 5).
        now: whether logins are still refused, so that what the account shows now is the cause.
    """
    word = login.detail.lower()
    known = meaning(login.detail)
    seen = _seen(live, [token for token in tokens if _may_be_of(login, token)], login, word) if now else ""
    planned = word in _OF_PERSON | _OF_TOKEN | _OF_RECORD
    return Refusal(login.detail or "no detail", seen or known.what, known.todo, bool(seen), planned)


def _may_be_of(login: LoginGroup, token: Token) -> bool:
    return token.name == login.token_name and login.user_id in {"", token.owner_id}


def _seen(live: LiveState, tokens: list[Token], login: LoginGroup, word: str) -> str:
    """What the account shows of the reason; nothing where that is not certain."""
    if word in _OF_PERSON:
        return " and ".join(_of_person_or_role(live, tokens, login))
    if word in _OF_TOKEN and tokens and not live.unread(Gapped.TOKENS):
        ends = {"revoked" if token.revoked else "inactive" if token.inactive else "live" for token in tokens}
        if ends in ({"revoked"}, {"inactive"}):
            return f'token "{login.token_name}" is {ends.pop()}'
    if word in _OF_RECORD:
        states = {record.state for record in live.integrations if record.name == login.application}
        if len(states) == 1 and states <= NOT_ENABLED:
            return f"the integration record is {states.pop()}"
    return ""


def _of_person_or_role(live: LiveState, tokens: list[Token], login: LoginGroup) -> Iterator[str]:
    """One word stands for all of these (netsuite.md 2.4), a lost role too (Oracle's help, bridgehead_4249078810)."""
    owner = live.employees_by_id.get(login.user_id)
    roles = {login.role_id} if login.role_id else {token.role_id for token in tokens}
    role_id = roles.pop() if len(roles) == 1 else ""
    role = live.roles_by_id.get(role_id)
    if owner is not None:
        lacks = [
            *(() if owner.active else ("is inactive",)),
            *(() if owner.access else ("has no access",)),
        ]
        if role_id and not live.unread(Gapped.GRANTS) and not live.holds(owner.id, role_id):
            lacks.append(f"does not hold {live.role_name(role_id)}")
        if lacks:
            yield f"{owner.label} {' and '.join(lacks)}"
    if role is not None and not role.active:
        yield f"role {role.name} is inactive"
