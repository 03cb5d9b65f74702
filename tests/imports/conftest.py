"""One emulator in this process, into which each test puts the account it is about."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from reconciler.core.secret import Secret
from reconciler.emulator import seed_rows, state
from reconciler.emulator.__main__ import open_world
from reconciler.emulator.accounts import World
from reconciler.emulator.behaviours import Switches
from reconciler.emulator.client import Emulator
from reconciler.emulator.database import Clock, Database
from reconciler.emulator.server import EmulatorServer, serve_in_thread
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials

ACCOUNT = "1234567"


class Accounts:
    """A server whose one account is replaced at will."""

    def __init__(self, server: EmulatorServer) -> None:
        self._server = server
        self.door = Emulator(server.url)

    def hold(self, content: Mapping[str, Any], twins: Iterable[str] = ()) -> None:
        """Put this account in the place of whatever there is; each of the twins is a second record of that name."""
        database = Database(None)
        with closing(database):
            world = World(database, Clock(database), Switches())
            seed_rows.load(world, {"accounts": {ACCOUNT: content}})
            for number, name in enumerate(twins, 900):
                database.insert("integrations", account=ACCOUNT, id=number, name=name, state="Enabled", created=0)
            state.restore(self._server.world, state.dump(world))

    def reader(self) -> tuple[ReadClient, NetSuiteReader]:
        """A fresh login of the account's reader."""
        found = self.door.credentials()
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        credentials = TokenCredentials(*(Secret(found[name]) for name in names))
        client = ReadClient(Account(ACCOUNT, self._server.url), TokenBasedAuth(ACCOUNT, credentials))
        return client, NetSuiteReader(client)


@pytest.fixture(scope="session")
def emulated() -> Iterator[Accounts]:
    world = open_world(None, Switches(), None, ACCOUNT)
    server = EmulatorServer(world)
    thread = serve_in_thread(server)
    yield Accounts(server)
    server.shutdown()
    thread.join()
    server.server_close()
    world.database.close()
