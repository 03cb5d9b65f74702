"""docs/reference/commands.md, from the commands themselves."""

from collections.abc import Iterator
from typing import Any, Final

import typer

from reconciler.cli.app import app
from reconciler.cli.exit_codes import MEANING, WORST_FIRST
from tests.support.reference.markdown import anchor, code, plain, table

_NAME: Final = "reconciler"
_INTRODUCTION: Final = """\
`reconciler COMMAND --help` says the same. Data goes to stdout, talk to stderr; [outputs](../outputs.md) tells what
`--output` takes.
"""


def commands_page() -> str:
    commands = list(_commands(typer.main.get_command(app), _NAME))
    parts = [
        "# Commands\n",
        _INTRODUCTION,
        table(("command", "does"), ([f"[{code(name)}](#{anchor(name)})", _first_line(one)] for name, one in commands)),
        *("\n".join(_section(name, one)) for name, one in commands),
        "## Exit codes\n",
        f"Of several environments the one that comes first of {', '.join(map(str, WORST_FIRST))} counts.\n",
        table(("code", "says"), ([str(int(exit_code)), text] for exit_code, text in MEANING.items())),
    ]
    return "\n".join(parts)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for key, one in inner.items():
        yield from _commands(one, f"{name} {key}")


def _first_line(command: Any) -> str:
    return plain(command.short_help or command.help.splitlines()[0])


def _section(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    given = [one.metavar or one.name.upper() for one in arguments]
    usage = " ".join([name, *given, *(["[OPTIONS]"] if options else [])])
    yield f"## {name}\n"
    yield f"```text\n{usage}\n```\n"
    yield f"{plain(command.help)}\n"
    rows = [
        *([code(one.metavar or one.name.upper()), plain(one.help or ""), ""] for one in arguments),
        *([code(_option(one)), plain(one.help or ""), _default(one)] for one in options),
    ]
    if rows:
        yield table(("argument or option", "means", "default"), rows)


def _option(one: Any) -> str:
    names = "/".join([*one.opts, *one.secondary_opts])
    return names if one.is_flag else f"{names} {one.metavar or one.type.name.upper()}"


def _default(one: Any) -> str:
    value = one.default
    return "" if one.is_flag or value is None or value in ("", []) or callable(value) else code(str(value))
