"""Logins to one account: a reader that cannot write, and a writer that is made only when it is needed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from reconciler.config.environment import Environment
from reconciler.core.live import Identity
from reconciler.netsuite.client import ReadClient, WriteClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.pool import pool_of
from reconciler.netsuite.retries import Retries
from reconciler.ports import AccountReader, EmployeeWriter, PermissionReader
from reconciler.wiring.logins import Logins, Surroundings, hosts_of
from reconciler.wiring.shares import share


@dataclass(frozen=True, slots=True)
class Session:
    """Access to one account: reading at once, writing when it is asked for."""

    reader: AccountReader
    permissions: PermissionReader
    open_writer: Callable[[Callable[[], None]], EmployeeWriter]
    """Takes what is asked right before each write; what that raises keeps the write from being sent."""


@contextmanager
def session(environment: Environment, around: Surroundings) -> Iterator[Session]:
    """Access to one environment's account until the block ends.

    Raises:
        CredentialError: a reference is unset, or there is no login that can be used.
        EmulatorError: the embedded emulator did not start.
        LockedError: other processes have all places of the account in the pool that is configured.
    """
    with ExitStack() as stack:
        opened = _Opened(environment, Logins(environment, around, hosts_of(environment, around, stack)), stack)
        wanted = environment.concurrency
        allowed = share(environment.desired.account, wanted, around.environ, around.root)
        opened.pool.at_most(stack.enter_context(allowed))
        reader = opened.reader()
        yield Session(reader, reader, lambda before_write: opened.writer(reader, before_write))


class _Opened:
    """Makes the clients of one account and sees to it that they are closed."""

    def __init__(self, environment: Environment, logins: Logins, stack: ExitStack) -> None:
        self._environment = environment
        self._logins = logins
        self._account = logins.hosts.suitetalk
        self._stack = stack
        # Other environments of the same account send through the same one.
        self.pool = pool_of(logins.hosts.suitetalk, environment.concurrency)

    def reader(self) -> NetSuiteReader:
        retries = Retries()
        signer = self._logins.signer(self._environment.login, "login", retries)
        client = self._stack.enter_context(ReadClient(self._account, signer, retries=retries, pool=self.pool))
        return NetSuiteReader(client, concurrency=self._environment.concurrency)

    def writer(self, reader: NetSuiteReader, before_write: Callable[[], None]) -> EmployeeWriter:
        """The writing login; who it is, its access token says, else the reading one looks it up in the audit trail."""
        from reconciler.netsuite.employee_writer import (  # noqa: PLC0415  whoever only plans loads nothing that writes
            LOOK_EVERY,
            NetSuiteEmployeeWriter,
        )

        retries = Retries()
        signer = self._logins.signer(self._environment.apply_login, "apply_login", retries)
        client = self._stack.enter_context(
            WriteClient(self._account, signer, retries=retries, pool=self.pool, before_write=before_write)
        )

        def recognise(user_agent: str) -> Identity | None:
            return client.identity or reader.identity_of(user_agent)

        # Looking while it writes takes a second place among the account's requests.
        look_every = LOOK_EVERY if self._environment.concurrency > 1 else None
        return NetSuiteEmployeeWriter(client, recognise, look_every=look_every)
