"""The journal and the record of a handover as text: whatever names are, a line stays a line and commands nothing."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.handover_record import HandoverRecord, HandoverRecords, OrdersRecord, TokenRecord
from reconciler.core.history import ApplyMade, History, StepTaken
from reconciler.core.journal import Damage, Run
from reconciler.core.plan import ReadAs
from reconciler.core.record_runs import ApprovalRecord
from reconciler.core.record_steps import Source, StepRecord
from reconciler.core.signals import Made
from reconciler.core.standing import Standing
from reconciler.render.handover_record import records_document, records_to_text
from reconciler.render.history import history_to_text

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
names = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(["\n", "\r", "\x1b[31m", "\u202e", "\u2028", "::error::", "##[group]", "a"])).map("".join),
)
widths = st.sampled_from([None, 60])


def a_run(name: str) -> Run:
    return Run(
        id="0123456789ab",
        environment=name,
        account=name,
        emulator=False,
        who=name,
        where=name,
        commit=name,
        digest=f"sha256:{name}",
        overrides={name: name},
        only=(name,),
    )


def records(name: str) -> HandoverRecords:
    step = StepRecord("create-token", name, name, name, AT, AT, Source.NETSUITE, name)
    return HandoverRecords(
        environment=name,
        account=name,
        emulator=True,
        read_as=ReadAs(name, name),
        read_at=AT,
        complete=False,
        records=(
            HandoverRecord(
                address=name,
                application=name,
                role=name,
                new_owner=name,
                old_owners=((name, AT), (name, None)),
                standing=Standing.REFUSED,
                sentence=name,
                approvals=(ApprovalRecord(a_run(name), AT, name), ApprovalRecord(a_run(name), AT, None)),
                steps=(step, replace(step, latest=None), replace(step, earliest=None), replace(step, who=None)),
                tokens=(
                    TokenRecord(name, name, name, name, "live", AT, name, AT, AT, 3, AT),
                    TokenRecord(name, name, name, name, "revoked", None, None, None, None, 0, None),
                ),
                orders=(OrdersRecord(name, 3, AT, (Made.BY_HAND,)),),
                earlier=(ApprovalRecord(a_run(name), AT, name, name),),
            ),
        ),
        damage=(Damage(name, 1, name),),
        diagnostics=(Diagnostic(Severity.WARNING, "rule", name, name, name, None, name),),
    )


def journal(name: str) -> History:
    step = StepTaken(name, name, name, name, name)
    made = ApplyMade(a_run(name), AT, AT, name, name, (step,))
    return History(name, (made, replace(made, ended=None)), (Damage(name, 1, name),))


@given(names, widths)
def test_no_name_breaks_a_line_or_commands_a_ci_system(name: str, width: int | None) -> None:
    for text in (records_to_text(records(name), width), history_to_text(journal(name), width)):
        for line in text.removesuffix("\n").split("\n"):
            assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
            assert not line.lstrip().startswith(("::", "##["))


@given(names)
def test_every_name_is_as_many_lines_as_any_other(name: str) -> None:
    name = f"x{name}"  # what is empty is left out

    assert records_to_text(records(name)).count("\n") == records_to_text(records("x")).count("\n")
    assert history_to_text(journal(name)).count("\n") == history_to_text(journal("x")).count("\n")


def test_a_history_stands_within_the_terminal() -> None:
    text = history_to_text(journal("a name of several words " * 6), 80)

    assert [line for line in text.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_the_document_holds_names_as_they_are() -> None:
    name = 'a\n"b"\u202e<c>'
    (told,) = records_document(records(name))["handovers"]

    assert told["address"] == told["steps"][0]["who"] == told["approvals"][0]["where"] == name
