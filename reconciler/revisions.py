"""What files were at another revision, asked of the program `git`, which is never given a shell, a hook or a filter.

A pull request may bring file names, links and attributes of any kind. So nothing is checked out: names are listed, and
contents are read, as raw objects (https://git-scm.com/docs/git-ls-tree, https://git-scm.com/docs/git-cat-file).
"""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final

from reconciler.core.errors import ReconcilerError, UsageError
from reconciler.core.visible import visible

# A hook or a surrounding git may have set these, for another repository than the one that is asked about.
_OF_ANOTHER_REPOSITORY: Final = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"}
)
_ALWAYS: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
_LINK: Final = "120000"
_FILES: Final = frozenset({"100644", "100755", _LINK})
_MAX_BYTES: Final = 16 * 1024 * 1024
_SHALLOW: Final = (
    "this clone holds only a part of the history: check out all of it (actions/checkout: `fetch-depth: 0`; "
    "GitLab: `GIT_DEPTH: 0`)"
)


class RevisionError(ReconcilerError):
    """Git could not be asked."""

    rule = "revision"
    summary = "Git does not answer"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of a commit; a larger one than is ever read counts as one that is not there."""

    path: str
    mode: str
    object_id: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout; `root` is the folder that holds `.git`."""

    root: Path

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names.

        Raises:
            UsageError: it names none, or is nothing that git could take for a name.
            RevisionError: git is missing, or refuses to work here.
        """
        if not revision or revision.startswith("-") or not revision.isprintable() or " " in revision:
            raise UsageError(
                f'"{visible(revision)}" is no name of a revision.', hint="name a branch, a tag or a commit"
            )
        found = self._asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found is None:
            hint = _SHALLOW if self._is_shallow() else "`git fetch` it, or correct the name; `git branch -a` lists some"
            raise UsageError(f'There is no revision "{visible(revision)}" in {self.root}.', hint=hint)
        # With --end-of-options, some versions of git print that option as well.
        return found.split()[-1].decode("ascii")

    def fork_point(self, revision: str) -> str:
        """The id of the newest commit that both a revision and the work tree go back to.

        Raises:
            UsageError: there is no such commit, or none that this clone knows of.
        """
        found = self._asked("merge-base", self.commit(revision), self.commit("HEAD"))
        if found is None:
            hint = _SHALLOW if self._is_shallow() else "name the branch that this one came from"
            raise UsageError(f'This checkout and "{visible(revision)}" have no commit in common.', hint=hint)
        return found.split()[0].decode("ascii")

    @contextmanager
    def exported(self, commit: str, wanted: Callable[[str], bool]) -> Iterator[Path]:
        """A folder that holds the wanted files and all links of a commit, until the block ends.

        Args:
            commit: its id.
            wanted: whether a file is needed, by its path from the root.
        """
        chosen = [entry for entry in self._entries(commit) if entry.mode == _LINK or wanted(entry.path)]
        contents = self._contents(chosen)
        with TemporaryDirectory(prefix="reconciler-") as name:
            folder = Path(name).resolve()
            # Links come last, so that no file is ever written through one.
            for entry in sorted(chosen, key=lambda entry: entry.mode == _LINK):
                _put(folder, entry, contents[entry.object_id])
            yield folder

    def contents(self, commit: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        """The wanted files of a commit by their paths; of a link, where it leads."""
        chosen = [entry for entry in self._entries(commit) if wanted(entry.path)]
        contents = self._contents(chosen)
        return {entry.path: contents[entry.object_id] for entry in chosen}

    def _entries(self, commit: str) -> list[_Entry]:
        listed = self._told("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        return [entry for line in listed.split(b"\0") if line and (entry := _entry(line))]

    def _contents(self, entries: Sequence[_Entry]) -> dict[str, bytes]:
        wanted = sorted({entry.object_id for entry in entries})
        answer = self._told("cat-file", "--batch", given="".join(f"{one}\n" for one in wanted).encode("ascii"))
        found: dict[str, bytes] = {}
        place = 0
        for one in wanted:
            end = answer.index(b"\n", place)
            head = answer[place:end].split()
            if len(head) != len(("id", "type", "size")):
                raise RevisionError(f"Git does not have object {one}.", hint=_SHALLOW)
            size = int(head[2])
            found[one] = answer[end + 1 : end + 1 + size]
            place = end + 1 + size + 1
        return found

    def _is_shallow(self) -> bool:
        return self._asked("rev-parse", "--is-shallow-repository") == b"true\n"

    def _told(self, *arguments: str, given: bytes = b"") -> bytes:
        answer = self._asked(*arguments, given=given)
        if answer is None:
            raise RevisionError(f"git {arguments[0]} failed in {self.root}.")
        return answer

    def _asked(self, *arguments: str, given: bytes = b"") -> bytes | None:
        """What git answers; None where it says no."""
        program = which("git")
        if program is None:
            raise RevisionError("The program git is not installed.", hint="install it; nothing else needs it")
        command = [program, "-C", str(self.root), "--no-pager", "-c", "core.fsmonitor=false", *arguments]
        done = subprocess.run(  # noqa: S603  a fixed command, without a shell; revisions are ids by then
            command, input=given, capture_output=True, check=False, env=_surroundings(os.environ)
        )
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode and "dubious ownership" in said:
            raise RevisionError(
                f"Git refuses to work in {self.root}: the folder belongs to somebody else.", hint=_OWNER
            )
        if done.returncode and "not a git repository" in said:
            raise RevisionError(f"{self.root} is not in a git checkout.", hint="revisions need one")
        return None if done.returncode else done.stdout


_OWNER: Final = "git config --global --add safe.directory FOLDER says that you trust it"


def _surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key not in _OF_ANOTHER_REPOSITORY} | _ALWAYS


def _entry(line: bytes) -> _Entry | None:
    """One line of `git ls-tree -l -z`; None for what is no file, is too large, or has a name that leads elsewhere."""
    head, _, name = line.partition(b"\t")
    mode, _, object_id, size = head.decode("ascii").split()
    path = os.fsdecode(name)
    plain = not path.startswith("/") and ".." not in path.split("/")
    return _Entry(path, mode, object_id) if mode in _FILES and int(size) <= _MAX_BYTES and plain else None


def _put(folder: Path, entry: _Entry, content: bytes) -> None:
    path = folder / entry.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # No honest commit holds a file below a link, and a forged one shall not lead out of the folder.
        if not path.parent.resolve().is_relative_to(folder):
            raise RevisionError(f"{visible(entry.path)} lies below a link, which no real commit holds.")
        if entry.mode == _LINK:
            path.symlink_to(os.fsdecode(content))
        else:
            path.write_bytes(content)
    except (OSError, RuntimeError, ValueError) as error:
        raise RevisionError(f"{visible(entry.path)} cannot be written to a temporary folder: {error}.") from error
