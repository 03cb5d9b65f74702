"""Where commands look, below the folder they are called in."""

from pathlib import Path

ENVIRONMENTS = Path("environments")
