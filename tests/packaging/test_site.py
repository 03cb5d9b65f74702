"""The site of docs/: every page is in it, every link leads somewhere, nothing is loaded from elsewhere."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from scripts.site_pages import PAGES, in_site, indented
from tests.packaging.conftest import outside
from tests.support.checkers import TOOLS
from tests.support.documents import ROOT

# What a browser fetches by itself, as opposed to a link that somebody follows.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src")}


class References(HTMLParser):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if (tag, name) in LOADED and value:
                self.loaded.append(value)
            if (tag, name) == ("a", "href") and value:
                self.links.append(value)


def build(source: Path, into: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  a tool of the development dependencies
        [TOOLS / "mkdocs", "build", "--strict", "--site-dir", into],
        cwd=source, env=outside() | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("site")
    done = build(ROOT, into)
    assert done.returncode == 0, done.stdout + done.stderr
    return into


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What the site is made from, to be changed."""
    for name in ("docs", "environments", "schemas", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in (*PAGES, "mkdocs.yml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def pages(site: Path) -> Iterator[tuple[Path, References]]:
    for file in sorted(site.rglob("*.html")):
        # Its links begin at the root of a server, wherever the page was that is not there.
        if file.name != "404.html":
            yield file, References(file)


def test_every_page_of_the_repository_is_in_it(site: Path) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    made = {path.relative_to(site) for path, _ in pages(site)}

    assert made == written | {Path(page).with_suffix(".html") for page in PAGES.values()}


def test_every_link_leads_to_a_page_and_a_section_that_are_there(site: Path) -> None:
    ids = {path: found.ids for path, found in pages(site)}
    for path, found in pages(site):
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name}: {link}"
            if parts.fragment and target in ids:
                assert unquote(parts.fragment) in ids[target] | {"__tabbed"}, f"{path.name}: {link}"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path, found in pages(site):
        assert found.loaded
        assert [one for one in found.loaded if urlsplit(one).netloc] == [], path.name
    for style in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//", style.read_text("utf-8")), style.name


@pytest.mark.parametrize(
    ("page", "text", "told"),
    [
        ("docs/apply.md", "[away](none.md)", "none.md"),
        ("docs/apply.md", "[away](emulator.md#none)", "#none"),
        ("README.md", "[away](docs/none.md)", "none.md"),
        ("README.md", "[away](environments/none.yaml)", "none.yaml"),
        ("docs/new.md", "# New", "new.md"),
    ],
)
def test_what_leads_nowhere_or_stands_nowhere_fails(repository: Path, page: str, text: str, told: str) -> None:
    with (repository / page).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    done = build(repository, repository / "site")

    assert done.returncode != 0
    assert told in done.stdout + done.stderr


def test_a_new_page_takes_one_line(repository: Path) -> None:
    (repository / "docs" / "new.md").write_text("# New\n\nSee [the first page](../README.md).\n", encoding="utf-8")
    settings = (repository / "mkdocs.yml").read_text("utf-8")
    line = "  - Start here: index.md\n"
    (repository / "mkdocs.yml").write_text(settings.replace(line, f"{line}  - New: new.md\n"), encoding="utf-8")
    done = build(repository, repository / "site")

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'href="index.html"' in (repository / "site" / "new.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "written", "shown"),
    [
        ("index.md", "[A](docs/apply.md)", "[A](apply.md)"),
        ("index.md", "[A](docs/apply.md#saved-plans)", "[A](apply.md#saved-plans)"),
        ("index.md", "![A](docs/images/a.png)", "![A](images/a.png)"),
        ("index.md", "[L](LICENSE)", "[L](files/LICENSE.txt)"),
        ("apply.md", "[R](../README.md)", "[R](index.md)"),
        ("apply.md", "[E](../environments/examples/a.yaml)", "[E](files/environments/examples/a.yaml)"),
        ("apply.md", "[kill](../tests/test_kill.py), [all](../tests)", "kill (`tests/test_kill.py`), all (`tests`)"),
        ("apply.md", "[other](outputs.md) [same](#here)", "[other](outputs.md) [same](#here)"),
        ("reference/a.md", "[up](../apply.md) [C](../../CHANGELOG.md)", "[up](../apply.md) [C](../changelog.md)"),
        ("apply.md", "[away](https://example.com/a.py)", "[away](https://example.com/a.py)"),
        ("apply.md", "`[a](../b.py)`", "`[a](../b.py)`"),
        ("apply.md", "```text\n[a](../b.py)\n```", "```text\n[a](../b.py)\n```"),
    ],
)
def test_links_that_leave_docs_are_led_elsewhere(page: str, written: str, shown: str) -> None:
    assert in_site(written, page) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "1. a\n   b\n\n   ```text\n     c\n   ```\n\n2. d\n",
            "1. a\n    b\n\n    ```text\n      c\n    ```\n\n2. d\n",
        ),
        ("- a\n  - b\n  - c\n- d\n", "- a\n    - b\n    - c\n- d\n"),
        ("- a\n\nb\n\n```yaml\n- c:\n  - d\n```\n", "- a\n\nb\n\n```yaml\n- c:\n  - d\n```\n"),
        ("a - b\n  c\n", "a - b\n  c\n"),
    ],
)
def test_what_belongs_to_an_item_of_a_list_is_indented_as_the_site_asks_for(written: str, shown: str) -> None:
    assert indented(written) == shown


def test_the_steps_of_a_list_are_counted_through(site: Path) -> None:
    """A list that ends at a block between its steps begins anew with 1."""
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    page = (site / "architecture.html").read_text("utf-8").partition("<article")[2]
    steps = re.findall(r"^\d\. ", told, re.MULTILINE)

    assert page.count("<ol>") == steps.count("1. ")
    assert page.count("<li>") == len(steps)
