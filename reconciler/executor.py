"""Carries out the automatic steps of a plan through a port; it never decides."""

from collections.abc import Iterable, Iterator

from reconciler.core.errors import ContradictionError, NetSuiteError, UnansweredError
from reconciler.core.live import LiveState
from reconciler.core.outcome import Outcome, StepResult
from reconciler.core.step import GrantRole, RemoveRole, Step
from reconciler.ports import RoleWriter


def execute(steps: Iterable[Step], live: LiveState, writer: RoleWriter) -> Iterator[StepResult]:
    """Write the role set of each step's employee, one after the other.

    A step that fails does not stop those of other people; what it leaves behind on the same person is not built upon.

    Args:
        steps: automatic steps that are ready.
        live: the facts they were planned from.
        writer: where they are carried out.
    """
    roles = dict(live.roles_of)
    in_doubt: set[str] = set()
    for step in steps:
        operation = step.operation
        if not isinstance(operation, GrantRole | RemoveRole):
            continue
        employee_id = operation.employee.id
        if employee_id in in_doubt:
            yield StepResult(step, Outcome.SKIPPED, "an earlier step on the same person did not end well")
            continue
        expected = roles.get(employee_id, frozenset())
        change = {operation.role.id}
        wanted = expected | change if isinstance(operation, GrantRole) else expected - change
        result = _write(step, employee_id, expected, wanted, writer)
        if result.outcome is Outcome.DONE:
            roles[employee_id] = wanted
        else:
            in_doubt.add(employee_id)
        yield result


def _write(
    step: Step, employee_id: str, expected: frozenset[str], wanted: frozenset[str], writer: RoleWriter
) -> StepResult:
    try:
        writer.set_roles(employee_id, expected, wanted)
    except ContradictionError as error:
        return StepResult(step, Outcome.FAILED, _told(error), contradicted=True)
    except UnansweredError as error:
        return StepResult(step, Outcome.UNKNOWN if error.sent else Outcome.FAILED, _told(error))
    except NetSuiteError as error:
        # A refusal, or an answer to the reads before the write that says nothing: nothing was written.
        return StepResult(step, Outcome.FAILED, _told(error))
    return StepResult(step, Outcome.DONE)


def _told(error: NetSuiteError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
