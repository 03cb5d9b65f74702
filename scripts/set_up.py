"""Makes the virtual environment that the Makefile uses; needs nothing but Python 3.11 or newer."""

import subprocess
import sys
import venv
from pathlib import Path

NEWEST_NEEDED = (3, 11)
INTERRUPTED = 130
# `pip install --group` reads dependency groups since 25.1.
PIP = "pip>=25.1"
# A group whose packages would overwrite files of others; it goes into a folder of its own, named like the group.
APART = "clients-apart"


def pip_of(python: Path) -> list[str]:
    """The command with which a Python installs, once its pip can do all that is needed here."""
    # Twice --quiet leaves out pip's warnings, which are about its own surroundings; errors are still shown.
    pip = [str(python), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, PIP], check=True)
    return pip


def main(folder: Path, *groups: str) -> None:
    if sys.version_info < NEWEST_NEEDED:
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(f"Python 3.11 or newer is needed, this is {found}. Try: make PYTHON=python3.12")
    python = folder / "bin" / "python"
    # pip comes last, so a creation that was interrupted is begun again.
    if not (folder / "bin" / "pip").exists():
        print(f"Making a virtual environment in {folder} …", flush=True)
        try:
            venv.create(folder, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit("This Python cannot make virtual environments; on Debian and Ubuntu install python3-venv.")
    print("Installing what is needed …", flush=True)
    pip = pip_of(python)
    wanted = [part for group in groups if group != APART for part in ("--group", group)]
    # The versions that are told to pipelines are those that the tests pass with.
    subprocess.run([*pip, "--constraint", "constraints.txt", "--editable", ".[emulator]", *wanted], check=True)
    if APART in groups:
        subprocess.run(
            [*pip, "--no-warn-conflicts", "--upgrade", "--target", str(folder / APART), "--group", APART],
            check=True,
        )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), *sys.argv[2:])
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up failed; what went wrong stands above. (exit code {error.returncode})")
    except KeyboardInterrupt:
        sys.stderr.write("\nSetting up was interrupted; the next time it goes on.\n")
        sys.exit(INTERRUPTED)
