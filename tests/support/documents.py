"""Runs what the documents show: `python -m tests.support.documents` writes fresh outputs, the tests compare.

With `--anew`, days, times and checksums are written afresh too where nothing else is new.

A page is followed from its top to its end in a copy of the repository's environments, or in an empty folder where it
says `<!-- begins with nothing -->`:

- The commands of a console block are typed one after the other; what they print has to stand below each of them. A
  block is left alone where one of its commands is not for running: another program, or a placeholder for a name.
- A difference is made in the file that it names.
- A block under `<!-- write: PATH -->` becomes that file; a YAML block under `<!-- file: PATH -->` has to be that file
  of the repository without its comments.
- `<!-- people do what is ready: ENVIRONMENT -->` stands below the words that tell people what to click; what the plan
  of that environment asks of people is then done by the back door of the emulator that the page serves.
- Under `<!-- written on YYYY-MM-DD -->` the days in differences and written files are as far from today as from then.
"""

import os
import re
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.support.follower import Follower, is_runnable
from tests.support.reference import write_pages
from tests.support.reference.yaml_text import without_comments
from tests.support.surroundings import leave_pipeline

ROOT = Path(__file__).parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
_BLOCK = re.compile(
    r"```console\n(?P<console>.*?)```"
    r"|```diff\n(?P<difference>.*?)```"
    r"|<!-- write: (?P<written>\S+) -->\n```\w*\n(?P<text>.*?)```"
    r"|(?P<quoting><!-- file: (?P<quoted>\S+) -->\n```yaml\n).*?```"
    r"|<!-- people do what is ready: (?P<environment>\S+) -->",
    re.DOTALL,
)
_WRITTEN_ON = re.compile(r"<!-- written on (\S+) -->")
_ANEW = "--anew"
_FROM_NOTHING = "<!-- begins with nothing -->"
# What another run tells differently although nothing else happened: days, times, minutes beyond hours, checksums,
# commits.
_MOVING = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?: UTC|Z)?)?|\b[0-2]\d:\d\d(?::\d\d)?\b"
    r"|(?<=h )\d\d?m\b|sha256:[0-9a-f]{64}|\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,64}\b"
)


def refreshed(document: str, *, anew: bool = False) -> str:
    """The document with every output and every quoted file as it is now.

    Where all is as it was but for days, times and checksums it stays; else all outputs are those of this one run, so
    that the times on a page tell one story; `anew` asks for that in any case.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if _FROM_NOTHING not in document:
            shutil.copytree(ROOT / "environments", folder / "environments")
        written = _WRITTEN_ON.search(document)
        is_new: list[bool] = []
        with Follower(folder, date.fromisoformat(written[1]) if written else None) as follower:
            followed = _BLOCK.sub(lambda found: _followed(found, follower, is_new), document)
    return followed if anew or any(is_new) else document


def _followed(found: re.Match[str], follower: Follower, is_new: list[bool]) -> str:
    """The block as it is now; whether more is new in it than what moves with every run is added to the list."""
    match found.lastgroup:
        case "console" if commands := _commands(found["console"]):
            now = "".join(f"$ {command}\n{follower.type(command)}" for command in commands)
            is_new.append(_MOVING.sub("", found["console"]) != _MOVING.sub("", now))
            return f"```console\n{now}```"
        case "difference":
            follower.edit(found["difference"])
        case "text":
            follower.write(found["written"], found["text"])
        case "quoting":
            quoted = f"{found['quoting']}{without_comments(ROOT / found['quoted'])}```"
            is_new.append(quoted != found[0])
            return quoted
        case "environment":
            follower.do_what_waits_for_people(found["environment"])
    return found[0]


def _commands(block: str) -> list[str]:
    """The commands of a block; none where one of them is not for running."""
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    return commands if all(map(is_runnable, commands)) else []


def is_followed(document: str) -> bool:
    """Whether there is anything in a page that is run or compared."""
    return any(not found["console"] or _commands(found["console"]) for found in _BLOCK.finditer(document))


CHECKED = tuple(path for path in PAGES if is_followed(path.read_text("utf-8")))


if __name__ == "__main__":
    leave_pipeline(os.environ)
    given = [argument for argument in sys.argv[1:] if argument != _ANEW]
    for path in [ROOT / name for name in given] or CHECKED:
        path.write_text(refreshed(path.read_text("utf-8"), anew=_ANEW in sys.argv), encoding="utf-8")
    if not given:
        write_pages()
