"""What `mkdocs` does for this project beyond docs/: pages from the root of the repository, and links that lead out.

The files are written to be read in the repository. A link to another page leads to that page of the site, one to an
example to a copy of it; code is not part of the site, so a link to it becomes its path.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
DOCS = "docs"
PAGES: Mapping[str, str] = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Files of the root, and the pages that they become."""
COPIED = (".yaml", ".json", ".txt", "LICENSE")
# A link or picture whose target is no address and no section of the same page.
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)")
# An item of a list at the edge of a page, with as many characters before its text as what belongs to it stands in.
_ITEM = re.compile(r"(?:[-*]|\d\.) (?=\S)")
_FENCE = re.compile(r"(?:```|~~~)")
_INDENT = 4
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and a copy of every example that a page links to."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text("utf-8")))
    linked = {
        target
        for file in list(files.documentation_pages())
        for link in _LINK.finditer(_without_code(file.content_string))
        if (target := _target(link[3], file.src_uri)).endswith(COPIED)
    }
    # What is not there is told by mkdocs, at the link to it.
    for target in sorted(target for target in linked if (ROOT / target).is_file()):
        files.append(File.generated(config, _copy(target), abs_src_path=str(ROOT / target)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001  mkdocs' signature
    """The page with its links as they are on the site."""
    return indented(in_site(markdown, page.file.src_uri))


def indented(markdown: str) -> str:
    """What belongs to an item of a list by four spaces, as the site asks for: where files are read, two or three do."""
    lines: list[str] = []
    item, in_code = 0, False
    for line in markdown.splitlines(keepends=True):
        begins = None if in_code else _ITEM.match(line)
        if begins:
            item = begins.end()
        elif line.strip() and not line.startswith(" " * item):
            item = 0
        if not item and _FENCE.match(line):
            in_code = not in_code
        lines.append(" " * (_INDENT - item) + line if item and not begins and line.strip() else line)
    return "".join(lines)


def in_site(markdown: str, page: str) -> str:
    """Markdown of a page of the repository with every link that leaves docs/ led elsewhere.

    Args:
        markdown: as it stands in the repository.
        page: the name of its page on the site.
    """
    codes = [code.span() for code in _CODE.finditer(markdown)]

    def led(link: re.Match[str]) -> str:
        if any(begin < link.start() < end for begin, end in codes):
            return link[0]
        target, section = _target(link[3], page), link[4] or ""
        if target in PAGES:
            leads = PAGES[target]
        elif target.startswith(f"{DOCS}/"):
            leads = target.removeprefix(f"{DOCS}/")
        elif target.endswith(COPIED):
            leads = _copy(target)
        else:
            return f"{link[2]} (`{target}`)"
        return f"{link[1]}[{link[2]}]({os.path.relpath(leads, PurePosixPath(page).parent)}{section})"

    return _LINK.sub(led, markdown)


def _target(link: str, page: str) -> str:
    """The path in the repository that a link of a page means."""
    folder = PurePosixPath() if page in PAGES.values() else PurePosixPath(DOCS, page).parent
    return os.path.normpath(folder / link)


def _copy(target: str) -> str:
    # Without an ending a browser would not show it.
    return f"files/{target}" if PurePosixPath(target).suffix else f"files/{target}.txt"


def _without_code(markdown: str) -> str:
    return _CODE.sub("", markdown)
