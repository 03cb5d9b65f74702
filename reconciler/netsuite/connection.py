"""Requests in the name of one login: signed anew for each attempt, repeated only where that is harmless."""

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests

from reconciler import __version__
from reconciler.core.errors import UnansweredError
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import FAILURE, SUCCESS, is_busy, raise_refusal, refusal_in
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import Signer
from reconciler.netsuite.transport import Answer, Limits, NoAnswer, exchange, guarded_session

_UNAVAILABLE = frozenset({502, 503, 504})


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
    ) -> None:
        self.account = account
        # The login audit trail records the user agent: by this one a client finds its own rows (netsuite.md 6.4).
        self.user_agent = f"reconciler/{__version__} (run {secrets.token_hex(8)})"
        self._signer = signer
        self._allows = allows
        self._limits = limits or Limits()
        self._retries = retries or Retries()
        self._idle: deque[requests.Session] = deque()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

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
        """
        made = 0
        while True:
            outcome = self._attempt(call)
            made += 1
            asked_for = outcome.retry_after if isinstance(outcome, Answer) else None
            if self._may_repeat(call, outcome) and self._retries.pause(made, asked_for):
                continue
            if isinstance(outcome, NoAnswer):
                raise self._unanswered(call, outcome)
            self._require_success(call, outcome)
            return outcome

    def _attempt(self, call: Call) -> Answer | NoAnswer:
        data = None if call.body is None else json.dumps(call.body, ensure_ascii=True).encode()
        headers = dict(call.headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        with self.session() as session:
            # Prepared, and so signed, once per attempt: a nonce may be used once only (netsuite.md 2.2).
            request = requests.Request(
                call.method,
                self.account.base_url + call.path,
                params=dict(call.params),
                data=data,
                headers=headers,
                auth=self._signer,
            )
            return exchange(session, session.prepare_request(request), self._limits, call.about)

    def _may_repeat(self, call: Call, outcome: Answer | NoAnswer) -> bool:
        """A write only where the server said that it did nothing, or was never reached."""
        if isinstance(outcome, NoAnswer):
            return outcome.passing and (call.reads or not outcome.sent)
        if outcome.status in SUCCESS:
            return False
        if is_busy(outcome, refusal_in(outcome, self._signer.secrets)):
            return True
        return call.reads and outcome.status in _UNAVAILABLE

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
        raise_refusal(answer, refusal_in(answer, self._signer.secrets), call.about)
