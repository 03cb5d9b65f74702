"""Every way into an account that an environment declares, each by itself: one that is shut hides no other."""

from contextlib import ExitStack, closing
from dataclasses import replace

from reconciler.config.environment import Environment, Login, Oauth2Login
from reconciler.core.errors import ReconcilerError
from reconciler.core.examination import Examination
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.data_centers import ANYBODY, AnonymousClient
from reconciler.netsuite.doors import Door
from reconciler.netsuite.examiner import examine
from reconciler.netsuite.retries import Retries, RetryLimits
from reconciler.wiring.logins import Logins, Surroundings, hosts_of

__all__ = ["examined"]

# Whoever wants to know what is wrong does not want to wait for it to pass.
_SOON = RetryLimits(attempts=3, total_retries=6, total_seconds=15.0)


def examined(environment: Environment, around: Surroundings) -> Examination:
    """Everything that can be seen of the environment's account without writing; a login that fails is a finding.

    Raises:
        EmulatorError: the embedded emulator did not start.
        NetSuiteError: a login that worked is refused, or nothing answers any more.
    """
    with ExitStack() as stack:
        logins = Logins(environment, around, hosts_of(environment, around, stack))
        suitetalk = logins.hosts.suitetalk
        anybody = suitetalk.base_url if suitetalk.loopback else ANYBODY
        addresses = stack.enter_context(closing(AnonymousClient(Account(suitetalk.id, anybody)))).addresses()
        doors = {key: _door(key, login, logins, stack) for key, login in _declared(environment).items()}
        found = examine(environment.desired, doors["login"], doors.get("apply_login"), addresses)
        differ = () if suitetalk.loopback else _differing((suitetalk, logins.hosts.restlets), addresses.hosts)
        return replace(found, hosts_differ=differ, concurrency=environment.concurrency)


def _declared(environment: Environment) -> dict[str, Login | None]:
    logins: dict[str, Login | None] = {"login": environment.login}
    if environment.apply_login is not None:
        logins["apply_login"] = environment.apply_login
    return logins


def _door(key: str, login: Login | None, logins: Logins, stack: ExitStack) -> Door:
    method = "oauth2" if isinstance(login, Oauth2Login) else "tba"
    try:
        # A client that cannot write, for the writing login too.
        client = stack.enter_context(_client(logins, login, key, logins.hosts.suitetalk))
        at_restlets = (
            stack.enter_context(_client(logins, login, key, logins.hosts.restlets)) if method == "tba" else None
        )
    except ReconcilerError as error:
        return Door(key, method, error=error)
    return Door(key, method, client, at_restlets=at_restlets)


def _client(logins: Logins, login: Login | None, key: str, account: Account) -> ReadClient:
    retries = Retries(_SOON)
    return ReadClient(account, logins.signer(login, key, retries), retries=retries)


def _differing(accounts: tuple[Account, Account], hosts: frozenset[str]) -> tuple[str, ...]:
    return tuple(one.host for one in accounts if hosts and one.host not in hosts)
