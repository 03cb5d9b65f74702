"""Requests in the name of one login: signed anew for each attempt, repeated only where that is harmless."""

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

import requests

from reconciler import __version__
from reconciler.core.errors import NetSuiteError, UnansweredError
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import FAILURE, SUCCESS, is_busy, raise_refusal, refusal_in
from reconciler.netsuite.login_check import checked
from reconciler.netsuite.pool import Pool
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import Signer
from reconciler.netsuite.transport import Answer, Limits, NoAnswer, exchange, guarded_session

# Where an account is overloaded, a moment is not enough.
_PAUSE_BEFORE_SECOND_LOGIN = 5.0
# NetSuite's smallest pool (netsuite.md 7); who shares the account with others in this process hands one in.
_MOST_WITHOUT_POOL = 5


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the rest of the room sees it. `about` names it in messages; `reads` says it changes nothing."""

    method: str
    path: str
    about: str
    reads: bool
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Connection:
    """Keeps sessions for its threads: a `requests.Session` may serve one thread at a time only."""

    def __init__(
        self,
        account: Account,
        signer: Signer,
        allows: Callable[[str, str], bool],
        *,
        limits: Limits | None = None,
        retries: Retries | None = None,
        pool: Pool | None = None,
        before_write: Callable[[], None] | None = None,
    ) -> None:
        self.account = account
        # The login audit trail records the user agent: by this one a client finds its own rows (netsuite.md 6.4).
        self.user_agent = f"reconciler/{__version__} (run {secrets.token_hex(8)})"
        self.signer = signer
        self._allows = allows
        self._limits = limits or Limits()
        self._retries = retries or Retries()
        self._pool = pool or Pool(_MOST_WITHOUT_POOL)
        self._before_write = before_write
        self._idle: deque[requests.Session] = deque()
        self._accepted = False
        # How far the server's clock is ahead of this machine's, by the newest answer that was dated.
        self.ahead: timedelta | None = None

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.signer.close()

    @contextmanager
    def session(self) -> Iterator[requests.Session]:
        try:
            session = self._idle.pop()
        except IndexError:
            session = guarded_session(self.account, self._allows, self.user_agent)
        try:
            yield session
        finally:
            self._idle.append(session)

    def answer(self, call: Call) -> Answer:
        """The successful (2xx) answer to a call.

        Raises:
            RefusedError: it answered, and nothing was changed.
            UnansweredError: no answer, or to a write one that leaves open what was done (5xx).
            UnreadableAnswerError: an answer that cannot be understood.
            KeepingError: `before_write` forbids it; nothing was done.
        """
        made = 0
        renewed = False
        while True:
            if self._before_write is not None and not call.reads:
                # Also where it is sent again: whatever it says may have changed while an account was full.
                self._before_write()
            request, outcome = self._attempt(call)
            made += 1
            if not renewed and _is_refused_login(outcome) and self.signer.renew(request):
                # Whose login is refused, for them nothing was done, so this is harmless for writes too.
                renewed = True
                continue
            if self._may_repeat(call, outcome, made):
                full = isinstance(outcome, Answer) and self._is_full(outcome)
                if self._retries.pause(made, _least_pause(outcome), full=full):
                    continue
            if isinstance(outcome, NoAnswer):
                raise self._unanswered(call, outcome)
            self._require_success(call, outcome)
            self._accepted = True
            return outcome

    def _attempt(self, call: Call) -> tuple[requests.PreparedRequest, Answer | NoAnswer]:
        data = None if call.body is None else json.dumps(call.body, ensure_ascii=True).encode()
        headers = dict(call.headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        # A place first: a signature that waits for one would grow old.
        with self._pool.place(), self.session() as session:
            # Prepared, and so signed, once per attempt: a nonce may be used once only (netsuite.md 2.2).
            request = requests.Request(
                call.method,
                self.account.base_url + call.path,
                params=dict(call.params),
                data=data,
                headers=headers,
                auth=self.signer,
            )
            prepared = session.prepare_request(request)
            outcome = exchange(session, prepared, self._limits, call.about)
        if isinstance(outcome, Answer):
            self._heard(outcome)
        return prepared, outcome

    def _heard(self, answer: Answer) -> None:
        if answer.ahead is not None:
            self.ahead = answer.ahead
        if self._is_full(answer):
            self._pool.full()
        else:
            self._pool.answered()

    def _is_full(self, answer: Answer) -> bool:
        return answer.status not in SUCCESS and is_busy(answer, refusal_in(answer, self.signer.secrets))

    def _may_repeat(self, call: Call, outcome: Answer | NoAnswer, made: int) -> bool:
        """A write only where the server said that it did nothing, or was never reached."""
        if isinstance(outcome, NoAnswer):
            return outcome.passing and (call.reads or not outcome.sent)
        if outcome.status in SUCCESS:
            return False
        if self._is_full(outcome):
            return True
        if _is_refused_login(outcome):
            # Overload can look like a refused login (netsuite.md 2.3). A login that never worked is tried once only,
            # unless the refusal was slow, for a wrong one is refused at once.
            under_load = self._accepted or outcome.seconds >= self._limits.slow_login
            return under_load and self._retries.second_login()
        # A mistake in a request is a 500 as well, and comes again; so one more attempt is enough for that.
        passing = outcome.status in FAILURE and outcome.status != HTTPStatus.NOT_IMPLEMENTED
        return call.reads and passing and (outcome.status != HTTPStatus.INTERNAL_SERVER_ERROR or made == 1)

    def _unanswered(self, call: Call, outcome: NoAnswer) -> UnansweredError:
        message = f"No answer from {self.account.host} to {call.about}: {outcome.reason}."
        return UnansweredError(message, sent=outcome.sent, hint=outcome.hint)

    def _require_success(self, call: Call, answer: Answer) -> None:
        if answer.status in SUCCESS:
            return
        if answer.status in FAILURE and not call.reads:
            # A server that fails may have failed after the change.
            message = f"{self.account.host} failed at {call.about} (HTTP {answer.status}); it may have been done."
            raise UnansweredError(message, sent=True)
        try:
            raise_refusal(answer, refusal_in(answer, self.signer.secrets), call.about)
        except NetSuiteError as error:
            explained = self.signer.explained(answer, error)
            parts = self.signer.secrets
            raise checked(explained, self.account, parts, answer.ahead, was_accepted=self._accepted) from None


def _least_pause(outcome: Answer | NoAnswer) -> float | None:
    if _is_refused_login(outcome):
        return _PAUSE_BEFORE_SECOND_LOGIN
    return outcome.retry_after if isinstance(outcome, Answer) else None


def _is_refused_login(outcome: Answer | NoAnswer) -> bool:
    return isinstance(outcome, Answer) and outcome.status == HTTPStatus.UNAUTHORIZED
