"""GitHub, over its REST interface (https://docs.github.com/en/rest, version 2022-11-28)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

from reconciler.core.errors import UsageError
from reconciler.forge.archive import files_of
from reconciler.forge.http import Access, Client, token_of
from reconciler.forge.model import Approved, Comment, ForgeError, Issue

LONGEST_BODY: Final = 60_500
"""GitHub takes 65,536 characters; a rendered plan has 60,000 at most, and this tool adds a line to it."""
APPROVED: Final = "reconciler-approved"
"""The artifact that a job uploads once it was let through to apply."""
_TOKEN: Final = "GITHUB_TOKEN"
_OWN: Final = "github-actions[bot]"
_BY_PEOPLE: Final = frozenset({"push", "workflow_dispatch"})
_HEADERS: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_HINT: Final = "pass it to the step: env: GITHUB_TOKEN: ${{ github.token }}"


@dataclass(frozen=True, slots=True)
class Job:
    """What a workflow's job says of itself; `number` is the pull request's, where the job is about one."""

    repository: str
    commit: str
    branch: str
    workflow: str
    number: int | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """From the variables that GitHub sets.

        https://docs.github.com/en/actions/reference/workflows-and-actions/variables

        Raises:
            UsageError: a variable is missing.
        """
        repository, commit = environ.get("GITHUB_REPOSITORY", ""), environ.get("GITHUB_SHA", "")
        owner, _, name = repository.partition("/")
        if not owner or not name or not commit:
            raise UsageError(
                "GITHUB_REPOSITORY and GITHUB_SHA do not say which repository this is about.",
                hint="run it in a job of GitHub Actions",
            )
        # owner/name/.github/workflows/file.yml@refs/heads/main
        workflow = environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].removeprefix(f"{repository}/")
        path = f"{quote(owner, safe='')}/{quote(name, safe='')}"
        branch = environ.get("GITHUB_REF_NAME", "")
        return cls(path, quote(commit, safe=""), branch, workflow, _number(environ.get("GITHUB_EVENT_PATH")))


def _number(event: str | None) -> int | None:
    """The number of the pull request that the event is about."""
    try:
        content = json.loads(Path(event).read_text("utf-8")) if event else None
    except (OSError, ValueError):
        return None
    pull = content.get("pull_request") if isinstance(content, dict) else None
    number = pull.get("number") if isinstance(pull, dict) else None
    return number if isinstance(number, int) else None


class GitHub:
    """One repository on GitHub."""

    longest_body = LONGEST_BODY

    def __init__(self, client: Client, job: Job) -> None:
        self._client = client
        self._job = job
        self._here = f"/repos/{job.repository}"

    @classmethod
    def of(cls, environ: Mapping[str, str], rest: Callable[[float], None]) -> Self:
        """The one that this job runs on.

        Raises:
            CredentialError: there is no token.
            UsageError: this is no job of GitHub Actions.
        """
        url = environ.get("GITHUB_API_URL") or "https://api.github.com"
        job = Job.of(environ)
        access = Access(url, "Authorization", token_of(environ, _TOKEN, _HINT).prefixed("Bearer "), _HEADERS)
        return cls(Client(access, rest=rest), job)

    def author(self) -> str:
        """The token's own name. A job's token may not ask for it, and is always the same one.

        https://docs.github.com/en/rest/users/users#get-the-authenticated-user
        """
        user = self._client.optional("/user")
        return _OWN if user is None else _login(user)

    def comments(self) -> Iterator[Comment]:
        # https://docs.github.com/en/rest/issues/comments#list-issue-comments
        return self._comments(self._number())

    def _number(self) -> int:
        if self._job.number is None:
            raise UsageError("This job is about no pull request.", hint="comment in a workflow on: pull_request")
        return self._job.number

    def _comments(self, number: int) -> Iterator[Comment]:
        for item in self._client.pages(f"{self._here}/issues/{number}/comments"):
            yield Comment(str(int(item["id"])), _login(item.get("user")), item.get("body") or "")

    def add_comment(self, body: str) -> None:
        # https://docs.github.com/en/rest/issues/comments#create-an-issue-comment
        self._client.create(f"{self._here}/issues/{self._number()}/comments", {"body": body})

    def edit_comment(self, comment: Comment, body: str) -> None:
        # https://docs.github.com/en/rest/issues/comments#update-an-issue-comment
        self._client.change("PATCH", f"{self._here}/issues/comments/{comment.place}", {"body": body})

    def issues(self, label: str) -> Iterator[Issue]:
        # https://docs.github.com/en/rest/issues/issues#list-repository-issues (pull requests are listed as well)
        for item in self._client.pages(f"{self._here}/issues", state="all", labels=label):
            if "pull_request" not in item:
                is_open = item["state"] == "open"
                yield Issue(int(item["number"]), _login(item.get("user")), item.get("body") or "", is_open)

    def open_issue(self, title: str, body: str, label: str) -> int:
        # https://docs.github.com/en/rest/issues/issues#create-an-issue
        made = self._client.create(f"{self._here}/issues", {"title": title, "body": body, "labels": [label]})
        return int(made["number"])

    def edit_issue(self, issue: Issue, body: str, *, is_open: bool) -> None:
        # https://docs.github.com/en/rest/issues/issues#update-an-issue
        state = {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
        self._client.change("PATCH", f"{self._here}/issues/{issue.number}", {"body": body, **state})

    def comments_of_merged(self) -> Iterator[Comment]:
        # https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
        for pull in self._client.pages(f"{self._here}/commits/{self._job.commit}/pulls"):
            if pull.get("merged_at") and pull.get("base", {}).get("ref") == self._job.branch:
                yield from self._comments(int(pull["number"]))

    def approved(self) -> Iterator[Approved]:
        # https://docs.github.com/en/rest/actions/artifacts#list-artifacts-for-a-repository
        # Only artifacts of this workflow, on this branch of this repository itself, started by a push or a person: a
        # pull request can upload one of the same name, and a fork can have a branch of the same name.
        for item in self._client.pages(f"{self._here}/actions/artifacts", "artifacts", name=APPROVED):
            run = item.get("workflow_run") or {}
            same = run.get("head_repository_id") == run.get("repository_id") is not None
            if item.get("expired") or not same or run.get("head_branch") != self._job.branch:
                continue
            about = self._client.get(f"{self._here}/actions/runs/{int(run['id'])}")
            path = str(about.get("path", "")).partition("@")[0]
            if about.get("event") not in _BY_PEOPLE or not path or path != self._job.workflow:
                continue
            archive = self._client.download(f"{self._here}/actions/artifacts/{int(item['id'])}/zip")
            if archive is not None:
                yield Approved(files_of(archive), str(about.get("html_url", "")))


def _login(user: Any) -> str:
    if user is None:
        # An account that is gone.
        return ""
    if not isinstance(user, dict) or not isinstance(user.get("login"), str):
        raise ForgeError("GitHub does not say who a user is.")
    return str(user["login"])
