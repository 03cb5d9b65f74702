"""Everything that is wrong has one shape and one order."""

from itertools import permutations

from reconciler.core.audit_detail import MEANING, meaning
from reconciler.core.desired import PersonKey, PersonRef, quoted
from reconciler.core.diagnostics import Diagnostic, Position, Severity, has_errors, in_order


def a_diagnostic(severity: Severity, rule: str = "rule", position: Position | None = None) -> Diagnostic:
    return Diagnostic(severity, rule, "Summary", "Detail.", "address", position)


def test_errors_come_first_then_places_in_the_file_then_what_has_no_place() -> None:
    expected = (
        a_diagnostic(Severity.ERROR, position=Position("a.yaml", 9, 1)),
        a_diagnostic(Severity.ERROR, position=Position("a.yaml", 10, 2)),
        a_diagnostic(Severity.ERROR),
        a_diagnostic(Severity.WARNING, position=Position("a.yaml", 1, 1)),
        a_diagnostic(Severity.INFO, "first"),
        a_diagnostic(Severity.INFO, "second"),
    )

    assert all(in_order(order) == expected for order in permutations(expected))


def test_what_was_said_twice_is_told_once() -> None:
    once = a_diagnostic(Severity.ERROR)

    assert in_order([once, a_diagnostic(Severity.ERROR), once]) == (once,)


def test_only_errors_are_errors() -> None:
    assert has_errors([a_diagnostic(Severity.INFO), a_diagnostic(Severity.ERROR)])
    assert not has_errors([a_diagnostic(Severity.INFO), a_diagnostic(Severity.WARNING)])
    assert not has_errors([])


def test_a_position_reads_like_a_compilers() -> None:
    assert str(Position("environments/production.yaml", 26, 5)) == "environments/production.yaml:26:5"


def test_a_key_is_quoted_in_an_address_only_where_it_has_to_be() -> None:
    told = {"netsuite-connector": "netsuite-connector", "a.b": '"a.b"', "a b": '"a b"', "": '""', 'a"\\': '"a\\"\\\\"'}

    assert {key: quoted(key) for key in told} == told
    assert quoted("*") == '"*"'


def test_people_are_named_as_the_file_names_them() -> None:
    assert str(PersonRef(PersonKey.EMAIL, "ann@example.com")) == "ann@example.com"
    assert str(PersonRef(PersonKey.ENTITY_ID, "Ann")) == "entity_id:Ann"


def test_details_of_the_audit_trail_are_explained_in_any_case() -> None:
    assert meaning("NonceUsed") is MEANING["nonceused"]
    assert str(meaning("NonceUsed")) == "a request was sent twice: the client must sign each attempt anew"
    assert all(key == key.lower() for key in MEANING)


def test_a_detail_that_nobody_knows_points_to_where_it_stands() -> None:
    assert "View Login Audit Trail" in meaning("brand_new_reason").todo
