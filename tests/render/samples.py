"""Plans and applies to render, and the golden files: `python -m tests.render.samples` writes them anew, tests compare.

They are made by hand, so that only a change of rendering changes a golden file; read what `git diff` then shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from reconciler.core.change import Action, Change, HeldRole, Reason, TokenHolder
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.digest import Fact
from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.permissions import Level, PermissionDifference, PermissionMove
from reconciler.core.plan import Plan
from reconciler.core.search import UNDECIDED
from reconciler.core.sensitive import SENSITIVE
from reconciler.core.step import Actor, Status, Step
from reconciler.render.describe import notices
from reconciler.render.findings import Finding
from reconciler.render.report import Report, apply_report, failure_report, plan_report
from reconciler.render.sources import Sources
from reconciler.render.to_github import to_github
from reconciler.render.to_html import to_html
from reconciler.render.to_json import apply_document, plan_document, to_json
from reconciler.render.to_markdown import to_markdown
from reconciler.render.to_sarif import to_sarif
from reconciler.render.to_text import apply_to_text, plan_to_text

GOLDEN = Path(__file__).parent / "golden"
FILE = "environments/production.yaml"
ANN, DANA = "ann@example.com", "dana.ortiz@example.com"
ROLE = "NetSuite Connector Web Services"
SOURCES = Sources(base="https://forge.example/company/config/blob/main")


def a_step(kind: str, actor: Actor, summary: str, **different: Any) -> Step:
    base = Step(
        id=f"{kind}/1",
        kind=kind,
        actor=actor,
        address="integrations.netsuite-connector.token",
        status=Status.BLOCKED,
        needs=(),
        summary=summary,
        instructions=(),
        done_when=f"somebody did {kind}",
        operation=None,
    )
    return replace(base, **different)


def a_plan(**different: Any) -> Plan:
    """An account in which nothing differs, but for what a test names."""
    base = Plan(
        environment="production",
        account="1234567",
        emulator=False,
        digest=f"sha256:{0:064}",
        applyable=False,
        complete=True,
        changes=(),
        steps=(),
        diagnostics=(),
        observed=(),
    )
    return replace(base, **different)


TOKEN = Change(
    "integrations.netsuite-connector.token",
    Action.REPLACE,
    TokenHolder(ANN, ROLE, "old"),
    TokenHolder(DANA, ROLE),
    Reason.OWNER_DIFFERS,
    Position(FILE, 24, 5),
)
GAINED = Change(
    f'employees."{DANA}".roles',
    Action.CREATE,
    None,
    HeldRole(ROLE, "for netsuite-connector"),
    Reason.TOKEN_ROLE_MISSING,
    Position(FILE, 25, 5),
)
LOST = Change(
    f'employees."{ANN}".roles',
    Action.DELETE,
    HeldRole(ROLE, "previous owner"),
    None,
    Reason.PREVIOUS_OWNER,
    Position(FILE, 27, 5),
)
GRANT = a_step("grant-role", Actor.RECONCILER, f"grant {ROLE} to {DANA}", status=Status.READY)
CREATE = a_step("create-token", Actor.PERSON, f"create a token for {DANA}", needs=(GRANT.id,))
ENTER = a_step(
    "enter-credentials", Actor.PERSON, f"enter the token of {DANA} in NetSuite Connector", needs=(CREATE.id,)
)
WAIT = a_step("quiet-period", Actor.TIME, f"wait until the token of {ANN} was silent for 24h", needs=(ENTER.id,))
REMOVE = a_step("remove-role", Actor.RECONCILER, f"remove {ROLE} from {ANN}", needs=(WAIT.id,))
COURSE = (GRANT, CREATE, ENTER, WAIT, REMOVE)

FIRST = a_plan(
    emulator=True,
    applyable=True,
    changes=(TOKEN, GAINED, LOST),
    steps=COURSE,
    observed=(Fact("integration NetSuite Connector", "enabled"),),
)
READY_TO_CREATE = replace(
    CREATE,
    status=Status.READY,
    note="no token of the application was ever made for this owner",
    instructions=(
        "Setup > Users/Roles > Access Tokens > New Access Token",
        f"User: Dana Ortiz ({DANA})",
        "Save, and keep the page open: Token ID and Token Secret are shown this once, and the next step needs them",
    ),
)
GRANTED = (replace(GRANT, status=Status.DONE), READY_TO_CREATE, ENTER, WAIT, REMOVE)
FOUND = a_plan(
    changes=(TOKEN, LOST),
    steps=GRANTED,
    diagnostics=(
        Diagnostic(
            Severity.ERROR,
            "outage",
            "The integration cannot log in",
            'NetSuite Connector last logged in at 2026-11-20 10:00 UTC; 12 attempts failed since, with detail "x".',
            "integrations.netsuite-connector",
        ),
        Diagnostic(
            Severity.ERROR,
            "protected-employees",
            "A protected employee would lose something",
            f"{ANN} is named by protected_employees, so nothing is taken away from them.",
            REMOVE.address,
            Position(FILE, 31, 25),
            f'leave {ANN} out of protected_employees, or run with --override protected-employees="reason"',
        ),
        Diagnostic(Severity.INFO, "other-holders", "Another holder of the token's role", "Lee Wong holds it as well."),
    ),
)
EMPTY = a_plan()
GAPPED = a_plan(
    complete=False,
    diagnostics=(
        Diagnostic(
            Severity.ERROR,
            UNDECIDED,
            "Cannot say whether this is as desired",
            "Not read, or not in full: tokens. So nothing is planned for it.",
            "integrations.netsuite-connector",
            Position(FILE, 21, 3),
            "the findings named gap say why, and what to do",
        ),
        Diagnostic(Severity.WARNING, "gap", "Something could not be read", "tokens: the role may not read them."),
    ),
)
UNKNOWN = a_plan(
    complete=False,
    diagnostics=(
        Diagnostic(
            Severity.ERROR, "unknown-role", "Unknown role", 'No role is named "X".', None, Position(FILE, 25, 5)
        ),
    ),
)
BOTH = replace(GAPPED, diagnostics=(*GAPPED.diagnostics, *UNKNOWN.diagnostics))
UNDECIDABLE = replace(FIRST, complete=False)
SECOND_LOGIN = replace(
    ENTER,
    status=Status.WAITING,
    note="one login was seen at 2026-11-22 10:00 UTC, which may have been the form's test; waits for another",
)
WAITING = ApplyReport(FIRST, replace(FOUND, diagnostics=()), (StepResult(GRANT, Outcome.DONE),))
AWAITED = ApplyReport(
    FIRST,
    replace(FIRST, steps=(*(replace(step, status=Status.DONE) for step in COURSE[:2]), SECOND_LOGIN, WAIT, REMOVE)),
)
REFUSED = StepResult(
    GRANT, Outcome.FAILED, "NetSuite refused PATCH employee 4172 (HTTP 403); the role of this login lacks a permission"
)
FAILED = ApplyReport(FIRST, FIRST, (REFUSED, StepResult(REMOVE, Outcome.DONE)))
UNVERIFIED = ApplyReport(FIRST, FIRST, (StepResult(GRANT, Outcome.DONE),), unverified="no answer came")
DECLINED = ApplyReport(FIRST, FIRST, declined=True)

SENSITIVE_CHANGES = a_plan(
    changes=(GAINED, LOST),
    steps=(GRANT, replace(REMOVE, needs=(GRANT.id,))),
    diagnostics=(
        Diagnostic(
            Severity.WARNING,
            SENSITIVE,
            "Adds an Administrator",
            f"{DANA} would hold Administrator, who may do everything in the account.",
            GAINED.address,
            Position(FILE, 25, 5),
        ),
        Diagnostic(
            Severity.WARNING,
            SENSITIVE,
            "Changes the guards",
            "guards.max_removals: 3 -> 30",
            "guards.max_removals",
            Position(FILE, 40, 3),
        ),
    ),
    permissions=(
        PermissionDifference(ANN, (), (ROLE,), (), ("Is an Administrator and stays one, who may do everything.",)),
        PermissionDifference(
            DANA,
            (ROLE,),
            ("Sales Clerk",),
            (
                PermissionMove("SOAP Web Services", Level.NONE, Level.FULL),
                PermissionMove("Sales Order", Level.FULL, Level.VIEW),
            ),
            ("The permissions of Clerk are not known: the account shows none of them to this login.",),
        ),
        PermissionDifference("lee@example.com", (ROLE,), (), ()),
    ),
)

PLANS: Mapping[str, Plan] = {
    "first_plan": FIRST,
    "findings_and_guards": FOUND,
    "empty_plan": EMPTY,
    "incomplete_unread": GAPPED,
    "incomplete_unknown": UNKNOWN,
    "incomplete_both": BOTH,
    "incomplete_undecidable": UNDECIDABLE,
    "sensitive_changes": SENSITIVE_CHANGES,
}
REPORTS: Mapping[str, ApplyReport] = {
    "apply_waits_for_a_person": WAITING,
    "apply_waits_for_a_second_login": AWAITED,
    "apply_failed": FAILED,
    "apply_unverified": UNVERIFIED,
    "apply_declined": DECLINED,
}


def golden() -> Mapping[str, Callable[[], str]]:
    """Each golden file with what renders it."""
    files: dict[str, Callable[[], str]] = {}
    for name, plan in PLANS.items():
        files[f"{name}.txt"] = partial(plan_to_text, plan)
        files[f"{name}.80.txt"] = partial(plan_to_text, plan, 80)
        files[f"{name}.json"] = partial(to_json, [plan_document(plan)])
        files |= _for_people(name, plan_report(plan))
        found = [Finding(item, FILE) for item in plan.diagnostics]
        files[f"{name}.sarif"] = partial(to_sarif, found, SOURCES)
        noted = [Finding(item, FILE) for item in notices(plan)]
        files[f"{name}.github"] = partial(to_github, [*noted, *found], SOURCES)
    for name, report in REPORTS.items():
        files[f"{name}.txt"] = partial(apply_to_text, report)
        files[f"{name}.80.txt"] = partial(apply_to_text, report, 80)
        files[f"{name}.json"] = partial(to_json, [apply_document(report)])
        files |= _for_people(name, apply_report(report))
    failed = failure_report("production", "1234567", UNKNOWN.diagnostics)
    files |= _for_people("failed", failed)
    files |= _for_people("several", plan_report(EMPTY), failed, plan_report(FOUND))
    return files


def _for_people(name: str, *reports: Report) -> dict[str, Callable[[], str]]:
    return {
        f"{name}.md": partial(to_markdown, reports, SOURCES),
        f"{name}.html": lambda: without_style(to_html(reports, SOURCES)),
    }


def without_style(page: str) -> str:
    """The page without what the style sheets say: a change of them is looked at in a browser, not in every page."""
    before, _, behind = page.partition("<style>")
    return f"{before}<style>{behind[behind.index('</style>') :]}"


if __name__ == "__main__":
    for file in GOLDEN.glob("*"):
        file.unlink()
    for name, rendered in golden().items():
        (GOLDEN / name).write_text(rendered(), encoding="utf-8")
