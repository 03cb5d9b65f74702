"""What verify and review show: the same facts in every format, and no name that breaks out of any of them."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.config.schema_files import schema_text
from reconciler.core.at_work import verify
from reconciler.core.audit_detail import meaning
from reconciler.core.desired import Waiver
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.live import Employee, Gap, Gapped, IntegrationRecord, IntegrationState, LiveState, Role, Token
from reconciler.core.review.comparison import compare
from reconciler.core.review.decisions import Decisions, check_decisions
from reconciler.core.review.review import Review
from reconciler.core.signals import Day, Made
from reconciler.core.traffic import OrderGroup, Origin, Traffic
from reconciler.core.verification import Verification
from reconciler.core.visible import visible
from reconciler.render import verification
from reconciler.render.day_chart import HIGH, STEP, DayChart, day_chart
from reconciler.render.lines import table, table_or_records
from reconciler.render.part import Part
from reconciler.render.review import cell, review_document, review_to_csv, snapshot
from reconciler.render.review_pages import review_to_html, review_to_markdown
from reconciler.render.review_text import PEOPLE, TOKENS, people_rows, people_told, review_to_text, token_rows
from reconciler.render.verification import HEAD, day_told, spans, verification_document, verification_to_text
from reconciler.render.verification_pages import verification_to_html, verification_to_markdown
from tests.core.review.worlds import healthy, reviewed, whole
from tests.render.samples import SOURCES
from tests.render.test_report import NAMES, blocks, elements
from tests.support.builders import (
    ADMIN,
    CONNECTOR,
    DANA,
    FILE,
    NOW,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    email,
    hours,
    logins,
)

DAY = timedelta(days=1)


def world(name: str) -> LiveState:
    """An account in which everything bears one name, and much is wrong."""
    person = Employee("10", name, None, active=True, access=True)
    token = Token("500", name, "7", name, "10", "1047", NOW - 500 * DAY, inactive=False, revoked=False)
    refused = logins(token, *hours(0.5), success=False, detail=name, day=NOW.date())
    return a_live_state(
        employees=(person, *a_live_state().employees[1:]),
        roles=(ADMIN, Role("1047", name, None, active=False)),
        tokens=(token, replace(token, id="501")),
        integrations=(IntegrationRecord("7", name, IntegrationState.BLOCKED),),
        logins=(logins(token, *hours(30, 1), day=NOW.date()), refused),
        gaps=(Gap(Gapped.NOTES, name, name),),
    )


def desired(name: str) -> Any:
    waiver = Waiver("token-age", "integrations", name, name, date(2030, 1, 1), Position(FILE, 60, 5))
    over = replace(waiver, expires=date(2020, 1, 1))
    wanted = an_integration(application=name, token_role=name, owner=email(name))
    return a_desired_state(wanted, waivers=(waiver, over))


def a_review(name: str) -> Review:
    found = reviewed(whole(world(name)), desired(name))
    before = snapshot(review_document(reviewed(whole(world("before")), desired("before"))))
    decided = check_decisions(Decisions(FILE, "test", None, ()), found.facts)
    return replace(found, decided=decided, compared=compare(before, snapshot(review_document(found)), name))


def a_verification(name: str) -> Verification:
    order = OrderGroup(NOW.date(), "10", 1, NOW - DAY, NOW, (Origin("UIF", CONNECTOR.id),))
    return verify(desired(name), world(name), Traffic((order,), timedelta(hours=-7)), 30 * DAY)


def failed(name: str) -> Part[Any]:
    return Part(name, FILE, None, (Diagnostic(Severity.ERROR, "rule", "Failed", name, None, None, name),))


PLAIN = "Plain"


def shown(result: Any, name: str = PLAIN) -> Part[Any]:
    return Part(name, FILE, result, ())


def assume_a_name(name: str) -> None:
    """Not one that is nothing, an address that is found, or that of what is there anyway."""
    assume(visible(name).strip() and "@" not in name and name.casefold() not in {"administrator", "before"})


REVIEWS = [shown(a_review(PLAIN)), failed(PLAIN)]
VERIFICATIONS = [shown(a_verification(PLAIN)), failed(PLAIN)]


@settings(max_examples=60)
@given(NAMES)
def test_pages_have_the_same_elements_whatever_names_are(name: str) -> None:
    assume_a_name(name)
    assert elements(review_to_html([shown(a_review(name), name), failed(name)], SOURCES, name)) == elements(
        review_to_html(REVIEWS, SOURCES, PLAIN)
    )
    assert elements(verification_to_html([shown(a_verification(name), name), failed(name)], SOURCES)) == elements(
        verification_to_html(VERIFICATIONS, SOURCES)
    )


@settings(max_examples=60)
@given(NAMES)
def test_comments_have_the_same_parts_whatever_names_are(name: str) -> None:
    assume_a_name(name)
    assert blocks(review_to_markdown([shown(a_review(name), name), failed(name)])) == blocks(
        review_to_markdown(REVIEWS)
    )
    assert blocks(verification_to_markdown([shown(a_verification(name), name), failed(name)])) == blocks(
        verification_to_markdown(VERIFICATIONS)
    )


@settings(max_examples=60)
@given(NAMES)
def test_no_name_makes_a_line_or_a_command_of_its_own_in_a_text(name: str) -> None:
    assume_a_name(name)
    for text, plain in (
        (review_to_text(a_review(name)), review_to_text(a_review(PLAIN))),
        (verification_to_text(a_verification(name)), verification_to_text(a_verification(PLAIN))),
    ):
        assert text.count("\n") == plain.count("\n")
        assert all(line.isprintable() for line in text.split("\n"))


@given(NAMES)
def test_no_spreadsheet_takes_a_name_for_a_formula(name: str) -> None:
    assume_a_name(name)
    rows = list(csv.DictReader(io.StringIO(review_to_csv([shown(a_review(name), name), failed(name)]))))

    for row in rows:
        for value in row.values():
            assert value == visible(value)
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert len(rows) == len(list(csv.DictReader(io.StringIO(review_to_csv(REVIEWS)))))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("'=1", "''=1"),
        ("\uff1d1", "'\uff1d1"),
        ("%0A", "'%0A"),
        ("Ann = Keller", "Ann = Keller"),
        ("ann-keller@example.com", "ann-keller@example.com"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_what_looks_like_a_formula(text: str, told: str) -> None:
    assert cell(text) == told


@pytest.mark.parametrize("name", [PLAIN, "\x1b[31m\n\u202e<b>"])
def test_the_documents_are_as_their_schemas_say(name: str) -> None:
    for schema, document in (
        ("review", review_document(a_review(name), name)),
        ("verification", verification_document(a_verification(name))),
    ):
        validator = Draft202012Validator(json.loads(schema_text(schema)))
        assert [error.message for error in validator.iter_errors(json.loads(json.dumps(document)))] == []


def test_every_format_of_a_review_tells_the_verdict_its_checksum_and_that_it_is_incomplete() -> None:
    checksum = review_document(a_review(PLAIN))["sha256"]

    for text in (
        review_to_text(a_review(PLAIN)),
        review_to_markdown(REVIEWS).replace("\\", ""),
        review_to_html(REVIEWS, SOURCES, None),
    ):
        assert checksum in text
        assert "Incomplete: this is no review of everybody" in text


def test_who_has_left_and_still_owns_a_token_is_counted_apart() -> None:
    left = tuple(replace(one, active=one.id != DANA.id) for one in healthy().employees)
    number = sum(one.access for one in left) - 1

    assert people_told(reviewed(healthy()).facts) == f"{number + 1} people have access"
    assert people_told(reviewed(healthy(employees=left)).facts) == f"{number} people have access, 1 more owns a token"


@pytest.mark.parametrize("width", [40, 80])
def test_tables_of_a_review_that_do_not_fit_are_told_one_record_below_another(width: int) -> None:
    text = review_to_text(reviewed(healthy()), width)

    assert all(len(line) <= width or " " not in line.strip() for line in text.splitlines())
    for told in (
        "dana.ortiz@example.com, last login: not seen Administrator, declared at environments/test.yaml:14:5",
        "NetSuite Connector Web Services, declared at environments/test.yaml:13:5",
        "svc.reader@example.com, reads now Reconciler Reader, not declared",
        "NetSuite Connector: token 600 owner dana.ortiz@example.com, role NetSuite Connector Web Services made",
        "made 2026-10-23, last used: 2026-11-22 11:00 UTC, declared at environments/test.yaml:10:3",
    ):
        assert told in " ".join(text.split())


@pytest.mark.parametrize(("width", "heads"), [(None, (PEOPLE, TOKENS)), (160, (PEOPLE, TOKENS)), (120, (PEOPLE,))])
def test_tables_of_a_review_stay_tables_where_they_fit(width: int | None, heads: tuple[Sequence[str], ...]) -> None:
    lines = {" ".join(line.split()) for line in review_to_text(reviewed(healthy()), width).splitlines()}

    assert [head for head in (PEOPLE, TOKENS) if " ".join(head) in lines] == list(heads)


def test_one_word_says_where_something_is_declared() -> None:
    assert "declared at" in PEOPLE
    assert "declared at" in TOKENS


def test_where_the_audit_trail_was_not_read_nobody_is_said_not_to_be_in_it() -> None:
    unread = reviewed(healthy(gaps=(Gap(Gapped.LOGINS, "it was refused", "a permission"),)))

    told = [*people_rows(reviewed(healthy())), *token_rows(reviewed(healthy(logins=())))]
    of_unread = [*people_rows(unread), *token_rows(replace(unread, facts=reviewed(healthy(logins=())).facts))]
    assert {"not seen", "never seen"} <= {cell for row in told for cell in row}
    assert {"not seen", "never seen"} & {cell for row in of_unread for cell in row} == set()
    assert sum("not read" in row for row in of_unread) == sum(
        {"not seen", "never seen"} & set(row) != set() for row in told
    )


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_narrow_terminal_no_line_but_a_single_long_word_stands_out(width: int) -> None:
    texts = [review_to_text(a_review(PLAIN), width), verification_to_text(a_verification(PLAIN), width)]

    assert [line for text in texts for line in text.splitlines() if len(line) > width and " " in line.strip()] == []


def test_pages_and_comments_part_the_mark_of_the_emulator_from_the_account() -> None:
    review, verification = a_review(PLAIN), a_verification(PLAIN)
    emulated = (shown(replace(review, emulator=True)), shown(replace(verification, emulator=True)))
    mark = "EMULATOR, not NetSuite"

    for page in (review_to_html([emulated[0]], SOURCES, None), verification_to_html([emulated[1]], SOURCES)):
        assert f'<span class="tag warn">{mark}</span> test: account' in page
    for comment in (review_to_markdown([emulated[0]]), verification_to_markdown([emulated[1]])):
        assert f"\n{mark}. test: account" in comment
    for page in (review_to_html(REVIEWS, SOURCES, None), verification_to_markdown(VERIFICATIONS)):
        assert mark not in page


def test_a_long_table_in_a_comment_is_cut_with_a_count() -> None:
    people = tuple(Employee(str(n), f"P{n}", f"p{n}@example.com", active=True, access=True) for n in range(1000, 1300))
    text = review_to_markdown([shown(reviewed(a_live_state(employees=people)))])

    assert "100 more rows stand in the other formats." in text


def test_pages_load_and_run_nothing() -> None:
    for page in (review_to_html(REVIEWS, SOURCES, None), verification_to_html(VERIFICATIONS, SOURCES)):
        names = {one[0] for one in elements(page)}
        assert not names & {"script", "iframe", "img", "link", "object", "form"}
        assert "default-src 'none'" in page


def test_what_a_refusal_means_is_told_once() -> None:
    """The verdict says it; and of three people who are refused for one reason the second line need not say it again."""
    means = meaning("permission_denied").what
    refused = [
        logins(a_token(), *hours(n), success=False, detail="permission_denied", user_id=str(n)) for n in (2, 3, 4)
    ]

    down = verify(a_desired_state(), healthy(logins=tuple(refused[:1])), Traffic(), 30 * DAY)
    over = verify(a_desired_state(), healthy(logins=(*refused, *healthy().logins)), Traffic(), 30 * DAY)
    for found, number in ((down, 1), (over, 3)):
        part = shown(found)
        for text in (
            verification_to_text(found),
            verification_to_markdown([part]),
            verification_to_html([part], SOURCES),
        ):
            assert len(found.integrations[0].refusals) == number
            assert text.replace("\\", "").count(means) == 1
            assert "name an owner who stays" not in text, "steps of the plan do it, and later it is over"


def a_day(ago: int, person: str, **different: Any) -> Day:
    base = Day(NOW.date() - ago * DAY, person, person == "dana", 4, 0, (), 0, None)
    return replace(base, **different)


def charted(*days: Day, began: datetime | None = None) -> DayChart:
    found = day_chart(days, NOW.date(), 30 * DAY, began)
    assert found is not None
    return found


def test_the_picture_has_a_lane_for_each_person_the_owner_first() -> None:
    chart = charted(a_day(9, "ann"), a_day(3, "dana"))

    assert [(lane.person, lane.is_owner) for lane in chart.lanes] == [("dana", True), ("ann", False)]
    assert (chart.first, chart.last, chart.width) == (NOW.date() - 30 * DAY, NOW.date(), 31 * STEP)


def test_a_bar_stands_at_its_day_and_is_as_high_as_its_number() -> None:
    (lane,) = charted(a_day(30, "dana", logins=10), a_day(0, "dana", logins=1)).lanes
    first, last = sorted(lane.rows[0].bars, key=lambda bar: bar.x)

    assert (first.x, last.x) == (0, 30 * STEP)
    assert (first.height, first.words) == (HIGH, "2026-10-23: 10 logins")
    assert 0 < last.height < first.height


def test_failures_have_a_row_of_their_own_and_what_never_was_has_none() -> None:
    (lane,) = charted(a_day(2, "dana", logins=0, refused=3, details=("NonceUsed",))).lanes

    assert [(row.kind, len(row.bars)) for row in lane.rows] == [("logins", 0), ("refused", 1)]


def test_the_handover_is_marked_where_it_was_seen() -> None:
    chart = charted(a_day(9, "ann"), began=NOW - 5 * DAY)

    assert (chart.handover, chart.handover_day) == (25 * STEP, NOW.date() - 5 * DAY)
    assert charted(a_day(9, "ann"), began=NOW - 50 * DAY).handover is None
    assert charted(a_day(9, "ann")).handover is None


def test_without_signals_there_is_no_picture() -> None:
    assert day_chart((), NOW.date(), 30 * DAY, None) is None


def test_like_days_in_a_row_are_one_line_and_troubled_ones_are_not() -> None:
    quiet = [a_day(ago, "dana", orders=1, made=Made.BY_THE_ROLE) for ago in range(1, 5)]
    refused = a_day(5, "dana", refused=2, details=("NonceUsed",))

    rows = [verification.row(*span) for span in spans([a_day(0, "ann"), *quiet, refused])]

    assert [cells[0] for cells in rows] == ["2026-11-22", "2026-11-18 to 2026-11-21", "2026-11-17"]
    assert rows[1][2:] == ("16", "0", "4", "orders in the token's role")
    assert (HEAD[5], rows[2][5]) == ("notes", 'refused: "NonceUsed"'), "no refusal is told as a way to make orders"


def test_a_day_in_words_says_all_that_its_row_says_and_nothing_that_did_not_happen() -> None:
    quiet = [a_day(ago, "dana", logins=4, orders=1, made=Made.BY_THE_ROLE) for ago in range(1, 5)]
    bad = a_day(5, "ann", logins=1, refused=2, details=("NonceUsed", "Token_Rejected"))
    typed_in = a_day(7, "kim", logins=0, orders=3, made=Made.BY_HAND)

    assert [day_told(*span) for span in spans([*quiet, bad, typed_in])] == [
        "2026-11-18 to 2026-11-21, dana: 16 logins, 4 orders in the token's role",
        '2026-11-17, ann: 1 login, 2 refused "NonceUsed" "Token_Rejected"',
        "2026-11-15, kim: 3 orders by hand",
    ]


@given(
    rows=st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.text("abc ", max_size=30).map(str.strip), min_size=columns, max_size=columns), min_size=1
        )
    ),
    width=st.none() | st.integers(1, 100),
)
def test_a_table_that_has_no_room_gives_way_to_records(rows: list[list[str]], width: int | None) -> None:
    in_columns = list(table(rows, "  "))
    shown = list(table_or_records(in_columns, ["record"], width))

    assert "".join(map("".join, rows)).replace(" ", "") == "".join(in_columns).replace(" ", "")
    assert shown in (in_columns, ["record"])
    assert (shown == in_columns) == (width is None or max(map(len, in_columns)) <= max(width, 40))


def test_days_on_which_two_worked_are_told_one_by_one() -> None:
    days = [one for ago in range(4) for one in (a_day(ago, "dana"), a_day(ago, "ann"))]

    assert len(list(spans(days))) == len(days)
