"""Commands run in a folder of their own, against an account that stands at a fixed moment."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.main import main
from tests.support.emulator import Emulator

PARTS = ("consumer_key", "consumer_secret", "token_id", "token_secret")
READER = ("svc.reader@example.com", "Reconciler Reader")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody sits who has the files and the login of a reader."""

    folder: Path
    run: Callable[..., tuple[int, str]]
    environ: Callable[[str, str], None]

    def declare(self, name: str, text: str, emulator: Emulator) -> None:
        (self.folder / "environments" / f"{name}.yaml").write_text(text.replace("EMULATOR", emulator.url), "utf-8")

    def log_in(self, emulator: Emulator) -> None:
        for name, value in emulator.credentials(*READER).items():
            self.environ(f"NETSUITE_{name.upper()}", value)

    def log_in_with_what_is_gone(self) -> None:
        for name in PARTS:
            self.environ(f"NETSUITE_{name.upper()}", f"an old {name}")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    # A CI job says where its files can be opened, and plans would have links to them.
    for name in ("GITHUB_SERVER_URL", "CI_PROJECT_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "environments").mkdir()

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(code), said.out + said.err

    return Desk(tmp_path, run, monkeypatch.setenv)
