"""`import`: an account as the environment file that would declare it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import say
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.writing import require_writable, to_stdout, write_new
from reconciler.core.desired import DesiredEmployee, DesiredIntegration, quoted
from reconciler.core.diagnostics import has_errors
from reconciler.core.errors import UsageError
from reconciler.core.importing import Choice, Imported
from reconciler.core.selection import Selection
from reconciler.core.visible import visible
from reconciler.inspection import import_from
from reconciler.render.environment_file import head, sections
from reconciler.render.lines import counted
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Environment, around_sections, comments_of, load, read_text

_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "tba": {
        name: f"env:NETSUITE_{name.upper()}" for name in ("consumer_key", "consumer_secret", "token_id", "token_secret")
    },
    "oauth2": {name: f"env:NETSUITE_{name.upper()}" for name in ("client_id", "certificate_id", "private_key")},
}
_SECTIONS = ("integrations", "employees")


@dataclass(frozen=True, slots=True)
class Described:
    """An account that no file describes yet: as options of the command."""

    account: str | None = None
    login: str | None = None
    references: Sequence[str] = ()
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take, and where to put it: `out` is a new file; `diff` compares with the file that is there."""

    only: Sequence[str] = ()
    employees: bool = False
    without_tokens: bool = False
    out: Path | None = None
    diff: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose account is read, the file it is or would be, and the text that the sections stand between.

    `written` is all that the file says now, None where it is not there yet.
    """

    environment: Environment
    path: Path
    before: str
    after: str = ""
    written: str | None = None
    choice: Choice = field(default_factory=Choice)


def run(name: str | None, folder: Path, described: Described, wanted: Wanted) -> ExitCode:
    """Read the account and show or write the file; nothing that is there is ever overwritten."""
    _require_new(wanted)
    source = _described(name, folder, described, wanted) if described.account else _declared(name, folder, described)
    choice = Choice(
        without_tokens=wanted.without_tokens,
        employees=wanted.employees,
        globs=tuple(wanted.only),
        known=source.choice.known,
        elsewhere=source.choice.elsewhere,
    )
    with session(source.environment, surroundings(source.path)) as access:
        imported = import_from(source.environment.desired, access.reader, choice)
    text = _composed(source, imported)
    left_behind = _left_behind(source, imported, text, Selection.of(wanted.only))
    if wanted.diff:
        to_stdout(_difference(wanted.out or source.path, text))
    elif wanted.out:
        write_new(wanted.out, text)
        say(f"Wrote {wanted.out}.")
    else:
        to_stdout(text)
    if left_behind:
        say(left_behind)
    say(_summary(imported, emulator=source.environment.desired.emulator))
    return ExitCode.OK


def _require_new(wanted: Wanted) -> None:
    if wanted.out is None or wanted.diff:
        return
    if wanted.out.exists():
        hint = "--diff shows what is different; or name another file"
        raise UsageError(f"{wanted.out} is there already, and import overwrites nothing.", hint=hint)
    require_writable(wanted.out)


def _declared(name: str | None, folder: Path, described: Described) -> _Source:
    given = {"--login": described.login, "--reference": described.references, "--endpoint": described.endpoint}
    needless = [option for option, value in given.items() if value]
    if needless:
        raise UsageError(f"{needless[0]} is for an account that no file describes yet.", hint="add --account")
    if name is None:
        raise UsageError("Whose account?", hint="name an environment, or give --account")
    ((path, loaded),) = load([name], folder)
    environment = usable(loaded)
    own = {one.key: one for one in environment.desired.integrations if one.position.file == str(path)}
    others = (one.application for one in environment.desired.integrations if one.key not in own)
    choice = Choice(known=tuple(own.values()), elsewhere=frozenset(others))
    text = path.read_text("utf-8-sig")
    before, after = around_sections(text, _SECTIONS)
    return _Source(environment, path, before, after, text, choice)


def _described(name: str | None, folder: Path, described: Described, wanted: Wanted) -> _Source:
    account = described.account or ""
    netsuite: dict[str, object] = {"account": account}
    if described.endpoint:
        netsuite["endpoint"] = described.endpoint
    if described.login:
        netsuite["login"] = {"method": described.login, **_references(described)}
    elif described.references:
        raise UsageError("--reference belongs to a login.", hint="add --login tba or --login oauth2")
    elif described.endpoint != "emulator":
        raise UsageError("How to log in is not said.", hint="add --login tba or --login oauth2")
    stem = name or (wanted.out.stem if wanted.out else account.lower().replace("_", "-"))
    path = wanted.out if wanted.out and not name else folder / f"{stem}.yaml"
    text = head(netsuite)
    return _Source(usable(read_text(path, text)), path, text)


def _references(described: Described) -> dict[str, str]:
    """Where each part of the login is found: by its usual name, unless another reference is given."""
    usual = _REFERENCES.get(described.login or "")
    if usual is None:
        raise UsageError(f'There is no login "{described.login}".', hint="write tba or oauth2")
    references = dict(usual)
    for entry in described.references:
        key, mark, reference = entry.partition("=")
        if not mark or key not in usual:
            # What was given is not repeated, for it may be a secret.
            raise UsageError("A --reference is not KEY=REFERENCE.", hint=f"KEY is one of {', '.join(usual)}")
        references[key] = reference
    return references


def _composed(source: _Source, imported: Imported) -> str:
    """The whole file, read back by the strict reader before anybody sees it.

    Raises:
        UsageError: the sections cannot be put into the file as it is written, in braces for example.
    """
    parts = (source.before.rstrip(), sections(imported).rstrip(), source.after.strip())
    text = "\n\n".join(part for part in parts if part) + "\n"
    loaded = read_text(source.path, text)
    if has_errors(loaded.diagnostics):
        raise UsageError(
            f"The keys of {source.path} do not stand on lines of their own, so import cannot add to them.",
            hint="write the file without braces; or leave it as it is and give --account",
        )
    return text


def _left_behind(source: _Source, imported: Imported, text: str, selection: Selection) -> str | None:
    """What the file that is there says and the imported one does not: entries, and comments among them."""
    if source.written is None:
        return None
    desired = source.environment.desired
    everything: Sequence[DesiredIntegration | DesiredEmployee] = (*desired.integrations, *desired.employees)
    declared = [one for one in everything if one.position.file == str(source.path)]
    written = {f"integrations.{quoted(one.key)}" for one in imported.integrations}
    written |= {f"employees.{quoted(one.key)}" for one in imported.employees}
    missing = [one.address for one in declared if one.address not in written and selection.covers(one.address)]
    comments = comments_of(source.written) - comments_of(text)
    lost = [*missing, *([counted(comments.total(), "comment")] if comments else [])]
    if not lost:
        return None
    return f"Not taken over from {source.path}: {visible(', '.join(lost))}; --diff shows what is different."


def _difference(path: Path, text: str) -> str:
    before = path.read_text("utf-8-sig") if path.exists() else ""
    lines = unified_diff(before.splitlines(), text.splitlines(), str(path), f"{path} (imported)", lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)


def _summary(imported: Imported, *, emulator: bool) -> str:
    mark = "EMULATOR, not NetSuite: " if emulator else ""
    entries = imported.entries
    taken = sum(not one.doubts for one in entries)
    open_ones = len(entries) - taken
    left = f"; {open_ones} left for you to decide (TO DECIDE)" if open_ones else ""
    return f"{mark}{taken} of {len(entries)} entries taken{left}."
