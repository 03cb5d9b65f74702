"""Finds every rule that the code can tell, by reading the code.

A rule is whatever is given to a parameter or field called `rule`, or stands in a class as `rule`. What is given may be
a text, a constant, one of two of them, a pattern, or a rule that was given to the function itself.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

RULE, SUMMARY, SEVERITY = "rule", "summary", "severity"
PARTS = (RULE, SUMMARY, SEVERITY)
Callable_ = ast.FunctionDef | ast.ClassDef


@dataclass
class Told:
    """Where a rule is told, and with what, as far as it stands there."""

    places: set[str] = field(default_factory=set)
    summaries: set[str] = field(default_factory=set)
    severities: set[str] = field(default_factory=set)


class UnclearRuleError(AssertionError):
    """Something is given as a rule of which reading the code cannot say what it is."""


@dataclass(frozen=True)
class _Module:
    name: str
    tree: ast.Module
    imported: Mapping[str, tuple[str, str]]
    constants: Mapping[str, str]


def told_rules(root: Path, package: str, apart: tuple[str, ...] = ()) -> dict[str, Told]:
    """By name every rule that a module below `root` tells.

    Args:
        root: the folder of the package.
        package: its name.
        apart: packages in it that are left out.

    Raises:
        UnclearRuleError: with the place.
    """
    modules = {module.name: module for module in _modules(root, package) if not module.name.startswith(apart or "-")}
    told: dict[str, Told] = {}
    for module in modules.values():
        for place, parts in _given(module, modules):
            rules = parts.get(RULE, set())
            for name in rules:
                one = told.setdefault(name, Told())
                one.places.add(place)
                if len(rules) == 1:
                    one.summaries |= parts.get(SUMMARY, set())
                    one.severities |= parts.get(SEVERITY, set())
    return told


def _modules(root: Path, package: str) -> Iterator[_Module]:
    for path in sorted(root.rglob("*.py")):
        name = ".".join([package, *path.relative_to(root).with_suffix("").parts]).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        yield _Module(name, tree, imported, dict(_constants(tree)))


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text)))
            ):
                yield name, text


def _given(module: _Module, modules: Mapping[str, _Module]) -> Iterator[tuple[str, dict[str, set[str]]]]:
    """Each place at which a rule is given, with what is given beside it."""
    for scope, node in _nodes(module.tree, None):
        place = f"{module.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ClassDef):
            own = {
                target.id: {value.value}
                for target, value in _class_values(node)
                if target.id in PARTS and isinstance(value, ast.Constant) and isinstance(value.value, str)
            }
            if RULE in own:
                yield place, own
        elif isinstance(node, ast.Call) and (called := _definition(node.func, module, modules)) is not None:
            if called.name.startswith("is_") or not _takes_a_name(called):
                continue  # It asks about a rule and tells none, or is given one as a whole.
            arguments = _arguments(node, called)
            if RULE in arguments:
                parts = {key: set(_values(key, arguments[key], scope, module, modules)) for key in arguments}
                yield place, {SEVERITY: _own_severities(called)} | parts


def _nodes(tree: ast.AST, scope: ast.FunctionDef | None) -> Iterator[tuple[ast.FunctionDef | None, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        yield scope, node
        yield from _nodes(node, node if isinstance(node, ast.FunctionDef) else scope)


def _class_values(node: ast.ClassDef) -> Iterator[tuple[ast.Name, ast.expr]]:
    for line in node.body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        value = getattr(line, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            yield target, value


def _definition(func: ast.expr, module: _Module, modules: Mapping[str, _Module]) -> Callable_ | None:
    """What a call calls: of the same module or imported from another; a method by its name, nearest first."""
    if isinstance(func, ast.Name):
        home, name = module.imported.get(func.id, (module.name, func.id))
        found = modules.get(home)
        return next((one for one in _definitions(found.tree) if one.name == name), None) if found else None
    if isinstance(func, ast.Attribute):
        homes = [module, *(modules[home] for home, _ in module.imported.values() if home in modules)]
        methods = (one for home in homes for one in _definitions(home.tree) if isinstance(one, ast.FunctionDef))
        return next((one for one in methods if one.name == func.attr and RULE in _parameters(one)), None)
    return None


def _definitions(tree: ast.Module) -> Iterator[Callable_]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


def _parameters(called: Callable_) -> list[str]:
    if isinstance(called, ast.FunctionDef):
        names = [one.arg for one in (*called.args.posonlyargs, *called.args.args, *called.args.kwonlyargs)]
        return names[1:] if names[:1] in (["self"], ["cls"]) else names
    return [
        line.target.id
        for line in called.body
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and "ClassVar" not in ast.unparse(line.annotation)
    ]


def _takes_a_name(called: Callable_) -> bool:
    """Whether what it calls a rule is the name of one, a text."""
    nodes = (node for node in ast.walk(called) if isinstance(node, ast.arg | ast.AnnAssign))
    named = (node for node in nodes if (node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)) == RULE)
    return any(node.annotation is not None and ast.unparse(node.annotation) == "str" for node in named)


def _arguments(call: ast.Call, called: Callable_) -> dict[str, ast.expr]:
    given = dict(zip(_parameters(called), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return {key: value for key, value in given.items() if key in PARTS}


def _own_severities(called: Callable_) -> set[str]:
    """Those that what is called gives by itself."""
    nodes = (node for node in ast.walk(called) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if isinstance(node.value, ast.Name) and node.value.id == "Severity"}


def _values(
    key: str, value: ast.expr, scope: ast.FunctionDef | None, module: _Module, modules: Mapping[str, _Module]
) -> Iterator[str]:
    """The texts that an argument can be; none for what was given to the function, and told where that was called."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _values(key, one, scope, module, modules)
            yield from _values(key, other, scope, module, modules)
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        case ast.Name(id=name) if assigned := list(_assigned(name, scope)):
            for one in assigned:
                yield from _values(key, one, scope, module, modules)
        case ast.Name(id=name) if name in module.constants:
            yield module.constants[name]
        case ast.Name(id=name) if (home := module.imported.get(name)) and home[0] in modules:
            yield from filter(None, [modules[home[0]].constants.get(home[1])])
        case ast.Attribute(value=ast.Name(id="Severity"), attr=text):
            yield text
        case ast.Name(id=name) if scope is not None and name in _parameters(scope):
            pass
        # Told where it was made: a field of something that has a rule, or a document that is read back.
        case ast.Attribute(attr="rule" | "name" | "key" | "reason" | "summary" | "severity"):
            pass
        case ast.Subscript(slice=ast.Constant(value="rule" | "summary" | "severity")):
            pass
        case _ if key == RULE and not _is_looked_up(value):
            raise UnclearRuleError(f"{module.name}:{value.lineno}: {ast.unparse(value)}")


def _is_looked_up(value: ast.expr) -> bool:
    """A call whose results stand in a table that is asked while the tests run (tests/core/test_rulebook.py)."""
    return isinstance(value, ast.Call)


def _assigned(name: str, scope: ast.FunctionDef | None) -> Iterator[ast.expr]:
    for node in ast.walk(scope) if scope is not None else ():
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from (
                    value
                    for one, value in zip(target.elts, node.value.elts, strict=False)
                    if isinstance(one, ast.Name) and one.id == name
                )
