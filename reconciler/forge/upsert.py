"""One comment for each environment and one issue for all: found again, edited in place, never written twice."""

import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from reconciler.forge.model import Comment, Forge, Issue, UncertainError

_LOOKS: Final = 3
_PAUSE: Final = 2.0
_CUT: Final = "\n\n… {hidden} more lines did not fit into one comment; the job's own pages show them all.\n\n"

Result = TypeVar("Result")


class Written(StrEnum):
    """What became of a comment or an issue."""

    ADDED = "added"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    NOT_NEEDED = "not needed"


def upsert_comments(
    forge: Forge,
    wanted: Mapping[str, str],
    is_ours: Callable[[str], str | None],
    outdated: Callable[[str], str],
    *,
    rest: Callable[[float], None] = time.sleep,
) -> dict[str, Written]:
    """Bring the comments of this tool on one pull request to what they shall say.

    Only comments that carry a mark and that this very login wrote are ever edited; a person may quote one.

    Args:
        forge: where.
        wanted: the text for each key.
        is_ours: the key that a comment's text is marked with; None for one that is none of this tool's.
        outdated: what a comment shall say from now on whose key is no longer among the wanted.
        rest: waits.
    """

    def once() -> dict[str, Written]:
        author = forge.author()
        known: dict[str, list[Comment]] = {}
        for comment in forge.comments():
            key = is_ours(comment.body) if comment.author == author else None
            if key is not None:
                known.setdefault(key, []).append(comment)
        done: dict[str, Written] = {}
        for key, body in wanted.items():
            first, *others = known.pop(key, [None])
            done[key] = _written(forge, first, fitting(body, forge.longest_body))
            _retire(forge, key, [one for one in others if one], outdated)
        for key, comments in known.items():
            _retire(forge, key, comments, outdated)
        return done

    return _looking_again(once, rest)


def _written(forge: Forge, comment: Comment | None, body: str) -> Written:
    if comment is None:
        forge.add_comment(body)
        return Written.ADDED
    if _same(comment.body, body):
        return Written.UNCHANGED
    forge.edit_comment(comment, body)
    return Written.EDITED


def _retire(forge: Forge, key: str, comments: Iterable[Comment], outdated: Callable[[str], str]) -> None:
    for comment in comments:
        body = outdated(key)
        if not _same(comment.body, body):
            forge.edit_comment(comment, body)


def upsert_issue(
    forge: Forge,
    title: str,
    label: str,
    body: str,
    mark: str,
    *,
    needed: bool,
    settled: bool,
    rest: Callable[[float], None] = time.sleep,
) -> Written:
    """Bring the one rolling issue to what it shall say; the newest that this login opened and that carries the mark.

    Args:
        forge: where.
        title: of an issue that is new.
        label: by which the forge lists few.
        body: what it shall say; it ends with the mark.
        mark: the last line of the body.
        needed: open one where none is open.
        settled: close it. Where neither holds, an open one is edited, and none is opened.
        rest: waits.
    """

    def once() -> Written:
        author = forge.author()
        ours = [one for one in forge.issues(label) if one.author == author and last_line(one.body) == mark]
        issue = max(ours, key=lambda one: (one.is_open, one.number), default=None)
        text = fitting(body, forge.longest_body)
        if issue is None:
            return _opened(forge, title, text, label) if needed else Written.NOT_NEEDED
        return _brought_to(forge, issue, text, is_open=needed or (issue.is_open and not settled))

    return _looking_again(once, rest)


def _opened(forge: Forge, title: str, body: str, label: str) -> Written:
    forge.open_issue(title, body, label)
    return Written.ADDED


def _brought_to(forge: Forge, issue: Issue, body: str, *, is_open: bool) -> Written:
    if not issue.is_open and not is_open:
        return Written.NOT_NEEDED
    if issue.is_open is is_open and _same(issue.body, body):
        return Written.UNCHANGED
    forge.edit_issue(issue, body, is_open=is_open)
    return Written.EDITED if is_open else Written.CLOSED


def _looking_again(once: Callable[[], Result], rest: Callable[[float], None]) -> Result:
    """Whatever may have been created is looked for before it is created again."""
    for _ in range(_LOOKS - 1):
        try:
            return once()
        except UncertainError:
            rest(_PAUSE)
    return once()


def last_line(text: str) -> str:
    """The last line that is not blank, where marks stand."""
    return text.rstrip().rpartition("\n")[2].strip()


def fitting(body: str, longest: int) -> str:
    """The text, cut at a line where the forge would not take it; its last line stays, for it is the mark."""
    if len(body) <= longest:
        return body
    *lines, mark = body.rstrip().split("\n")
    room = longest - len(mark) - len(_CUT) - 20
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept) + _CUT.format(hidden=len(lines) - len(kept)) + mark + "\n"


def _same(one: str, other: str) -> bool:
    """Forges change line ends and blanks around a text."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
