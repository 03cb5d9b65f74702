"""Nothing that people read tells them to install by the mere name, which in an index may be somebody else's package."""

import re
from pathlib import Path

import pytest

from reconciler.core.extras import installing
from reconciler.emulator.extra import INSTALLING

ROOT = Path(__file__).parents[2]
SHOWN = (
    "*.md", "*.txt", "*.toml", "*.yml", "Dockerfile", "Makefile", "docs/**/*.md", "docs/**/*.html", "environments/**/*",
    "reconciler/**/*", "schemas/*.json", "scripts/*.py", "benchmarks/**/*.py", "action.yml",
)  # fmt: skip
FILES = sorted({path for pattern in SHOWN for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc"})
BY_NAME = re.compile(
    r"\b(?:pip3?|pipx|uv|uvx|poetry|conda)\s[^\n|;&`]*?(?<![\w./-])reconciler(?:\[[\w, -]*\])?"
    r"(?![\w./:-]|\s+@|\[|\s+(?:anew|with|is|and)\b)"
)


@pytest.mark.parametrize(
    "text",
    [
        "pip install reconciler",
        "pip install 'reconciler[bucket]'",
        'pipx install "reconciler[emulator]"',
        "uv tool install reconciler",
        "install it with: pip install --constraint constraints.txt 'reconciler[bucket]'",
        "python -m pip install -U reconciler==1.0",
    ],
)
def test_it_would_be_found(text: str) -> None:
    assert BY_NAME.search(text)


@pytest.mark.parametrize(
    "text",
    [
        'pip install "reconciler[emulator] @ git+https://HOST/OWNER/reconciler@COMMIT"',
        "pip install '.[emulator]'",
        "pip install ./reconciler-1.0-py3-none-any.whl",
    ],
)
def test_a_place_beside_the_name_is_right(text: str) -> None:
    assert not BY_NAME.search(text)


def test_no_text_says_so() -> None:
    assert len(FILES) > 300
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in FILES
        for match in BY_NAME.finditer(path.read_text("utf-8", "replace"))
    ]

    assert found == []


def test_both_sides_of_the_box_say_the_same() -> None:
    assert installing("emulator") == INSTALLING
