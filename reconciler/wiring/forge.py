"""The forge that a job runs on, and what a pipeline does there."""

import time
from collections.abc import Callable, Mapping

from reconciler.core.errors import UsageError
from reconciler.forge.model import Forge
from reconciler.forge.upsert import Written, last_line, upsert_comments, upsert_issue

__all__ = ["Forge", "Written", "forge_of", "last_line", "upsert_comments", "upsert_issue"]


def forge_of(environ: Mapping[str, str], rest: Callable[[float], None] = time.sleep) -> Forge:
    """The repository that this job runs for, by the variables that its CI sets.

    Raises:
        UsageError: this is no job of GitHub Actions or GitLab CI.
        CredentialError: there is no token.
    """
    if environ.get("GITHUB_ACTIONS") == "true":
        from reconciler.forge.github import GitHub  # noqa: PLC0415  requests is loaded when it is used

        return GitHub.of(environ, rest)
    if environ.get("GITLAB_CI"):
        from reconciler.forge.gitlab import GitLab  # noqa: PLC0415  likewise

        return GitLab.of(environ, rest)
    raise UsageError(
        "This runs in no job of GitHub Actions or GitLab CI.", hint="reconciler init writes the workflows that call it"
    )
