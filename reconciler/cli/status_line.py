"""One line on the terminal that says what is going on, and goes away when something else is said."""

import os
import sys
from shutil import get_terminal_size

from reconciler.core.visible import visible

_ERASE = "\r\x1b[K"


class StatusLine:
    """Shows itself on stderr while that is a terminal that can erase a line, and nowhere else."""

    def __init__(self) -> None:
        self._is_there = False

    def show(self, text: str) -> None:
        """Say what is going on; the line replaces the one before it, and is cut to the width of the terminal."""
        if sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._is_there = True
            sys.stderr.write(f"{_ERASE}{visible(text)[: get_terminal_size().columns - 1]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave no trace."""
        if self._is_there and sys.stderr is not None:
            self._is_there = False
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


STATUS = StatusLine()
"""The one of this process, for a terminal has one bottom."""
