"""`apply`: carry out what can be done now, one environment after the other."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from reconciler.cli.attempt import Attempt, Shape, Target, attempted, interrupted, shown
from reconciler.cli.exit_codes import ExitCode, of_ending, worst
from reconciler.cli.formats import APPLY
from reconciler.cli.interruption import Interruption
from reconciler.cli.lengths import length
from reconciler.cli.output import parse_outputs, progress, require_places, say, width
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.reporting import apply_formats
from reconciler.cli.side_by_side import target
from reconciler.cli.status_line import STATUS
from reconciler.cli.surroundings import sources
from reconciler.cli.waiting import waited
from reconciler.core.approval import Approval
from reconciler.core.diagnostics import has_errors
from reconciler.core.errors import ConfigurationError, UsageError
from reconciler.core.guards import is_guard, overridable
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.core.selection import Selection
from reconciler.pipeline import Consent, apply
from reconciler.render.to_json import apply_document
from reconciler.render.to_text import apply_to_text, plan_to_text, result_to_text
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Environment, load
from reconciler.wiring.keeping import keeping
from reconciler.wiring.saved_plan import saved_plans

PLAN = ".json"


@dataclass(slots=True)
class Approved:
    """Who says yes: a saved plan, `--auto-approve`, or a person, who is asked once; to which part (`only`) of a plan.

    `patience` is how long a lock is awaited.
    """

    plan: Approval | None
    automatically: bool
    patience: timedelta
    overrides: Mapping[str, str]
    only: Sequence[str] = ()

    @property
    def consent(self) -> Consent:
        asks_a_person = not self.automatically and self.plan is None
        # What a saved plan was narrowed to when it was made is part of what was approved.
        selection = Selection.of(self.only) if self.plan is None else Selection.of(self.plan.plan.only, is_new=False)
        return Consent(self._says_yes, self.plan, self.overrides, selection, takes_time=asks_a_person)

    def _says_yes(self, plan: Plan) -> bool:
        self.automatically = self.automatically or self.plan is not None or _asked(plan)
        return self.automatically


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `apply` as they were given."""

    auto_approve: bool = False
    detailed: bool = False
    only: Sequence[str] = ()
    lock_timeout: str = "0s"
    override: Sequence[str] = ()
    wait: str | None = None
    link_base: str | None = None


def run(names: Sequence[str], folder: Path, output: Sequence[str], given: Options) -> ExitCode:
    """Apply, show, and return the code of the worst that happened.

    Every named file, and every place for a result, is checked before anything is written anywhere.
    """
    outputs = parse_outputs(output, APPLY)
    shape = Shape(apply_to_text, apply_document, apply_formats(sources(given.link_base)))
    patience, overrides = length("--lock-timeout", given.lock_timeout), _overrides(given.override)
    stay = length("--wait", given.wait) if given.wait is not None else None
    approvals = _saved(names)
    _require_selectable(given.only, approvals)
    loaded = load([*approvals] or names, folder)
    if wrong := [item for _, one in loaded if has_errors(one.diagnostics) for item in one.diagnostics]:
        raise ConfigurationError(tuple(wrong))
    environments = [(target(path, one), path, usable(one)) for path, one in loaded]
    require_places(outputs, [one.environment for one, _, _ in environments])
    interruption = Interruption()
    approved = [
        Approved(approvals.get(one.environment), given.auto_approve, patience, overrides, given.only)
        for one, _, _ in environments
    ]

    def attempt(place: int) -> Attempt[ApplyReport]:
        return _attempted(*environments[place], interruption, approved[place], detailed=given.detailed)

    with interruption.watched():
        attempts: list[Attempt[ApplyReport]] = []
        try:
            for place in range(len(environments)):
                attempts.append(attempt(place))  # noqa: PERF401  an interruption keeps what there is so far
        except KeyboardInterrupt:
            attempts.append(interrupted(environments[len(attempts)][0], "The next plan shows what is done there."))
        attempts += [interrupted(left, "It was not begun.") for left, _, _ in environments[len(attempts) :]]
        if stay is not None and not interruption.happened:
            attempts = waited(attempts, attempt, stay, detailed=given.detailed)
        # What was written is told, whoever is impatient.
        with interruption.put_off():
            code = shown(attempts, outputs, shape)
    return worst([code, ExitCode.INTERRUPTED]) if interruption.happened else code


def _saved(names: Sequence[str]) -> dict[str, Approval]:
    """The approved plans by environment, where a saved plan is named in place of environments.

    Raises:
        UsageError: both are named, or an environment stands in two plans.
        PlanFileError: a file is no plan.
    """
    files = [name for name in names if name.endswith(PLAN)]
    if files and len(files) < len(names):
        raise UsageError(
            "Name environments, or saved plans, but not both.",
            hint=f"apply {' '.join(files)} carries out the environments that stand in there",
        )
    approvals: dict[str, Approval] = {}
    for plan in (plan for file in files for plan in saved_plans(Path(file))):
        if Path(plan.environment).name != plan.environment or Path(plan.environment).suffix:
            raise UsageError(f"The plan is for {plan.environment!r}, which is no name of an environment.")
        if plan.environment in approvals:
            raise UsageError(f"There are two plans for {plan.environment}.", hint="apply the newer one alone")
        approvals[plan.environment] = Approval(plan)
    if files and not approvals:
        raise UsageError(f"{', '.join(files)} holds no plan: every environment in it had failed.")
    return approvals


def _require_selectable(only: Sequence[str], approvals: Mapping[str, Approval]) -> None:
    """See to it that nothing is selected anew out of what was approved.

    Raises:
        UsageError: it is, or what was given is no address.
    """
    Selection.of(only)
    if only and approvals:
        raise UsageError(
            "A saved plan is applied as it was approved; --only belongs to plan then.",
            hint="make a plan with --only, have it approved, and apply that one",
        )


def _overrides(values: Sequence[str]) -> dict[str, str]:
    """By guard the reason to override it.

    Raises:
        UsageError: there is no such guard, it is never overridden, or no reason is given.
    """
    found: dict[str, str] = {}
    for value in values:
        guard, _, reason = value.partition("=")
        if guard not in overridable():
            what = "is never overridden" if is_guard(guard) else "is no guard"
            raise UsageError(f"--override {guard}: it {what}.", hint=f"guards: {', '.join(overridable())}")
        if not reason.strip():
            raise UsageError(
                f"--override {guard} needs a reason, which the journal keeps.", hint=f'--override {guard}="why"'
            )
        found[guard] = reason.strip()
    return found


def _attempted(
    one: Target,
    path: Path,
    environment: Environment,
    interruption: Interruption,
    approved: Approved,
    *,
    detailed: bool,
) -> Attempt[ApplyReport]:
    if interruption.happened:
        return interrupted(one, "It was not begun.")
    return attempted(
        one,
        partial(_apply, path, environment, interruption, approved),
        lambda report: of_ending(report.ending, detailed=detailed),
    )


def _apply(path: Path, environment: Environment, interruption: Interruption, approved: Approved) -> ApplyReport:
    report = None
    STATUS.show(f"Reading {environment.name} (account {environment.desired.account}) …")
    try:
        around = surroundings(path)
        with keeping(environment, around, approved.patience, say) as record, session(environment, around) as access:
            report = apply(
                environment.desired,
                access.reader,
                partial(access.open_writer, record.still_held),
                consent=approved.consent,
                tell=lambda result: progress(result_to_text(result)),
                interruption=interruption,
                record=record,
            )
    except KeyboardInterrupt:
        # Also while the connections are closed: what was done is known by then.
        if report is None:
            raise
    finally:
        STATUS.clear()
    return report


def _asked(plan: Plan) -> bool:
    """Show the plan and ask; only `yes` is a yes.

    Raises:
        UsageError: there is nobody to ask.
        KeyboardInterrupt: the answer was Ctrl-C.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "There is something to write, and no terminal to ask on.",
            hint="save a plan, have it read, and apply that file; or run apply with --auto-approve",
        )
    say(plan_to_text(plan, width()))
    sys.stderr.write("Carry out the steps that are automatic and ready? Only 'yes' is accepted: ")
    sys.stderr.flush()
    try:
        return sys.stdin.readline().strip() == "yes"
    except KeyboardInterrupt:
        # What is said next shall not stand behind the question.
        say("")
        raise
