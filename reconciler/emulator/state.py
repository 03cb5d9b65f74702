"""The whole state of a server: dumped as one SQLite image, restored from one, and snapshots kept in memory.

A state is the database, and the clock's offset with it, and the positions of the switches. Faults and the request log
belong to the test that set or reads them, and are no part of it.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.behaviours import Switches, UnknownBehaviourError
from reconciler.emulator.database import EARLIEST, LATEST, alone
from reconciler.emulator.tables import FORMAT, TABLES
from reconciler.emulator.wire import ActError

IMAGE: Final = "application/vnd.sqlite3"
MOST_SNAPSHOTS: Final = 100
SIGNATURE: Final = b"SQLite format 3\0"
SWITCHES: Final = "switches"
PAGE_SIZE: Final = 4096  # what SQLite makes


def dump(world: World) -> bytes:
    """An image that `restore` takes, and that can also be served with --database (without the switches then)."""
    with world.database.exclusive():
        world.database.set(SWITCHES, json.dumps(world.switches.chosen()))
        try:
            return world.database.image()
        finally:
            world.database.run("DELETE FROM settings WHERE name = ?", SWITCHES)


def restore(world: World, image: bytes) -> None:
    """Put an image in place of all there is; what is refused has changed nothing.

    Raises:
        ActError: it is no image of this emulator, or of another format.
    """
    with closing(sqlite3.connect(":memory:")) as source:
        switches = _checked(source, image)
        source.execute("DELETE FROM settings WHERE name = ?", (SWITCHES,))
        source.commit()
        with world.database.exclusive():
            world.database.replace(source)
            world.switches.restore(switches)


def _checked(source: sqlite3.Connection, image: bytes) -> Mapping[str, str]:
    if not image.startswith(SIGNATURE):
        raise ActError(400, "The body is no state: it is no SQLite image.")
    try:
        source.deserialize(alone(image))
        found = int(source.execute("PRAGMA user_version").fetchone()[0])
        tables = _columns(source)
        is_whole = source.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ActError(400, f"The body is no state: it cannot be read as a SQLite image ({error}).") from error
    if found != FORMAT and tables:
        raise ActError(409, f"The state is of format {found}, and this emulator has format {FORMAT}.")
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(TABLES)
        if tables != _columns(empty):
            raise ActError(400, "The body is a SQLite image, but no state of this emulator.")
    if not is_whole:
        raise ActError(400, "The state is damaged.")
    if (size := int(source.execute("PRAGMA page_size").fetchone()[0])) != PAGE_SIZE:
        # SQLite does not copy from one size to another.
        raise ActError(400, f"The state has pages of {size} bytes, which no dump has: {PAGE_SIZE} are expected.")
    row = source.execute("SELECT value FROM settings WHERE name = ?", (SWITCHES,)).fetchone()
    try:
        switches = json.loads(row[0]) if row else {}
        offset = int((source.execute("SELECT value FROM settings WHERE name = 'clock offset'").fetchone() or "0")[0])
    except (ValueError, TypeError) as error:
        raise ActError(400, f"The settings of the state cannot be read: {error}.") from error
    if not EARLIEST <= int(time.time()) + offset <= LATEST:
        raise ActError(400, "The clock of the state is at no date that the emulator can show.")
    if not isinstance(switches, dict) or not all(isinstance(value, str) for value in switches.values()):
        raise ActError(400, "The switches of the state are no object of texts.")
    try:
        Switches().choose_all(switches)
    except UnknownBehaviourError as error:
        raise ActError(400, f"The state holds a switch that is not known here. {error}") from error
    return switches


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Every table with its columns, and whatever else there is by its name."""
    return {
        (str(kind), str(name), str(column or ""))
        for kind, name, column in connection.execute(
            "SELECT m.type, m.name, c.name FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c"
            " ON m.type = 'table' WHERE m.name NOT LIKE 'sqlite_%'"
        )
    }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole database and the switches, as they were."""

    image: bytes
    switches: Mapping[str, str]


@dataclass(slots=True)
class Snapshots:
    """States by name, as long as the server lives."""

    _kept: dict[str, Snapshot] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, world: World, name: str) -> int:
        """Keep the state under a name, in place of one that had it; answers how many bytes it takes."""
        with world.database.exclusive():
            snapshot = Snapshot(world.database.image(), world.switches.chosen())
        with self._lock:
            if name not in self._kept and len(self._kept) >= MOST_SNAPSHOTS:
                raise ActError(409, f"There are {MOST_SNAPSHOTS} snapshots already. Delete one first.")
            self._kept[name] = snapshot
        return len(snapshot.image)

    def restore(self, world: World, name: str) -> None:
        snapshot = self._found(name)
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(snapshot.image)
            with world.database.exclusive():
                world.database.replace(source)
                world.switches.restore(snapshot.switches)

    def delete(self, name: str) -> None:
        self._found(name)
        with self._lock:
            self._kept.pop(name, None)

    def listing(self) -> list[dict[str, object]]:
        with self._lock:
            return [{"name": name, "bytes": len(each.image)} for name, each in sorted(self._kept.items())]

    def _found(self, name: str) -> Snapshot:
        with self._lock:
            found = self._kept.get(name)
            there_are = ", ".join(sorted(self._kept)) or "none"
        if found is None:
            raise ActError(404, f"There is no snapshot {name!r}. There are: {there_are}.")
        return found
