"""What can be checked from here when a login is refused, for NetSuite itself never says why (netsuite.md 2.3)."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from reconciler.core.errors import LoginRefusedError, NetSuiteError
from reconciler.core.secret import Secret
from reconciler.core.tolerances import CLOCKS_TOO_FAR
from reconciler.netsuite.account import Account, suitetalk_url

_USUAL_ACCOUNT = re.compile(r"(TD|TSTDRV)?[0-9]+(_(SB|RP)?[0-9]*)?")
_SANDBOX = re.compile(r".*_SB[0-9]*")
# A date is in whole seconds, and an answer takes its time.
_AS_GOOD_AS_EQUAL = timedelta(seconds=5)
_PARTS = ("consumer_key", "consumer_secret", "token_id", "token_secret")


def checked(
    error: NetSuiteError, account: Account, secrets: Sequence[Secret], ahead: timedelta | None, *, was_accepted: bool
) -> NetSuiteError:
    """The same error; one about the login also says what was looked at, the suspicious things first.

    Args:
        error: what is about to be raised.
        account: realm and host.
        secrets: the parts of the login, in the order of `TokenCredentials` where it is one.
        ahead: how far NetSuite's clock is ahead of this machine's; None when the answer had no `Date`.
        was_accepted: the same login was accepted earlier in this run.
    """
    if not isinstance(error, LoginRefusedError):
        return error
    lines = [*_suspicions(account, secrets, ahead, was_accepted=was_accepted), _looked_at(account, secrets, ahead)]
    return LoginRefusedError(" ".join([error.message, *lines]), status=error.status, code=error.code, hint=error.hint)


def _suspicions(
    account: Account, secrets: Sequence[Secret], ahead: timedelta | None, *, was_accepted: bool
) -> Iterator[str]:
    if was_accepted:
        yield (
            "The same login was accepted earlier in this run: too many requests at once can look like this "
            "(lower `concurrency`), or the token was revoked meanwhile."
        )
    if ahead is not None and abs(ahead) > CLOCKS_TOO_FAR:
        direction = "behind" if ahead > timedelta() else "ahead of"
        yield (
            f"This machine's clock is {shown_length(ahead)} {direction} NetSuite's, and signatures are refused beyond "
            "5 minutes: set the clock."
        )
    if not _USUAL_ACCOUNT.fullmatch(account.realm):
        yield f"{account.realm} does not look like an account id such as 1234567 or 1234567_SB1."
    usual = urlsplit(suitetalk_url(account.id)).netloc
    if not account.loopback and account.host != usual:
        yield f"The host is {account.host}, while that of this account is usually {usual}."
    yield from _odd_parts(secrets)
    if _SANDBOX.fullmatch(account.realm):
        yield (
            "This account is a sandbox: a refresh deletes every token and certificate mapping, those of this tool too, "
            "and then it needs new ones before anything can be said."
        )


def _odd_parts(secrets: Sequence[Secret]) -> Iterator[str]:
    values = [secret.reveal() for secret in secrets]
    if len(values) != len(_PARTS):
        return
    for name, value in zip(_PARTS, values, strict=True):
        if value != value.strip():
            yield f"{name} begins or ends with white space."
    if len(set(values)) < len(values):
        twice = [name for name, value in zip(_PARTS, values, strict=True) if values.count(value) > 1]
        yield f"{' and '.join(twice)} have the same value, and must not."


def _looked_at(account: Account, secrets: Sequence[Secret], ahead: timedelta | None) -> str:
    clock = "unknown, for the answer has no date" if ahead is None else f"{shown_length(ahead)} apart"
    if ahead is not None and abs(ahead) < _AS_GOOD_AS_EQUAL:
        clock = "agree"
    by_token = len(secrets) == len(_PARTS)
    parts = f"; {', '.join(_PARTS)} are all set" if by_token else ""
    # Only a token-based login names a realm.
    name = "realm" if by_token else "account"
    return f"Looked at from here: {name} {account.realm}; host {account.host}; clocks {clock}{parts}."


def shown_length(length: timedelta) -> str:
    """A length of time, whichever its sign, in the words of people."""
    minutes, seconds = divmod(round(abs(length).total_seconds()), 60)
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}" for number, word in ((minutes, "minute"), (seconds, "second"))
    ]
    return " ".join(part for part, number in zip(parts, (minutes, seconds), strict=True) if number) or "0 seconds"
