"""The list of safeguards is whole, and each stands in the code as the list says; `make mutants` takes them out."""

import ast
from collections.abc import Iterator

import pytest

from reconciler.core.guards import GUARDS
from reconciler.core.ordering import RULES
from tests.reliability.safeguards import GUARDS_NAMED, RULES_NAMED, SAFEGUARDS, Safeguard
from tests.support.documents import ROOT


@pytest.mark.parametrize("one", SAFEGUARDS, ids=lambda one: one.name)
def test_a_safeguard_can_be_taken_out(one: Safeguard) -> None:
    code = (ROOT / one.file).read_text("utf-8")

    assert code.count(one.text) == 1
    ast.parse(code.replace(one.text, one.without))


def test_every_rule_and_every_guard_is_on_the_list() -> None:
    assert [rule.name for rule in RULES] == list(RULES_NAMED)
    assert [guard.rule for guard in GUARDS] == list(GUARDS_NAMED)


def places_that_hold_back(file: str) -> Iterator[ast.stmt]:
    """Where a step is held for a reason, an approval is called stale, or a write, lock or journal is refused."""
    for function in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        tells_why = function.name.startswith(("_why_not", "_why_held"))
        for node in ast.walk(function):
            if isinstance(node, ast.Raise) and node.exc is not None:
                yield node
            if tells_why and isinstance(node, ast.Return) and _is_text(node.value):
                yield node


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


HOLDING_BACK = (
    "reconciler/core/token_items.py",
    "reconciler/core/retire.py",
    "reconciler/netsuite/employee_writer.py",
    "reconciler/store/lock.py",
    "reconciler/core/identity.py",
)


@pytest.mark.parametrize("file", HOLDING_BACK)
def test_wherever_something_is_held_back_a_safeguard_is_on_the_list(file: str) -> None:
    """Every function that refuses something, or says why it has to wait, has a safeguard on the list."""
    code = (ROOT / file).read_text("utf-8")
    lines = [code[: code.index(one.text)].count("\n") + 1 for one in SAFEGUARDS if one.file == file]
    missing = []
    for node in places_that_hold_back(file):
        inner = _innermost(ast.parse(code), node.lineno)
        if not any(inner.lineno <= line <= (inner.end_lineno or 0) for line in lines):
            missing.append(f"{inner.name}, line {node.lineno}")

    assert missing == []


def _innermost(tree: ast.Module, line: int) -> ast.FunctionDef:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno)
