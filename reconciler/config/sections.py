"""The text of an environment file around some of its sections, everything else left as a person wrote it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from reconciler.config.yaml_document import read_yaml


def around_sections(text: str, names: Collection[str]) -> tuple[str, str]:
    """What stands before the first of these sections, and what after it, without any of them.

    Where there is none, all stands before. Comments at the margin above a key belong to that key. A section that is a
    comment as a whole, `# name:` at the margin and indented comments below it, is one as well.

    Args:
        text: of a file whose keys stand at the beginning of a line each; of any other, the sections are not found.
        names: the keys of the sections.
    """
    document = read_yaml(text.encode(), "")
    keys = document.root.keys if document.root else None
    starts = sorted((line, name) for name, (line, _) in (keys or {}).items())
    lines = text.splitlines(keepends=True)
    ends = [line for line, _ in starts[1:]] + [len(lines) + 1]
    gone = {
        number
        for (start, name), end in zip(starts, ends, strict=False)
        if name in names
        for number in range(start, _before_comments(lines, start, end))
    }
    gone |= set(_commented(lines, names))
    first = min(gone, default=len(lines) + 1)
    kept = [(number, line) for number, line in enumerate(lines, 1) if number not in gone]
    return "".join(line for number, line in kept if number < first), "".join(
        line for number, line in kept if number > first
    )


# A text in quotes, in which a # begins no comment.
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")


def comments_of(text: str) -> Counter[str]:
    """The comments of a file, without their margin, and how often each stands there."""
    found = (
        _COMMENT.search(line if line.lstrip().startswith("#") else _QUOTED.sub("", line)) for line in text.splitlines()
    )
    return Counter(one[0].rstrip() for one in found if one)


def _commented(lines: list[str], names: Collection[str]) -> Iterator[int]:
    """The lines of sections that are comments as a whole; blank lines part the entries of one."""
    headings = {f"# {name}:" for name in names}
    inside = False
    for number, line in enumerate(lines, 1):
        goes_on = inside and (line.startswith("  #") or not line.strip())
        inside = line.rstrip() in headings or goes_on
        if inside:
            yield number


def _before_comments(lines: list[str], start: int, end: int) -> int:
    """Where a section ends: before the blank lines and the comments at the margin that stand above the next key."""
    while end - 1 > start and (lines[end - 2].startswith("#") or not lines[end - 2].strip()):
        end -= 1
    return end
