"""Logins to one account: a reader that cannot write, and a writer that is made only when it is needed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.config.endpoints import EmulatorEndpoint
from reconciler.config.environment import Environment, TbaLogin
from reconciler.config.references import Reference, resolve
from reconciler.core.desired import ActsAs, PersonKey
from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret
from reconciler.embedded import emulator_files, login_of, running
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient, WriteClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.roles import NetSuiteRoleWriter
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials
from reconciler.ports import LiveReader, RoleWriter


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a process finds around it: the state folder, environment variables, the root that references stay in."""

    state: Path
    environ: Mapping[str, str]
    root: Path


@dataclass(frozen=True, slots=True)
class Session:
    reader: LiveReader
    open_writer: Callable[[], RoleWriter]


@contextmanager
def session(environment: Environment, around: Surroundings) -> Iterator[Session]:
    """Access to one environment's account until the block ends.

    Raises:
        CredentialError: a reference is unset, or there is no login that can be used.
        EmulatorError: the embedded emulator did not start.
    """
    account_id = environment.desired.account
    with ExitStack() as stack:
        if isinstance(environment.endpoint, EmulatorEndpoint):
            files = emulator_files(around.state, environment.name)
            url = stack.enter_context(running(files, account_id))
        else:
            url = environment.endpoint.suitetalk
        opened = _Opened(environment, around, Account(account_id, url), stack)
        reader = opened.reader()
        yield Session(reader, lambda: opened.writer(reader))


class _Opened:
    """Makes the clients of one account and sees to it that they are closed."""

    def __init__(self, environment: Environment, around: Surroundings, account: Account, stack: ExitStack) -> None:
        self._environment = environment
        self._around = around
        self._account = account
        self._stack = stack

    def reader(self) -> NetSuiteReader:
        client = ReadClient(self._account, self._signer(self._environment.login, "login"))
        return NetSuiteReader(self._stack.enter_context(client), concurrency=self._environment.concurrency)

    def writer(self, reader: NetSuiteReader) -> RoleWriter:
        """The writing login; who it is, the reading one looks up in the login audit trail."""
        client = WriteClient(self._account, self._signer(self._environment.apply_login, "apply_login"))
        return NetSuiteRoleWriter(self._stack.enter_context(client), reader.identity_of)

    def _signer(self, login: TbaLogin | None, key: str) -> TokenBasedAuth:
        return TokenBasedAuth(self._account.realm, self._credentials(login, key))

    def _credentials(self, login: TbaLogin | None, key: str) -> TokenCredentials:
        emulated = isinstance(self._environment.endpoint, EmulatorEndpoint)
        if login is None and not emulated:
            raise CredentialError(
                f"Environment {self._environment.name} has no {key} that can be used.",
                hint=f"declare netsuite.{key} with method tba",
            )
        if login is not None and (references := _references(login)):
            return TokenCredentials(*(self._secret(reference) for reference in references))
        found = login_of(self._account.base_url, self._account.id, _wanted(login.acts_as if login else None))
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        return TokenCredentials(*(Secret(str(found[name])) for name in names))

    def _secret(self, reference: Reference) -> Secret:
        return resolve(reference, self._around.environ, self._around.root)


def _references(login: TbaLogin) -> tuple[Reference, ...]:
    """All four, or none."""
    declared = (login.consumer_key, login.consumer_secret, login.token_id, login.token_secret)
    return tuple(reference for reference in declared if reference is not None)


def _wanted(acts_as: ActsAs | None) -> Mapping[str, str]:
    """Whom the embedded emulator shall hand out a login for."""
    if acts_as is None:
        return {}
    by_email = acts_as.employee.by is PersonKey.EMAIL
    return {"employee": acts_as.employee.value if by_email else str(acts_as.employee), "role": acts_as.role}
