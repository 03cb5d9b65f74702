"""Who made tokens: read only for a record of handovers, and told as unknown where NetSuite does not say."""

from collections.abc import Callable, Mapping

from reconciler.core.live import Gap, Gapped
from reconciler.netsuite.makers import read_makers
from reconciler.netsuite.side_by_side import Starter, workers
from tests.netsuite.stub import Asked, Reply, Stub, page, refusal

NAMES = {"10": "dana.ortiz@example.com"}
ROWS: list[dict[str, object]] = [
    {"id": "1", "createdby": "10", "createdbyname": "Dana Ortiz"},
    {"id": "2", "createdby": "77", "createdbyname": "Somebody Else"},
    {"id": "3", "createdby": None, "createdbyname": None},
]


def made(stub: Stub, *token_ids: str) -> tuple[Mapping[str, str], tuple[Gap, ...]]:
    with stub.reader() as client, workers(2) as pool:
        return read_makers(Starter(client, pool), token_ids, NAMES)


def answering(unknown: str) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        if unknown in asked.body["q"]:
            return refusal(400, "INVALID_PARAMETER", f"Search error occurred: Unknown identifier '{unknown}'.")
        columns = [key for key in ROWS[0] if f"AS {key}" in asked.body["q"] or key in asked.body["q"].split(" FROM")[0]]
        return Reply(200, page([{key: row[key] for key in columns} for row in ROWS]))

    return answer


def test_people_are_called_as_everywhere_else_and_others_by_netsuites_name(stub: Stub) -> None:
    stub.script = [Reply(200, page(ROWS))]
    makers, gaps = made(stub, "1", "2", "3")

    assert makers == {"1": "dana.ortiz@example.com", "2": "Somebody Else"}
    assert gaps == ()
    assert stub.asked[0].body["params"] == [1, 2, 3]


def test_without_the_name_the_id_is_told(stub: Stub) -> None:
    stub.otherwise = answering("BUILTIN")

    assert made(stub, "1", "2", "3") == ({"1": "dana.ortiz@example.com", "2": "employee 77"}, ())


def test_a_column_that_is_hidden_is_a_gap_and_nobody_is_made_up(stub: Stub) -> None:
    stub.otherwise = answering("createdby")
    makers, (gap,) = made(stub, "1")

    assert makers == {}
    assert gap.what is Gapped.TOKENS


def test_without_tokens_nothing_is_asked(stub: Stub) -> None:
    assert made(stub) == ({}, ())
    assert stub.asked == []
