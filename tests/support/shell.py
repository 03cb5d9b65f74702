"""Shell of pipelines, run as their runners do, with `reconciler` from here and pip as one that only takes notes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.documents import ROOT

# Stands in for `python -I -m venv DIR`, and for nothing else: what a job installs is here, and no test needs a network.
_PYTHON = """\
#!/bin/sh
[ "$1 $2 $3" = "-I -m venv" ] || exit 64
shift
mkdir -p "$3/bin"
printf '#!/bin/sh\\nfor one in "$@"; do [ -f "$one" ] && cat "$one"; done >> "$HOME/installed"\\n' > "$3/bin/pip"
printf 'import sys\\nfrom reconciler.__main__ import main\\nsys.exit(main())\\n' > "$3/bin/console.py"
printf '#!/bin/sh\\nPYTHONPATH={root} exec {python} "%s" "$@"\\n' "$3/bin/console.py" > "$3/bin/reconciler"
chmod +x "$3/bin/pip" "$3/bin/reconciler"
"""


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    output: str


def run_shell(script: str, folder: Path, home: Path, environ: Mapping[str, str]) -> Done:
    """Run a script in bash as GitHub and GitLab do: it ends at the first command that fails.

    Args:
        script: the text.
        folder: where.
        home: the home of whoever runs it; `installed` there tells what pip was given.
        environ: its variables; of this process it gets none.
    """
    tools = home / "bin"
    tools.mkdir(exist_ok=True)
    python = tools / "python"
    python.write_text(_PYTHON.format(python=sys.executable, root=ROOT), encoding="utf-8")
    python.chmod(0o755)
    file = home / "script.sh"
    file.write_text(script, encoding="utf-8")
    always = {"HOME": str(home), "PATH": f"{tools}:{os.defpath}", "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(  # noqa: S603  the shell of a file of ours
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
        cwd=folder,
        env={**always, **environ, **_measured()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout)


def _measured() -> dict[str, str]:
    """Coverage of child processes, where it is taken."""
    return {key: value for key, value in os.environ.items() if key.startswith(("COVERAGE_", "COV_CORE_"))}
