"""Completion, as a person sets it up and uses it: installed from a shell, then asked by the shell itself."""

import os
import shlex
import shutil
from pathlib import Path

import pytest

from tests.packaging.conftest import done
from tests.support.documents import ROOT

# How each shell, with the settings of its user, tells what it would offer for the words of `{words}`.
BASH = """
COMP_WORDS=({words}); COMP_CWORD={last}
_reconciler_completion reconciler
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# What the shell's own `_arguments` would show is printed instead.
ZSH = """
_arguments() {{ print -r -- "${{@[-1]}}" | grep -oE '"[^"]*"(:"[^"]*")?' | cut -d '"' -f 2 }}
_files() {{ print FILES }}
words=({words}); CURRENT={count}
autoload +X _reconciler; _reconciler; _reconciler_completion
"""
# Behind each word a tab and its help.
FISH = "complete --do-complete {line}"


def shell(name: str) -> str:
    """Where a shell is; without it the test is left out, or fails where REQUIRE_SHELLS is set."""
    program = shutil.which(name)
    if program is None:
        reason = f"completion in {name} is left out: there is no {name}"
        if os.environ.get("REQUIRE_SHELLS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def question(name: str, words: list[str]) -> str:
    if name == "fish":
        return FISH.format(line=shlex.quote(" ".join(words)))
    quoted = " ".join(word or "''" for word in words)
    return {"bash": BASH, "zsh": ZSH}[name].format(words=quoted, last=len(words) - 1, count=len(words))


def asked(name: str, line: str, home: Path, bare: Path) -> list[str]:
    """What the shell offers for a line, in a folder that holds the environments of the checkout."""
    # A shell that talks with a person reads their settings.
    options = {"bash": ("--rcfile", str(home / ".bashrc"), "-i"), "zsh": ("-i",), "fish": ()}[name]
    told = done(shell(name), *options, "-c", question(name, line.split(" ")), cwd=ROOT, **of(home, bare))
    return sorted(row.partition("\t")[0] for row in told.splitlines())


def of(home: Path, bare: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": f"{bare}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(home / ".config")}


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_shell_completes_after_completion_was_installed_from_it(name: str, bare: Path, tmp_path: Path) -> None:
    # A second command keeps the shell from becoming the program, which looks for the shell that called it.
    done(shell(name), "-c", "reconciler --install-completion; true", cwd=tmp_path, **of(tmp_path, bare))

    def offers(line: str) -> list[str]:
        return asked(name, line, tmp_path, bare)

    assert offers("reconciler pl") == ["plan"]
    assert offers("reconciler emulator re") == ["reset"]
    assert offers("reconciler plan --detailed") == ["--detailed-exitcode"]
    assert offers("reconciler plan local") == ["local", "local-read-only"]
    assert offers("reconciler plan local local") == ["local-read-only"]
    assert offers("reconciler validate --environments environments/examples ") == ["production", "sandbox"]
    assert offers("reconciler validate --output ") == ["github", "json", "sarif", "text"]
    assert offers("reconciler schema en") == ["environment"]
