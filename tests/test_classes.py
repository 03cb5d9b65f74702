"""Every dataclass says what it is: for one that does not, Python computes a signature, and that doubles its cost."""

import ast
from collections.abc import Iterator
from pathlib import Path

import reconciler

PACKAGE = Path(reconciler.__file__).parent


def test_every_dataclass_has_a_docstring() -> None:
    found = list(dataclasses())

    assert len(found) > 300
    assert [f"{path}: {node.name}" for path, node in found if ast.get_docstring(node) is None] == []


def dataclasses() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list):
                yield path, node
