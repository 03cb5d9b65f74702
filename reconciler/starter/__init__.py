"""The files of a new repository of environments, as `init` writes them."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
_REQUIREMENTS: Final = """\
# What pipelines install; it runs where their credentials are. Change it in a pull request of its own.
{line}
# `pip-compile --generate-hashes` pins what it needs in turn.
"""
_UNKNOWN: Final = """\
# Nobody can guess it: in a public index a package of this name may be somebody else's. Name one commit, or one file
# with its checksum, of a place that you trust:
#   reconciler[emulator,bucket] @ git+https://HOST/OWNER/reconciler@COMMIT
#   reconciler[emulator,bucket] @ https://HOST/reconciler-VERSION-py3-none-any.whl#sha256=CHECKSUM"""


_MARK: Final = re.compile(r"<!-- (with pipelines|without pipelines|always) -->\n")


class Ci(StrEnum):
    """For which forge pipelines are written."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


_COMMON: Final = {
    "README.md": "README.md",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    "environments/local.yaml": "local.yaml",
}
_OF_CI: Final = {
    Ci.GITHUB: {
        ".github/CODEOWNERS": "codeowners",
        ".github/actions/reconciler/action.yml": "action.yml",
        ".github/workflows/reconciler-apply.yml": "github-apply.yml",
        ".github/workflows/reconciler-drift.yml": "github-drift.yml",
        ".github/workflows/reconciler-pull-request.yml": "github-pull-request.yml",
    },
    Ci.GITLAB: {".gitlab-ci.yml": "gitlab-ci.yml", ".gitlab/CODEOWNERS": "codeowners"},
    Ci.NONE: {},
}
_VERSION_IN: Final = {
    Ci.GITHUB: ".github/actions/reconciler/requirements.txt",
    Ci.GITLAB: ".gitlab/requirements.txt",
}


def files(ci: Ci, requirement: str | None) -> dict[str, str]:
    """Every file by its path in the repository, in order; the schema that editors use is not among them.

    Args:
        ci: for which forge.
        requirement: what pipelines install; None where nobody said it, and the pipelines will say so.
    """
    found = {path: _text(name) for path, name in (_COMMON | _OF_CI[ci]).items()}
    found["README.md"] = _fitting(found["README.md"], "without pipelines" if ci is Ci.NONE else "with pipelines")
    if ci in _VERSION_IN:
        found[_VERSION_IN[ci]] = _REQUIREMENTS.format(line=requirement or _UNKNOWN)
    return dict(sorted(found.items()))


def _fitting(text: str, where: str) -> str:
    """The lines that are for everybody, and those below a mark that names this kind of repository."""
    parts = _MARK.split(text)
    return parts[0] + "".join(
        part for mark, part in zip(parts[1::2], parts[2::2], strict=True) if mark in {where, "always"}
    )


def _text(name: str) -> str:
    """A wheel carries the action inside the package; an editable install finds the checkout's own."""
    inside = _HERE / name
    return (inside if inside.is_file() else _HERE.parent.parent / name).read_text("utf-8")
