"""The first page: every account of this server, one page at a time, or those that a search names."""

from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.pages.paging import SIZE, page_of
from reconciler.emulator.pages.visit import Fields, Shown

_FOUND: Final = "FROM accounts WHERE id LIKE ?1 || '%' ESCAPE '\\' OR name LIKE '%' || ?1 || '%' ESCAPE '\\'"


def show(world: World, query: Fields) -> Shown:
    """Accounts by id: those whose id begins with `q`, or whose name has it anywhere; without `q`, all of them."""
    text = query.text("q")
    wanted = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    page = page_of(query, world.database.number(f"SELECT COUNT(*) {_FOUND}", wanted))
    rows = world.database.rows(f"SELECT id, name {_FOUND} ORDER BY id LIMIT {SIZE} OFFSET ?2", wanted, page.offset)
    total = page.total if not text else world.database.number("SELECT COUNT(*) FROM accounts")
    return Shown("accounts.html", {"accounts": rows, "page": page, "q": text, "has_search": total > SIZE})
