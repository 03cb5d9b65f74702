"""`python -m reconciler` and the console script."""

import sys

from reconciler.cli.main import main as run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()
