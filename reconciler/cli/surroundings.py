"""What a command finds around it: the repository that files lie in, and its pages on a forge."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from reconciler.core.errors import UsageError
from reconciler.render.sources import Sources
from reconciler.wiring.configuration import repository_root


def sources(link_base: str | None = None) -> Sources:
    """Where the lines of files are: below the option's address, or below what the CI job says of itself.

    Raises:
        UsageError: the option's address is none.
    """
    here = Path.cwd()
    base = forge_base(os.environ) if link_base is None else link_base
    if base is not None and not _is_web_address(base):
        if link_base is None:
            base = None
        else:
            raise UsageError(
                f"--link-base {link_base} is no address.", hint="write https://HOST/OWNER/REPOSITORY/blob/REVISION"
            )
    root = repository_root(here / "file")
    is_checkout = (root / ".git").exists()
    return Sources(str(root) if is_checkout else None, str(here), base.rstrip("/") if base else None)


def forge_base(environ: Mapping[str, str]) -> str | None:
    """The address of the repository's files at the commit that a GitHub or GitLab job runs on; None anywhere else."""
    server, repository, commit = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    if server and repository and commit:
        return f"{server}/{repository}/blob/{commit}"
    project, commit = environ.get("CI_PROJECT_URL"), environ.get("CI_COMMIT_SHA")
    return f"{project}/-/blob/{commit}" if project and commit else None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not set(text) & set(" <>\"'`()|\\")
