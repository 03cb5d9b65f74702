"""What holds for every module: its length, and that each dataclass says what it is.

For a dataclass that does not, Python computes a signature, and that doubles its cost.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import reconciler

PACKAGE = Path(reconciler.__file__).parent


# docs/decisions.md says about 300.
MOST_LINES = 320


def test_a_person_can_hold_a_module_in_the_head() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}

    assert len(lengths) > 300
    assert [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES] == []


def test_every_dataclass_has_a_docstring() -> None:
    found = list(dataclasses())

    assert len(found) > 300
    assert [f"{path}: {node.name}" for path, node in found if ast.get_docstring(node) is None] == []


def dataclasses() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list):
                yield path, node
