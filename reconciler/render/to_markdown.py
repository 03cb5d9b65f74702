"""A report as a comment on a pull request, in the Markdown of GitHub and GitLab.

The verdict comes first, then what a reviewer must not miss, the changes, the steps, and what can be folded away. A
comment never has more characters than forges take; what has no room is left out item by item, and counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.core.diagnostics import RANK, Diagnostic, Position, Severity
from reconciler.core.permissions import PermissionDifference
from reconciler.core.step import Status
from reconciler.render.budget import Block, shares
from reconciler.render.diagnostic_text import HEADING
from reconciler.render.escaping import markdown, markdown_code
from reconciler.render.marker import marker
from reconciler.render.report import ChangeRow, Instruction, Report, ResultRow, StepRow
from reconciler.render.sources import NOWHERE, Sources

MOST: Final = 60_000
"""GitHub takes 65,536 characters, GitLab more; somebody may want to add a few."""
_LONGEST_NAME: Final = 200
_STEP_RANK: Final = {Status.READY: 0, Status.WAITING: 1, Status.BLOCKED: 2, Status.DONE: 3}
_EXPLAINED: Final = "\n`reconciler explain NAME` says what a finding of that name means.\n"


def to_markdown(reports: Sequence[Report], sources: Sources = NOWHERE, most: int = MOST) -> str:
    """One part for each environment, each ending in its `marker`.

    Args:
        reports: what to show.
        sources: where the lines of YAML can be opened; they are plain text where that is not known.
        most: the most characters of the whole.
    """
    parts = [_whole(report, sources, most) for report in reports]
    if sum(map(len, parts)) <= most:
        return "".join(parts)
    rooms = shares([len(part) for part in parts], most)
    shortened = (
        part if len(part) <= room else _whole(report, sources, room)
        for report, part, room in zip(reports, parts, rooms, strict=True)
    )
    return _joined(list(shortened), most)


def _joined(parts: Sequence[str], most: int) -> str:
    """As many parts as have room, and a count of the others: verdicts of very many environments may be too long."""
    block = Block("", [(0, part) for part in parts], rest="\n… and {} more environments.\n")
    return block.within(most)


def _whole(report: Report, sources: Sources, most: int) -> str:
    head, foot = _head(report), _foot(report)
    blocks = list(_blocks(report, sources))
    room = most - len(head) - len(foot)
    rooms = shares([len(block.whole) for block in blocks], max(room, 0))
    return "".join([head, *(block.within(share) for block, share in zip(blocks, rooms, strict=True)), foot])


def _head(report: Report) -> str:
    emulator = "EMULATOR, not NetSuite. " if report.emulator else ""
    first = f"{_strong(_cut(report.environment))}: {emulator}{_short(report.headline)}"
    return _lines([first])


def _foot(report: Report) -> str:
    about = [f"account {_short(report.account)}{_short(report.read_as)}"] if report.account else []
    if report.digest:
        about.append(f"plan <code>{_short(report.digest.removeprefix('sha256:')[:12])}</code>")
    told = f"\n<sub>{'; '.join(about)}</sub>\n" if about else ""
    return f"{told}\n{marker(report.environment)}\n"


def _short(text: str) -> str:
    return markdown(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def _strong(text: str) -> str:
    """Emphasis, which in Markdown neither begins nor ends with a space."""
    return f"**{told}**" if (told := markdown(text.strip())) else ""


def _blocks(report: Report, sources: Sources) -> Iterator[Block]:
    """The parts in their order. Their items are cut, their heads are not."""
    alarms = [(RANK[item.severity], _alarm(item, sources)) for item in report.alarms_for_reviewers]
    yield Block("", alarms, rest=_more("warnings"))
    yield Block("\n### Applied\n\n" if _all_done(report) else "\n### Tried\n\n", _ranked(map(_result, report.results)))
    head = "\n### Changes\n\n| | address | change | declared at |\n|---|---|---|---|\n"
    yield Block(head, _ranked(_change(change, sources) for change in report.changes), rest=_more("changes"))
    steps = [(_STEP_RANK[step.status], _step(step)) for step in report.steps]
    yield Block("\n### Steps\n\n", steps, rest=_more("steps"))
    folded = "\n<details><summary>What people may do more or less</summary>\n\n"
    people = _ranked(_difference(one) for one in report.permissions)
    yield Block(folded, people, "</details>\n", rest=_more("people"))
    findings = [(RANK[item.severity], _finding(item, sources)) for item in report.findings]
    yield Block("\n### Guards and findings\n\n", findings, _EXPLAINED, rest=_more("findings"))


def _ranked(texts: Iterable[str]) -> list[tuple[int, str]]:
    return [(0, text) for text in texts]


def _more(what: str) -> str:
    return f"\n… and {{}} more {what}: see the other outputs of this run.\n"


def _all_done(report: Report) -> bool:
    return all(result.outcome == "done" for result in report.results)


def _alarm(item: Diagnostic, sources: Sources) -> str:
    kind = "CAUTION" if item.severity is Severity.ERROR else "WARNING"
    lines = [f"{_strong(item.summary)} {_where(item, sources)}".rstrip(), *_explained(item)]
    return _lines(["", f"> [!{kind}]", *(part for line in lines[:-1] for part in (f"> {line}", ">")), f"> {lines[-1]}"])


def _explained(item: Diagnostic) -> list[str]:
    return [text for text in (markdown(item.detail), item.hint and f"Hint: {markdown(item.hint)}") if text]


def _where(item: Diagnostic, sources: Sources) -> str:
    if item.position:
        return f"({_place(item.position, sources)})"
    return f"({markdown_code(item.address)})" if item.address else ""


def _place(position: Position, sources: Sources) -> str:
    shown = markdown(f"{position.file}:{position.line}")
    url = sources.url(position)
    return f"[{shown}](<{url}>)" if url else shown


def _result(row: ResultRow) -> str:
    message = f": {markdown(row.message)}" if row.message else ""
    return _lines([f"- **{row.outcome}**: {markdown(row.summary)}{message}"])


def _change(row: ChangeRow, sources: Sources) -> str:
    cells = (
        f"{row.symbol} {row.action}",
        markdown_code(row.address),
        markdown(row.what),
        _place(row.declared_at, sources),
    )
    return f"| {' | '.join(cells)} |\n"


def _step(row: StepRow) -> str:
    box = "x" if row.status is Status.DONE else " "
    standing = f"**{row.standing}**" if row.status in {Status.READY, Status.WAITING} else row.standing
    lines = [f"- [{box}] {row.number}. {row.actor}: {markdown(row.summary)} ({standing})"]
    lines += [f"  - {markdown(row.note)}"] if row.note else []
    lines += [f"  - {_instruction(one)}" for one in row.instructions]
    lines += [f"  - done when {markdown(row.done_when)}"] if row.instructions else []
    return _lines(lines)


def _instruction(one: Instruction) -> str:
    return f"{markdown(one.text)}{markdown_code(one.value)}{markdown(one.behind)}"


def _finding(item: Diagnostic, sources: Sources) -> str:
    head = f"{_strong(f'{HEADING[item.severity]}: {item.summary}')} {markdown_code(item.rule)} {_where(item, sources)}"
    return _lines([f"- {head}", *(f"  <br>{line}" for line in _explained(item))])


def _difference(one: PermissionDifference) -> str:
    roles = [*(f"gains {markdown(role)}" for role in one.gains), *(f"loses {markdown(role)}" for role in one.loses)]
    lines = [f"{_strong(one.person)} {', '.join(roles)}", ""]
    lines += [f"- {markdown(note)}" for note in one.notes]
    lines += [f"- {markdown(move.permission)}: {move.before} → **{move.after}**" for move in one.moves]
    if not one.moves and not one.notes:
        lines.append("- Nothing changes: other roles of theirs allow the same.")
    return _lines([*lines, ""])


def _lines(lines: Iterable[str]) -> str:
    """One below the other; two spaces at the end of one would break it for the reader as well."""
    return "".join(f"{line.rstrip()}\n" for line in lines)
