"""From desired and live to a plan: changes, ordered steps with actor and status, diagnostics, digest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.core.change import in_order as changes_in_order
from reconciler.core.dependents import also_affected
from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, has_errors
from reconciler.core.diagnostics import in_order as diagnostics_in_order
from reconciler.core.digest import digest, observed
from reconciler.core.directory import Directory
from reconciler.core.employees import (
    employee_changes,
    employee_items,
    losing_something,
    owners_in_doubt,
    recent,
    resolve_employees,
)
from reconciler.core.evidence import evidence_of
from reconciler.core.findings import findings, gap_diagnostics
from reconciler.core.guarding import Guard, Situation, guarded
from reconciler.core.guards import GUARDS
from reconciler.core.handover import Handover, handover
from reconciler.core.layout import laid_out, world_of
from reconciler.core.live import Gapped, LiveState, Scope
from reconciler.core.login_findings import login_findings
from reconciler.core.ordering import RULES, Rule
from reconciler.core.outage import outage
from reconciler.core.plan import Plan, read_as
from reconciler.core.resolve import people_named, resolve
from reconciler.core.retire import retirements
from reconciler.core.selection import EVERYTHING, Part, Selection, addresses
from reconciler.core.sensitive import administrators_added
from reconciler.core.step import (
    Actor,
    GrantRole,
    Item,
    Status,
    step_id,
)
from reconciler.core.token_changes import changes
from reconciler.core.token_items import items
from reconciler.core.under_way import only_handovers_under_way


@dataclass(frozen=True, slots=True)
class Overrides:
    """What an apply knows beyond file and account: by guard the reason to override it, and the file's last contents."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    last_declared: frozenset[str] = frozenset()


NO_OVERRIDES = Overrides()


def scope_of(desired: DesiredState) -> Scope:
    """What has to be read of the account to plan this file."""
    integrations = desired.integrations
    return Scope(
        applications=tuple(sorted({integration.application for integration in integrations})),
        people=tuple(sorted(set(people_named(desired)))),
        # Other roles that the file names may have thousands of holders, with whom it has nothing to do.
        roles=tuple(sorted({integration.token_role for integration in integrations})),
        watched=tuple(sorted({employee.person for employee in losing_something(desired)})),
    )


def build_plan(
    desired: DesiredState,
    live: LiveState,
    rules: Sequence[Rule] = RULES,
    guards: Sequence[Guard] = GUARDS,
    overrides: Overrides = NO_OVERRIDES,
    selection: Selection = EVERYTHING,
) -> Plan:
    """Diff desired against live and lay out the steps. Pure: equal inputs give an equal plan.

    Args:
        desired: one environment's file.
        live: the account, read within `scope_of(desired)`.
        rules: the ordering rules; given only by tests that show what each of them is for.
        guards: likewise.
        overrides: guards that a person overrides for this run, and what the file declared when it was last applied.
        selection: what to cut out of the plan, once it is made from everything.

    Raises:
        UsageError: the selection names an address that is not there.
    """
    directory = Directory(live)
    resolved, problems = resolve(desired, directory)
    judged = tuple(handover(one, live) for one in resolved)
    people, unknown = resolve_employees(desired, directory, resolved)
    planned = [item for one in judged for item in items(one, _names_in_use(one))]
    retired = retirements(desired, live, judged, people, planned)
    doubtful = owners_in_doubt(desired, resolved, directory)
    lately = recent(desired)
    listed = [item for one in people for item in employee_items(one, live, lately, doubtful)]
    merged = _merged([*planned, *retired.items, *listed])
    steps = laid_out(merged, world_of(desired, live, directory, merged), rules)
    situation = Situation(desired, live, directory, judged, steps, overrides.last_declared)
    selection.require_matches(desired.environment, addresses(desired, judged))
    part = Part(selection, steps)
    steps, verdicts = guarded(situation, guards, overrides.reasons, part.step_ids)
    troubles = [*problems, *unknown]
    facts = observed(live, judged, people)
    differing = changes_in_order(
        [
            *(change for one in judged for change in changes(one)),
            *retired.changes,
            *(change for one in people for change in employee_changes(one, live)),
        ]
    )
    said = [
        *troubles,
        *gap_diagnostics(live),
        *(finding for one in judged for finding in findings(one)),
        *_outages_of_others(desired, judged, directory),
        *retired.diagnostics,
        *login_findings(desired, live, steps),
        *also_affected(steps, live),
        *administrators_added(steps, differing),
    ]
    diagnostics = [item for item in said if part.concerns(item.address)]
    diagnostics += [*verdicts, *part.told(differing, said)]
    steps = tuple(step for step in steps if step.id in part.step_ids)
    ready = any(step.status is Status.READY and step.actor is Actor.RECONCILER for step in steps)
    return Plan(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        digest=digest(desired, facts, selection.texts),
        applyable=ready,
        complete=_complete(live, troubles, judged, part),
        changes=tuple(change for change in differing if part.has(change)),
        steps=steps,
        diagnostics=diagnostics_in_order(diagnostics),
        observed=facts,
        read_as=read_as(live),
        only=selection.texts,
        under_way=bool(differing) and only_handovers_under_way(judged, differing, steps),
    )


def _outages_of_others(desired: DesiredState, judged: Sequence[Handover], directory: Directory) -> Iterator[Diagnostic]:
    """Whether an application can log in is worth knowing above all where its integration cannot be planned."""
    planned = {one.resolved.desired.key for one in judged}
    for integration in desired.integrations:
        if integration.key not in planned:
            yield from outage(integration, evidence_of(integration.application, directory))


def _complete(live: LiveState, problems: Iterable[Diagnostic], judged: Sequence[Handover], part: Part) -> bool:
    gaps = any(gap.what is not Gapped.IDENTITY for gap in live.gaps)
    doubts = (not one.decidable or one.evidence.indistinguishable() for one in judged if part.concerns(one.address))
    return not (gaps or any(doubts) or has_errors(item for item in problems if part.concerns(item.address)))


def _names_in_use(one: Handover) -> frozenset[str]:
    """Every token name the application has ever had, as far as rows and audit trail tell."""
    tokens = {token.name for token in one.resolved.tokens}
    return frozenset(tokens | {group.token_name for group in one.resolved.logins})


def _merged(planned: Iterable[Item]) -> list[Item]:
    """One item for each operation, also where two integrations ask for the same grant."""
    merged: dict[str, Item] = {}
    for item in planned:
        identifier = step_id(item.operation)
        earlier = merged.get(identifier)
        if earlier is not None and isinstance(item.operation, GrantRole) and isinstance(earlier.operation, GrantRole):
            for_token = item.operation.for_token or earlier.operation.for_token
            applications = tuple(sorted({*item.operation.applications, *earlier.operation.applications}))
            grant = replace(earlier.operation, for_token=for_token, applications=applications)
            merged[identifier] = replace(earlier, operation=grant)
        else:
            merged.setdefault(identifier, item)
    return list(merged.values())
