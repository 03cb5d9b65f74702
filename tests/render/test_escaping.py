"""Names from files and accounts cannot forge what a terminal shows."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.change import HeldRole, TokenHolder
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.step import Status
from reconciler.core.visible import visible
from reconciler.render.diagnostic_text import diagnostic_to_text, validation_to_text
from reconciler.render.to_json import failure_document, to_json
from reconciler.render.to_text import apply_to_text, plan_to_text, result_to_text
from tests.render.samples import FIRST, GAINED, READY_TO_CREATE, TOKEN, a_plan

FORGED = "x\n+ forged\r\x1b[2K\u202e\u200b\u2028\u00ad\x9b\t\u3164\ufe0f"
names = st.one_of(
    st.text(),
    st.text(st.sampled_from(FORGED)),
    st.lists(st.sampled_from(["\n", "\x1b[31m", "\u202e", "\u2066", "\u2028", "\x7f", "a", " "])).map("".join),
)
widths = st.sampled_from([None, 80])


def a_finding(name: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, "rule", name, name, name, None, name)


def lines_of(name: str, width: int | None) -> list[str]:
    """Every text output with the name in every place that can hold one."""
    step = replace(READY_TO_CREATE, summary=name, note=name, instructions=(name,), done_when=name, needs=())
    plan = a_plan(
        environment=name,
        account=name,
        steps=(step, replace(step, id="other", status=Status.WAITING)),
        changes=(
            replace(TOKEN, address=name, before=TokenHolder(name, "r"), after=TokenHolder(f"other {name}", name)),
            replace(TOKEN, after=None, before=TokenHolder(name, name, name)),
            replace(GAINED, after=HeldRole(name, name), declared_at=Position(name, 1, 1)),
        ),
        diagnostics=(a_finding(name), replace(a_finding(name), position=Position(name, 1, 1))),
    )
    result = StepResult(step, Outcome.FAILED, name)
    texts = [
        plan_to_text(plan, width),
        apply_to_text(ApplyReport(plan, plan, (result,)), width),
        apply_to_text(ApplyReport(plan, plan, (result,), unverified=name), width),
        apply_to_text(ApplyReport(plan, plan, declined=True), width),
        result_to_text(result, width),
        diagnostic_to_text(a_finding(name), width, where=name),
        validation_to_text([a_finding(name)], [name], width),
    ]
    return [line for text in texts for line in text.split("\n")]


@given(names, widths)
def test_no_control_or_format_character_reaches_a_text_output(name: str, width: int | None) -> None:
    for line in lines_of(name, width):
        assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_name_with_line_breaks_adds_no_line() -> None:
    def forged(name: str) -> Sequence[str]:
        return plan_to_text(a_plan(environment=name)).splitlines()

    assert len(forged(FORGED)) == len(forged("x"))
    assert forged(FORGED)[0].startswith(r"x\n+ forged\r\x1b[2K\u202e\u200b\u2028\xad\x9b\t\u3164\ufe0f: account")


@given(names)
def test_what_is_visible_stays_as_it_is(name: str) -> None:
    assert visible(visible(name)) == visible(name)
    assert visible("Jürgen Groß, 東京, Łódź (owner@example.com)") == "Jürgen Groß, 東京, Łódź (owner@example.com)"


@given(names)
def test_json_holds_names_as_they_are(name: str) -> None:
    document = json.loads(to_json([failure_document(name, [a_finding(name)])]))

    assert (document["environment"], document["diagnostics"][0]["detail"]) == (name, name)


def test_a_stray_byte_of_a_file_name_can_be_written_in_every_format() -> None:
    stray = b"\xff.yaml".decode("utf-8", "surrogateescape")

    assert json.loads(to_json([failure_document(stray, [])]))["environment"] == stray
    assert r"\udcff.yaml" in plan_to_text(replace(FIRST, environment=stray))
    assert to_json([failure_document(stray, [])]).encode()
