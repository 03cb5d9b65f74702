"""`python -m reconciler` and the console script."""

import gc
import sys

from reconciler.cli.main import main as run

# A command ends soon, and most of what it makes lives until then: looking for garbage more seldom takes a fifth off a
# large plan, and costs no memory that could be measured.
_SELDOM = (50_000, 20, 100)


def main() -> None:
    gc.set_threshold(*_SELDOM)
    sys.exit(run())


if __name__ == "__main__":
    main()
