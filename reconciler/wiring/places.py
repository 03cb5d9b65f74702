"""Where things are kept that several processes share, and who runs this one, as the variables around it tell."""

import getpass
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.core.errors import KeepingError
from reconciler.store.bucket import Bucket
from reconciler.store.folder import Folder
from reconciler.store.objects import Objects

# The variables in which CI systems name the person and the job.
WHO: Final = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID")
JOB: Final = ("CI_JOB_URL", "BUILD_URL")


def place_at(place: str, root: Path) -> Objects:
    """A bucket by its URL, or a folder, relative to the root of the repository.

    Raises:
        KeepingError: it cannot be used.
    """
    if "://" in place:
        return Bucket.at(place)
    path = Path(place)
    if ".." in path.parts:
        raise KeepingError(f"store: {place} leads out of the repository.", hint="name a folder in it, or a whole path")
    return Folder(root / path)


def who_runs(environ: Mapping[str, str]) -> str:
    """The person whom a CI system names, or the user of this machine."""
    named = next((environ[name] for name in WHO if environ.get(name)), None)
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def where_it_runs(environ: Mapping[str, str]) -> str:
    """The address of the job, or the name of this machine."""
    if environ.get("GITHUB_RUN_ID"):
        server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return next((environ[name] for name in JOB if environ.get(name)), None) or socket.gethostname()
