"""Where commands look and keep things, below the folder they are called in."""

from pathlib import Path

ENVIRONMENTS = Path("environments")
STATE = Path(".reconciler")
