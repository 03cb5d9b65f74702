"""Carries out the automatic steps of a plan through a port; it never decides."""

from collections.abc import Iterable, Iterator

from reconciler.core.errors import ContradictionError, NetSuiteError, UnansweredError
from reconciler.core.live import LiveState
from reconciler.core.outcome import Outcome, StepResult
from reconciler.core.step import Activate, GrantRole, Inactivate, RemoveAccess, RemoveRole, Step
from reconciler.ports import EmployeeWriter

Written = GrantRole | RemoveRole | Activate | Inactivate | RemoveAccess


def execute(steps: Iterable[Step], live: LiveState, writer: EmployeeWriter) -> Iterator[StepResult]:
    """Write what each step says, one after the other.

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
        if not isinstance(operation, Written):
            continue
        employee_id = operation.employee.id
        if employee_id in in_doubt:
            yield StepResult(step, Outcome.SKIPPED, "an earlier step on the same person did not end well")
            continue
        result = _carried_out(step, operation, roles, writer)
        if result.outcome is not Outcome.DONE:
            in_doubt.add(employee_id)
        yield result


def _carried_out(
    step: Step, operation: Written, roles: dict[str, frozenset[str]], writer: EmployeeWriter
) -> StepResult:
    try:
        remark = _write(operation, roles, writer)
    except ContradictionError as error:
        return StepResult(step, Outcome.FAILED, _told(error), contradicted=True)
    except UnansweredError as error:
        return StepResult(step, Outcome.UNKNOWN if error.sent else Outcome.FAILED, _told(error))
    except NetSuiteError as error:
        # A refusal, or an answer to the reads before the write that says nothing: nothing was written.
        return StepResult(step, Outcome.FAILED, _told(error))
    return StepResult(step, Outcome.DONE, remark)


def _write(operation: Written, roles: dict[str, frozenset[str]], writer: EmployeeWriter) -> str:
    """Write one thing, and tell what is worth knowing of it.

    `roles` holds what each person was last known to hold, and is kept up to date.
    """
    employee_id = operation.employee.id
    match operation:
        case GrantRole(role=role):
            return _set_roles(employee_id, roles, roles.get(employee_id, frozenset()) | {role.id}, writer)
        case RemoveRole(role=role):
            return _set_roles(employee_id, roles, roles.get(employee_id, frozenset()) - {role.id}, writer)
        case Activate():
            writer.set_active(employee_id, active=True)
        case Inactivate():
            writer.set_active(employee_id, active=False)
        case RemoveAccess():
            writer.set_access(employee_id, access=False)
    return ""


def _set_roles(
    employee_id: str, roles: dict[str, frozenset[str]], wanted: frozenset[str], writer: EmployeeWriter
) -> str:
    written = writer.set_roles(employee_id, roles.get(employee_id, frozenset()), wanted)
    roles[employee_id] = written.roles
    return written.remark


def _told(error: NetSuiteError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
