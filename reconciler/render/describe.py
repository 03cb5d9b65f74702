"""The words for changes and steps that every output shares."""

from collections.abc import Sequence

from reconciler.core.change import Action, Change, HeldRole, Reason, RecordState, TokenHolder, differences
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.plan import Plan, Summary
from reconciler.core.step import Status, Step

_AGAIN = {
    Reason.TOKEN_TOO_OLD: "made again, the one in use is too old",
    Reason.TOKEN_MISSING: "made again, the one there was is inactive",
    Reason.TOKEN_NOT_IN_USE: "another token of theirs has to go",
}


def described(change: Change) -> str:
    """What a change does, in a few words."""
    match change.before, change.after:
        case TokenHolder() as before, TokenHolder() as after if change.action is Action.REPLACE:
            moved = "; ".join(f"{one.field} {one.before} -> {one.after}" for one in differences(before, after))
            return moved or f"owner {after.owner} ({_AGAIN.get(change.reason, 'made again')})"
        case _, TokenHolder(owner=owner, role=role) if change.action is Action.CREATE:
            return f"owner {owner}, role {role}"
        case _, TokenHolder(owner=owner):
            return f"owner {owner}, not proven to be in use yet"
        case TokenHolder(owner=owner, token=name), None:
            return f'owner {owner}, token "{name}" (no longer needed)'
        case RecordState(state=was), RecordState(state=becomes):
            return f"state {was} -> {becomes}"
    side = change.after or change.before
    return f"{side.role} ({side.purpose})" if isinstance(side, HeldRole) else change.action


def notices(plan: Plan) -> tuple[Diagnostic, ...]:
    """Each change as a note at the line that asks for it, for what shows lines and not plans."""
    return tuple(
        Diagnostic(
            Severity.INFO,
            change.reason,
            f"{change.action} {change.address}",
            described(change),
            change.address,
            change.declared_at,
        )
        for change in plan.changes
    )


class Course:
    """The steps of one plan with their numbers, to say of each what it waits for."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._by_id = {step.id: step for step in steps}
        self._numbers = {step.id: number for number, step in enumerate(steps, 1)}

    def standing(self, step: Step) -> str:
        """Where a step stands: its status, or what it waits for."""
        if step.status is not Status.BLOCKED:
            return step.status
        numbers = ", ".join(str(number) for number in self.waits_for(step))
        return f"not yet: waits for {numbers}" if numbers else "not yet"

    def waits_for(self, step: Step) -> tuple[int, ...]:
        """The numbers of the open steps before it, without those that these wait for themselves."""
        open_needs = [need for need in self._known(step) if self._by_id[need].status is not Status.DONE]
        behind = {further for need in open_needs for further in self._all_needs(self._by_id[need])}
        return tuple(sorted(self._numbers[need] for need in open_needs if need not in behind))

    def _all_needs(self, step: Step) -> set[str]:
        found: set[str] = set()
        left = self._known(step)
        while left:
            need = left.pop()
            if need not in found:
                found.add(need)
                left.extend(self._known(self._by_id[need]))
        return found

    def _known(self, step: Step) -> list[str]:
        """What it needs among the steps there are; a plan from a file may name others."""
        return [need for need in step.needs if need in self._by_id]


def verdict(plan: Plan, where: str = "above") -> str:
    """One sentence or more: what changes, who has to act, whether anything can break, and what is left out.

    What it points at stands `above` or `below`.
    """
    if not plan.changes and not plan.steps:
        if not plan.complete:
            return _what_is_missing(plan, where)
        if plan.drifted:
            return f"No changes. Environment {plan.environment} differs in what no step can change: see the warnings."
        if plan.only:
            return "No changes in what was selected."
        return f"No changes. Account {plan.account} matches environment {plan.environment}."
    parts = [f"Plan: {_counted_changes(plan.summary)}.", f"{_counted_steps(plan.summary)}."]
    if any(diagnostic.rule == "working-token" for diagnostic in plan.diagnostics):
        parts.append("A step that would take away a working token is held back.")
    else:
        parts.append("No step takes away a working token.")
    if not plan.complete:
        parts.append(_what_is_missing(plan, where))
    return " ".join(parts)


def headline(plan: Plan) -> str:
    """The verdict in one line: who has to act, and whether anything can break."""
    if not plan.changes and not plan.steps:
        return verdict(plan, "below")
    summary = plan.summary
    counts = [f"{summary.automatic} automatic"] * bool(summary.automatic)
    counts.append(_needing(summary.manual) if summary.manual else "nobody has to act")
    counts += [f"{summary.waiting} {'waits' if summary.waiting == 1 else 'wait'}"] * bool(summary.waiting)
    if any(diagnostic.rule == "working-token" for diagnostic in plan.diagnostics):
        counts.append("a step that would take away a working token is held back")
    else:
        counts.append("no step takes away a working token")
    errors = sum(item.severity is Severity.ERROR for item in plan.diagnostics)
    parts = [", ".join(counts), *([f"{errors} {'error' if errors == 1 else 'errors'}"] * bool(errors))]
    return "; ".join([*parts, *(["incomplete"] * (not plan.complete))])


def _needing(number: int) -> str:
    return f"{number} {'needs' if number == 1 else 'need'} a person"


def _what_is_missing(plan: Plan, where: str) -> str:
    """Why the plan is not the whole one: something was not read, does not fit the account, or cannot be told."""
    unread = plan.undecided or any(item.rule == "gap" for item in plan.diagnostics)
    if unread and plan.unresolved:
        return f"Incomplete: not everything could be read, and not everything could be planned; see the errors {where}."
    if unread:
        return f"Incomplete: not everything could be read; see {where}."
    if plan.unresolved:
        return f"Incomplete: not everything could be planned; see the errors {where}."
    return f"Incomplete: the facts do not decide everything; see {where}."


def _counted_changes(summary: Summary) -> str:
    counts = (
        (summary.create, "create"),
        (summary.update, "update"),
        (summary.replace, "replace"),
        (summary.delete, "delete"),
    )
    return ", ".join(f"{number} to {word}" for number, word in counts if number) or "nothing left to change"


def _counted_steps(summary: Summary) -> str:
    counts = (
        (summary.automatic, ("is automatic", "are automatic")),
        (summary.manual, ("needs a person", "need a person")),
        (summary.waiting, ("waits", "wait")),
    )
    (number, verbs), *rest = [(number, verbs) for number, verbs in counts if number] or [(0, ("", "are left"))]
    first = f"{number} {'step' if number == 1 else 'steps'} {verbs[number != 1]}"
    return ", ".join([first, *(f"{more} {words[more != 1]}" for more, words in rest)])
