"""A git checkout with a history that a test writes."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NOBODY = {
    "GIT_AUTHOR_NAME": "A Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.com",
    "GIT_COMMITTER_NAME": "A Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True, slots=True)
class Checkout:
    folder: Path

    @classmethod
    def new(cls, folder: Path) -> "Checkout":
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder)
        made.git("init", "--quiet", "--initial-branch=main")
        return made

    @classmethod
    def cloned(cls, source: "Checkout", folder: Path, *options: str) -> "Checkout":
        source.git("clone", "--quiet", *options, source.folder.as_uri(), str(folder))
        return cls(folder)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603  git, in a folder of the test
            ["git", *arguments],  # noqa: S607  whichever git there is
            cwd=self.folder,
            env=os.environ | _NOBODY,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self, message: str = "Change something") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")
