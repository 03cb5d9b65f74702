"""The variables of the process, without those by which a pipeline makes itself known."""

from collections.abc import MutableMapping

_OF_PIPELINES = ("CI_", "GITHUB_", "GITLAB_", "BITBUCKET_", "BUILD_", "CIRCLE_", "SYSTEM_")


def leave_pipeline(environ: MutableMapping[str, str]) -> None:
    """Forget that a pipeline runs this: what the product says in one is tested where a test says that it is in one."""
    for name in [name for name in environ if name in {"CI", "GIT_COMMIT"} or name.startswith(_OF_PIPELINES)]:
        del environ[name]
