"""GitLab, over its REST interface (https://docs.gitlab.com/api/rest/, version 4)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import quote

from reconciler.core.errors import UsageError
from reconciler.forge.archive import files_of
from reconciler.forge.http import Access, Client, token_of
from reconciler.forge.model import Approved, Comment, ForgeError, Issue

LONGEST_BODY: Final = 1_000_000
"""https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions"""
APPROVED: Final = "reconciler-apply"
"""The job whose artifacts hold what it was let through to apply."""
_TOKEN: Final = "RECONCILER_GITLAB_TOKEN"
_BY_PEOPLE: Final = frozenset({"push", "web"})
_HINT: Final = "make a project access token with the scope api, and a masked CI/CD variable of that name"


@dataclass(frozen=True, slots=True)
class Job:
    """What a pipeline's job says of itself; `number` is the merge request's, where the job is about one."""

    project: str
    commit: str
    branch: str
    number: int | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """From the variables that GitLab sets (https://docs.gitlab.com/ci/variables/predefined_variables/).

        Raises:
            UsageError: a variable is missing.
        """
        project, commit = environ.get("CI_PROJECT_ID", ""), environ.get("CI_COMMIT_SHA", "")
        if not project or not commit:
            raise UsageError(
                "CI_PROJECT_ID and CI_COMMIT_SHA do not say which project this is about.",
                hint="run it in a job of GitLab CI",
            )
        number = environ.get("CI_MERGE_REQUEST_IID", "")
        branch = environ.get("CI_COMMIT_BRANCH", "")
        return cls(quote(project, safe=""), quote(commit, safe=""), branch, int(number) if number.isdecimal() else None)


class GitLab:
    """One project on GitLab."""

    longest_body = LONGEST_BODY

    def __init__(self, client: Client, job: Job) -> None:
        self._client = client
        self._job = job
        self._here = f"/projects/{job.project}"

    @classmethod
    def of(cls, environ: Mapping[str, str], rest: Callable[[float], None]) -> Self:
        """The one that this job runs on.

        Raises:
            CredentialError: there is no token.
            UsageError: this is no job of GitLab CI.
        """
        url = environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
        job = Job.of(environ)
        access = Access(url, "PRIVATE-TOKEN", token_of(environ, _TOKEN, _HINT), {"Accept": "application/json"})
        return cls(Client(access, rest=rest), job)

    def author(self) -> str:
        # https://docs.gitlab.com/api/users/#retrieve-the-current-user
        return _username(self._client.get("/user"))

    def _merge_request(self) -> int:
        if self._job.number is None:
            raise UsageError("This job is about no merge request.", hint="comment in a merge request pipeline")
        return self._job.number

    def comments(self) -> Iterator[Comment]:
        # https://docs.gitlab.com/api/notes/#list-all-merge-request-notes
        return self._comments(self._merge_request())

    def _comments(self, number: int) -> Iterator[Comment]:
        path = f"{self._here}/merge_requests/{number}/notes"
        for item in self._client.pages(path, sort="asc", order_by="created_at"):
            if not item.get("system"):
                yield Comment(str(int(item["id"])), _username(item.get("author")), item.get("body") or "")

    def add_comment(self, body: str) -> None:
        # https://docs.gitlab.com/api/notes/#create-new-merge-request-note
        self._client.create(f"{self._here}/merge_requests/{self._merge_request()}/notes", {"body": body})

    def edit_comment(self, comment: Comment, body: str) -> None:
        # https://docs.gitlab.com/api/notes/#modify-existing-merge-request-note
        path = f"{self._here}/merge_requests/{self._merge_request()}/notes/{comment.place}"
        self._client.change("PUT", path, {"body": body})

    def issues(self, label: str) -> Iterator[Issue]:
        # https://docs.gitlab.com/api/issues/#list-project-issues
        for item in self._client.pages(f"{self._here}/issues", state="all", scope="all", labels=label):
            is_open = item["state"] == "opened"
            yield Issue(int(item["iid"]), _username(item.get("author")), item.get("description") or "", is_open)

    def open_issue(self, title: str, body: str, label: str) -> int:
        # https://docs.gitlab.com/api/issues/#new-issue
        made = self._client.create(f"{self._here}/issues", {"title": title, "description": body, "labels": label})
        return int(made["iid"])

    def edit_issue(self, issue: Issue, body: str, *, is_open: bool) -> None:
        # https://docs.gitlab.com/api/issues/#edit-an-issue
        content = {"description": body}
        if is_open is not issue.is_open:
            content["state_event"] = "reopen" if is_open else "close"
        self._client.change("PUT", f"{self._here}/issues/{issue.number}", content)

    def comments_of_merged(self) -> Iterator[Comment]:
        # https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit
        for item in self._client.pages(f"{self._here}/repository/commits/{self._job.commit}/merge_requests"):
            if item.get("state") == "merged" and item.get("target_branch") == self._job.branch:
                yield from self._comments(int(item["iid"]))

    def approved(self) -> Iterator[Approved]:
        # https://docs.gitlab.com/api/jobs/#list-all-jobs-for-a-project, newest first
        # Only the job that applies, on this branch, in a pipeline that a push or a person started. Whether it went well
        # does not matter: it was let through.
        for item in self._client.pages(f"{self._here}/jobs"):
            pipeline = item.get("pipeline") or {}
            mine = item.get("name") == APPROVED and item.get("ref") == self._job.branch and not item.get("tag")
            if not mine or pipeline.get("source") not in _BY_PEOPLE or not item.get("artifacts_file"):
                continue
            archive = self._client.download(f"{self._here}/jobs/{int(item['id'])}/artifacts")
            if archive is not None:
                yield Approved(files_of(archive), str(item.get("web_url", "")))


def _username(user: Any) -> str:
    if not isinstance(user, dict) or not isinstance(user.get("username"), str):
        raise ForgeError("GitLab does not say who a user is.")
    return str(user["username"])
