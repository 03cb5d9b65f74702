"""Comments and pages: the verdict first, nothing lost without a count, and no name that breaks out."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.core.change import HeldRole, TokenHolder
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.digest import Fact
from reconciler.core.outage import OUTAGE
from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.permissions import Level, PermissionDifference, PermissionMove
from reconciler.core.plan import Plan
from reconciler.core.sensitive import SENSITIVE
from reconciler.core.step import Actor, Status
from reconciler.core.visible import visible
from reconciler.render.colour import coloured
from reconciler.render.marker import is_marked, marker
from reconciler.render.report import Report, apply_report, failure_report, plan_report
from reconciler.render.sources import Sources
from reconciler.render.timeline import timelines
from reconciler.render.to_html import MOST_PICTURES, to_html
from reconciler.render.to_markdown import MOST, to_markdown
from reconciler.render.to_text import plan_to_text
from tests.render.samples import (
    COURSE,
    ENTER,
    FIRST,
    FOUND,
    GAINED,
    PLANS,
    READY_TO_CREATE,
    REPORTS,
    SENSITIVE_CHANGES,
    SOURCES,
    TOKEN,
    a_plan,
    a_step,
)
from tests.render.test_markdown_escape import HOSTILE

NAMES = st.one_of(
    st.text(min_size=1),
    st.sampled_from([*HOSTILE, '"><img src=x onerror=alert(1)>', "</style>", "--><script>", "</title>", "{{ 7 * 7 }}"]),
    st.lists(st.sampled_from("|<>[]()!`*_~#@:/\\&;$-+=.1a \n'\"{}%"), min_size=1).map("".join),
)
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def named(name: str) -> list[Report]:
    """Every report with the name in every place that can hold one."""
    finding = Diagnostic(Severity.ERROR, "rule", name, name, name, None, name)
    step = replace(
        READY_TO_CREATE, summary=name, note=name, instructions=(name, f"Role: {name}"), done_when=name, needs=()
    )
    plan = a_plan(
        environment=name,
        account=name,
        changes=(
            replace(TOKEN, before=TokenHolder(name, "r"), after=TokenHolder(f"other {name}", name)),
            replace(TOKEN, address=name, after=None, before=TokenHolder(name, name, name)),
            replace(GAINED, after=HeldRole(name, name), declared_at=Position(name, 1, 1)),
        ),
        steps=(step, replace(step, id="other", status=Status.WAITING)),
        diagnostics=(
            finding,
            replace(finding, rule=SENSITIVE, position=Position(name, 1, 1)),
            replace(finding, severity=Severity.INFO, address=None),
        ),
        observed=(Fact(name, name),),
        permissions=(
            PermissionDifference(name, (name,), (name,), (PermissionMove(name, Level.NONE, Level.FULL),), (name,)),
        ),
    )
    result = StepResult(step, Outcome.FAILED, name)
    return [
        plan_report(plan),
        apply_report(ApplyReport(plan, plan, (result,), unverified=name)),
        failure_report(name, name, [finding]),
    ]


class Structure(HTMLParser):
    """The elements and attributes of a page, without their values, text, and places where a line may break."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "wbr":
            self.found.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))


def elements(html: str) -> list[tuple[str, ...]]:
    parser = Structure()
    parser.feed(html)
    parser.close()
    return parser.found


@given(name=NAMES)
@settings(max_examples=60)
def test_a_page_has_the_same_elements_whatever_names_are(name: str) -> None:
    assume(visible(name).strip() and "@" not in name and "\n" not in name)
    page = to_html(named(name))

    assert elements(page) == elements(to_html(named("x")))
    assert page.count("<script") == 0


def blocks(text: str) -> list[str]:
    """What a reader of the Markdown sees as more than text."""
    found: list[str] = []
    for token in PARSER.parse(text):
        found.append(
            re.sub(r"<!-- reconciler: \S* -->", "", token.content) if token.type == "html_block" else token.type
        )
        for child in token.children or []:
            if child.type == "html_inline":
                found += [child.content] * (child.content != "<!-- -->")
            elif child.type not in {"text", "text_special"}:
                found.append(child.type)
    return found


@given(name=NAMES)
@settings(max_examples=60)
def test_a_comment_has_the_same_parts_whatever_names_are(name: str) -> None:
    assume(visible(name).strip() and "@" not in name)
    text = to_markdown(named(name))

    assert blocks(text) == blocks(to_markdown(named("x")))
    assert not any(line.lstrip().startswith("/") for line in text.splitlines())


@given(name=NAMES)
def test_a_link_leads_to_the_repository_and_nowhere_else(name: str) -> None:
    text = to_markdown(named(name), SOURCES)
    targets = [
        str(child.attrs["href"])
        for token in PARSER.parse(text)
        for child in token.children or []
        if child.type == "link_open"
    ]

    assert targets
    assert all(target.startswith(f"{SOURCES.base}/") for target in targets)


@pytest.mark.parametrize("report", [*map(plan_report, PLANS.values()), *map(apply_report, REPORTS.values())])
def test_a_comment_begins_with_the_verdict_and_ends_with_its_marker(report: Report) -> None:
    text = to_markdown([report])

    assert text.startswith(f"**production**: {'EMULATOR, not NetSuite. ' * report.emulator}")
    assert is_marked(text, "production")


def test_the_first_line_says_who_acts_and_whether_anything_can_break() -> None:
    def first(plan: Plan) -> str:
        return to_markdown([plan_report(plan)]).splitlines()[0]

    assert first(replace(FIRST, emulator=False)) == (
        "**production**: 2 automatic, 2 need a person, 1 waits, no step takes away a working token"
    )
    assert first(SENSITIVE_CHANGES).endswith("2 automatic, nobody has to act, no step takes away a working token")
    held = Diagnostic(Severity.ERROR, "working-token", "s", "d")
    assert "a step that would take away a working token is held back; 1 error" in first(
        replace(FIRST, diagnostics=(held,))
    )
    assert first(replace(FIRST, complete=False)).endswith("; incomplete")


OUTAGE_AND_SENSITIVE = SENSITIVE_CHANGES.with_diagnostics(FOUND.diagnostics)


def test_a_plan_begins_with_the_outage_and_then_with_what_is_sensitive() -> None:
    report = plan_report(OUTAGE_AND_SENSITIVE)

    assert [item.rule for item in report.alarms] == ["outage", SENSITIVE, SENSITIVE]
    for text in (to_html([report]), plan_to_text(OUTAGE_AND_SENSITIVE)):
        outage, sensitive, change = map(
            text.index, ("The integration cannot log in", "Changes the guards", "employees.")
        )
        assert outage < sensitive < change


def test_sensitive_changes_head_the_comment_of_a_pull_request() -> None:
    comment = to_markdown([plan_report(OUTAGE_AND_SENSITIVE)])

    sensitive, outage, change = map(
        comment.index, ("Changes the guards", "The integration cannot log in", "employees.")
    )
    assert sensitive < outage < change


def test_instructions_are_there_for_ready_steps_only_and_their_values_can_be_copied() -> None:
    ready = replace(
        READY_TO_CREATE,
        instructions=("Setup > Users/Roles", "User: Dana Ortiz (dana.ortiz@example.com)", "Token Name: Dana #1"),
    )
    report = plan_report(replace(FOUND, steps=(ready, ENTER)))

    assert '<li>Token Name: <code class="copy">Dana #1</code></li>' in to_html([report])
    assert '<li>User: <code class="copy">Dana Ortiz</code> (dana.ortiz@example.com)</li>' in to_html([report])
    assert "  - Token Name: <code>Dana #1</code>\n" in to_markdown([report])
    assert ENTER.done_when not in to_markdown([report])


def many(count: int) -> Plan:
    """That many handovers, each with five steps of which one is ready."""
    changes = tuple(replace(TOKEN, address=f"integrations.app-{number}.token") for number in range(count))
    steps = tuple(
        replace(
            step,
            id=f"{step.id}-{number}",
            address=f"integrations.app-{number}.token",
            needs=tuple(f"{need}-{number}" for need in step.needs),
        )
        for number in range(count)
        for step in COURSE
    )
    findings = tuple(
        Diagnostic(severity, "other-holders", "Others", f"number {number}{more}", f"integrations.app-{number}")
        # A shorter one might fit where no longer one does.
        for severity, more in ((Severity.INFO, " and nothing to do"), (Severity.ERROR, ""))
        for number in range(count)
    )
    return a_plan(changes=changes, steps=steps, diagnostics=findings)


def test_two_thousand_changes_make_a_comment_that_a_forge_accepts_and_a_person_can_use() -> None:
    text = to_markdown([plan_report(many(2000))], SOURCES)

    assert 40_000 < len(text) <= MOST
    assert text.startswith("**production**: 4000 automatic, 4000 need a person, 2000 wait, ")
    assert is_marked(text, "production")
    shown = {what: len(re.findall(begin, text, re.MULTILINE)) for what, begin in ITEMS.items()}
    for what, whole in (("changes", 2000), ("steps", 10_000), ("findings", 4000)):
        hidden = re.search(rf"… and (\d+) more {what}: ", text)
        assert hidden is not None
        assert shown[what] + int(hidden[1]) == whole
        assert shown[what] > 30
    # What somebody can do now stays, and errors stay.
    assert "not yet" not in text
    assert "**Note:" not in text
    assert [token.type for token in PARSER.parse(text)].count("table_open") == 1


ITEMS = {"changes": r"^\| ± ", "steps": r"^- \[[ x]\] ", "findings": r"^- \*\*(Error|Note): "}


@given(st.integers(0, 40), st.integers(900, 9000))
@settings(max_examples=40)
def test_no_comment_is_longer_than_it_may_be_and_items_are_whole(count: int, most: int) -> None:
    whole = to_markdown([plan_report(many(count))], most=10**7)
    text = to_markdown([plan_report(many(count))], most=most)

    assert len(text) <= most
    assert text == whole or "more" in text
    assert {line for line in text.splitlines() if "… and" not in line} <= set(whole.splitlines())
    assert is_marked(text, "production")


def test_many_environments_share_the_room_and_each_keeps_its_verdict() -> None:
    reports = [replace(plan_report(many(100)), environment=f"e{number}") for number in range(20)]
    text = to_markdown([plan_report(FIRST), *reports])

    assert len(text) <= MOST
    assert all(marker(f"e{number}") in text for number in range(20))
    assert "enter the token of dana" in text


def test_environments_without_room_are_counted() -> None:
    reports = [replace(plan_report(FIRST), environment=f"e{number}") for number in range(1000)]
    text = to_markdown(reports)

    assert len(text) <= MOST
    hidden = re.search(r"… and (\d+) more environments", text)
    assert hidden is not None
    assert text.count("<!-- reconciler: ") + int(hidden[1]) == 1000


def test_a_name_that_fills_the_comment_is_cut() -> None:
    text = to_markdown([plan_report(replace(FIRST, environment="e" * 100_000, account="<" * 100_000))])

    assert len(text) <= MOST
    assert is_marked(text, "e" * 100_000)


def test_a_picture_shows_who_logs_in_until_and_from_which_step_and_that_they_overlap() -> None:
    steps = (*COURSE[:4], a_step("deactivate-token", Actor.PERSON, "d"), a_step("revoke-token", Actor.PERSON, "r"))
    (timeline,) = timelines(replace(FIRST, steps=steps))
    old, new = timeline.lanes

    assert [station.number for station in timeline.stations] == [1, 2, 3, 4, 5, 6]
    assert (old.exists, old.logs_in) == ((-1, 4), (-1, 2))
    assert (new.exists, new.logs_in) == ((1, 6), (2, 6))
    page = to_html([plan_report(replace(FIRST, steps=steps))])
    assert "The token of ann@example.com is used now until step 3." in page
    assert "The token of dana.ortiz@example.com is used from step 3 on." in page
    assert "step 4, silence: later" in page


def test_a_picture_shows_no_login_where_there_can_be_none() -> None:
    outage = Diagnostic(Severity.WARNING, OUTAGE, "down", "d", TOKEN.address.removesuffix(".token"))
    other = replace(outage, address="integrations.other")
    down, up = (replace(FIRST, diagnostics=(item,)) for item in (outage, other))

    assert [lane.logs_in for lane in timelines(down)[0].lanes] == [(-1, -1), (2, 5)]
    assert [lane.refused for lane in timelines(down)[0].lanes] == [True, False]
    assert [lane.refused for lane in timelines(up)[0].lanes] == [False, False]
    page = to_html([plan_report(down)])
    assert "token of ann@example.com: cannot log in" in page
    assert "The token of ann@example.com cannot log in." in page
    assert "token of ann@example.com is used" not in page
    assert "cannot log in" not in to_html([plan_report(up)])


def test_a_first_token_has_one_lane_and_a_change_of_roles_no_picture() -> None:
    (timeline,) = timelines(replace(FIRST, changes=(replace(TOKEN, before=None),)))

    assert [lane.name for lane in timeline.lanes] == ["dana.ortiz@example.com"]
    assert timelines(SENSITIVE_CHANGES) == ()
    assert timelines(replace(FIRST, steps=COURSE * 3)) == ()


def test_very_many_pictures_are_counted_instead() -> None:
    page = to_html([plan_report(many(MOST_PICTURES + 3))])

    assert page.count("<svg") == MOST_PICTURES
    assert "3 more have no picture here" in page


def test_a_page_is_one_file_that_loads_nothing_and_runs_nothing() -> None:
    page = to_html([plan_report(FOUND), failure_report("x", None, FOUND.diagnostics)], SOURCES)
    found = elements(page)

    assert not {tag for tag, *_ in found} & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for _, *names in found for name in names if name.startswith("on") or name in {"src", "style"}}
    assert "default-src 'none'" in page
    assert re.search(r"url\(|@import", page) is None
    assert page.count("<h1") == page.count("<main") == page.count("<header") == page.count("<footer") == 1


def test_equal_input_gives_equal_bytes() -> None:
    assert to_html([plan_report(FOUND)]) == to_html([plan_report(FOUND)])
    assert to_markdown([plan_report(FOUND)]) == to_markdown([plan_report(FOUND)])


def test_links_are_there_where_the_repository_is_known_and_plain_text_elsewhere() -> None:
    report = plan_report(FIRST)

    assert 'href="https://forge.example/company/config/blob/main/environments/production.yaml#L24"' in to_html(
        [report], SOURCES
    )
    assert '<a href="https' not in to_html([report])
    assert "](<" not in to_markdown([report], Sources())
    assert "| environments/production.yaml:24 |" in to_markdown([report])


@given(name=NAMES, width=st.sampled_from([None, 80]))
def test_colour_changes_no_letter(name: str, width: int | None) -> None:
    text = plan_to_text(
        replace(FOUND, environment=name, steps=(replace(READY_TO_CREATE, summary=name, needs=()),)), width
    )

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured(text)) == text


def test_colour_is_there_for_what_matters() -> None:
    text = coloured(plan_to_text(FOUND))

    for part in (
        "\x1b[35m±\x1b[0m ",
        "\x1b[31m-\x1b[0m ",
        "\x1b[1;31mError:\x1b[0m",
        "\x1b[1;32mready\x1b[0m",
        "\x1b[1mPlan:\x1b[0m",
    ):
        assert part in text
    assert "\x1b[1;32mready\x1b[0m" in coloured(plan_to_text(FOUND, 50))


def test_steps_of_a_file_that_need_what_is_not_there_are_shown_all_the_same() -> None:
    assert "not yet" in plan_to_text(replace(FIRST, steps=(replace(ENTER, needs=("nothing",)),)))
