"""Reading who made tokens: asked for only where a handover is told, for no plan rests on it."""

from collections.abc import Mapping, Sequence

from reconciler.core.live import Gap, Gapped
from reconciler.netsuite import queries, rows
from reconciler.netsuite.side_by_side import Starter
from reconciler.netsuite.suiteql import chunks


def read_makers(
    start: Starter, token_ids: Sequence[str], names: Mapping[str, str]
) -> tuple[Mapping[str, str], tuple[Gap, ...]]:
    """Who made each of these tokens, as far as it is told, and what could not be read.

    Args:
        start: starts reads.
        token_ids: internal ids.
        names: how people are called, by internal id; of others NetSuite's own name is taken.
    """
    found = start(Gapped.TOKENS, map(queries.makers_of_tokens, chunks(token_ids)), rows.maker)()
    makers = {one.token_id: names.get(one.user_id) or one.name for one in found.facts if one.user_id}
    return makers, found.gaps
