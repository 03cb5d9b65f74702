"""A local stand-in for the few calls of GitHub and GitLab that are used; strict on paths, methods, login and shapes.

Answers have the fields that the forges document, and only what this tool reads or might mistake; each handler names its
page. Whatever is not known here is answered 404 and kept in `unknown`, which every test expects to be empty.
"""

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

GITHUB_TOKEN = "canary-github-token"
GITLAB_TOKEN = "canary-gitlab-token"
BOT = "github-actions[bot]"
GITLAB_BOT = "project_7_bot"
REPOSITORY = "acme/netsuite"
PROJECT = "7"


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False


@dataclass(slots=True)
class State:
    """What a forge holds, in the fields both kinds share; each kind shows it in its own words."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[str, list[int]] = field(default_factory=dict)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = 1000

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id

    def say(self, number: int, author: str | None, body: str, *, system: bool = False) -> dict[str, Any]:
        comment = {"id": self.new_id(), "number": number, "author": author, "body": body, "system": system}
        self.comments.append(comment)
        return comment

    def on(self, number: int) -> list[dict[str, Any]]:
        return [one for one in self.comments if one["number"] == number]

    def file_issue(self, author: str, title: str, body: str, labels: list[str]) -> dict[str, Any]:
        number = len(self.issues) + 1
        issue = {"number": number, "author": author, "title": title, "body": body, "labels": labels, "open": True}
        self.issues.append(issue)
        return issue

    def keep(self, files: Mapping[str, bytes], **about: Any) -> dict[str, Any]:
        """An artifact; `about` says of which run: branch, event, workflow, head_repository, expired."""
        artifact = {"id": self.new_id(), "content": zipped(files), "run": self.new_id(), **about}
        self.artifacts.insert(0, artifact)
        return artifact


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


Handler = Callable[["ForgeServer", Asked, tuple[str, ...]], Reply]


class ForgeServer:
    """Serves one repository. `troubles` are answered first, one to each request that their pattern fits."""

    def __init__(self, kind: str, *, page: int = 100) -> None:
        self.kind = kind
        self.page = page
        self.state = State()
        self.asked: list[Asked] = []
        self.unknown: list[str] = []
        self.troubles: list[tuple[str, Reply]] = []
        self.user: str | None = None
        # Of the job that asks, on GitHub; None: all of them.
        self.permissions: Mapping[str, str] | None = None
        self._lock = threading.Lock()
        server = self

        class Http(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                server.handle(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815  the names are the library's

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Http)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.origin}/api/v4" if self.kind == "gitlab" else f"{self.origin}/api/v3"

    def handle(self, http: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(http.path)
        raw = http.rfile.read(int(http.headers.get("Content-Length", 0)))
        with self._lock:
            query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {key.lower(): value for key, value in http.headers.items()}
            asked = Asked(http.command, parts.path, query, headers, json.loads(raw) if raw else None)
            self.asked.append(asked)
            reply = self._reply(asked)
        if reply.drop:
            http.close_connection = True
            return
        raw_body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        http.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            http.send_header(name, value)
        # A connection that ends before the answer does.
        http.send_header("Content-Length", str(len(raw_body) + (100 if reply.cut else 0)))
        http.end_headers()
        http.close_connection = reply.cut
        http.wfile.write(raw_body)

    def _reply(self, asked: Asked) -> Reply:
        line = f"{asked.method} {asked.path}"
        if match := re.fullmatch(r"/storage/([0-9]+)", asked.path):
            # A signed address of another service: whoever sends a token there gives it away.
            assert "authorization" not in asked.headers, "the token was sent to the storage"
            assert "private-token" not in asked.headers, "the token was sent to the storage"
            return Reply(200, self._content(int(match[1])), {"Content-Type": "application/zip"})
        after: Reply | None = None
        for trouble in self.troubles:
            if re.fullmatch(trouble[0], line):
                self.troubles.remove(trouble)
                if not trouble[1].headers.get("X-After"):
                    return trouble[1]
                after = trouble[1]
                break
        refusal = _refused_login(self.kind, asked) or _refused_permission(self.permissions, asked)
        if refusal:
            return refusal
        base = "/api/v4" if self.kind == "gitlab" else "/api/v3"
        for method, pattern, handler in GITLAB if self.kind == "gitlab" else GITHUB:
            match = re.fullmatch(base + pattern, asked.path)
            if match and method == asked.method:
                done = handler(self, asked, match.groups())
                return after or done
        self.unknown.append(line)
        return Reply(404, {"message": "404 Not Found"})

    def _content(self, identifier: int) -> bytes:
        content: bytes = next(one["content"] for one in self.state.artifacts if one["id"] == identifier)
        return content

    def listed(self, asked: Asked, items: list[Any], key: str | None = None) -> Reply:
        """A page of a list, with the Link header by which both forges name the next one."""
        size = min(int(asked.query.get("per_page", 30)), self.page)
        page = int(asked.query.get("page", 1))
        chosen = items[(page - 1) * size : page * size]
        headers = {}
        if len(items) > page * size:
            query = urlencode({**asked.query, "page": str(page + 1)})
            headers["Link"] = f'<{self.origin}{asked.path}?{query}>; rel="next"'
        return Reply(200, {"total_count": len(items), key: chosen} if key else chosen, headers)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def forge(kind: str, *, page: int = 100) -> Iterator[ForgeServer]:
    """A forge of one kind, which at its end has been asked nothing that it does not know."""
    with ForgeServer(kind, page=page) as server:
        yield server
    assert server.unknown == []


def _refused_login(kind: str, asked: Asked) -> Reply | None:
    if kind == "gitlab":
        right = asked.headers.get("private-token") == GITLAB_TOKEN and "authorization" not in asked.headers
        return None if right else Reply(401, {"message": "401 Unauthorized"})
    if asked.headers.get("authorization") != f"Bearer {GITHUB_TOKEN}":
        return Reply(401, {"message": "Bad credentials", "status": "401"})
    if asked.headers.get("accept") != "application/vnd.github+json" or "x-github-api-version" not in asked.headers:
        return Reply(415, {"message": "Unsupported 'Accept' header"})
    if asked.body is not None and not asked.headers.get("content-type", "").startswith("application/json"):
        return Reply(415, {"message": "Body should be JSON"})
    return None


# What a job's token needs: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
_NEEDED = (
    (r".*/issues(/[0-9]+)?", ("issues",)),
    (r".*/issues/([0-9]+/comments|comments/[0-9]+)|.*/commits/[0-9a-f]+/pulls", ("pull-requests", "issues")),
    (r".*/actions/.*", ("actions",)),
)


def _refused_permission(granted: Mapping[str, str] | None, asked: Asked) -> Reply | None:
    enough = {"write"} if asked.method != "GET" else {"read", "write"}
    for pattern, names in _NEEDED:
        if granted is not None and re.fullmatch(pattern, asked.path):
            if enough & {granted.get(name, "none") for name in names}:
                return None
            return Reply(403, {"message": "Resource not accessible by integration", "status": "403"})
    return None


def _too_long(body: str, limit: int) -> bool:
    return not body.strip() or len(body) > limit


# GitHub


def _gh_user(server: ForgeServer, _asked: Asked, _words: tuple[str, ...]) -> Reply:
    if server.user is None:
        return Reply(403, {"message": "Resource not accessible by integration", "status": "403"})
    return Reply(200, {"login": server.user})


def _gh_comment(comment: Mapping[str, Any]) -> dict[str, Any]:
    user = None if comment["author"] is None else {"login": comment["author"]}
    return {"id": comment["id"], "user": user, "body": comment["body"]}


def _gh_comments(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    return server.listed(asked, [_gh_comment(one) for one in server.state.on(int(words[0]))])


def _gh_add_comment(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    if set(asked.body) != {"body"} or _too_long(asked.body["body"], 65_536):
        return Reply(422, {"message": "Validation Failed"})
    return Reply(201, _gh_comment(server.state.say(int(words[0]), server.user or BOT, asked.body["body"])))


def _gh_edit_comment(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    if set(asked.body) != {"body"} or _too_long(asked.body["body"], 65_536):
        return Reply(422, {"message": "Validation Failed"})
    comment = next((one for one in server.state.comments if one["id"] == int(words[0])), None)
    if comment is None:
        return Reply(404, {"message": "Not Found"})
    comment["body"] = asked.body["body"]
    return Reply(200, _gh_comment(comment))


def _gh_issue(issue: Mapping[str, Any]) -> dict[str, Any]:
    state = "open" if issue["open"] else "closed"
    shown = {key: issue[key] for key in ("number", "title", "body")}
    pull = {"pull_request": {"url": "…"}} if issue.get("pull") else {}
    return {**shown, "state": state, "user": {"login": issue["author"]}, **pull}


def _gh_issues(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    found = [one for one in reversed(server.state.issues) if asked.query["labels"] in one["labels"]]
    if asked.query.get("state") != "all":
        found = [one for one in found if one["open"]]
    return server.listed(asked, [_gh_issue(one) for one in found])


def _gh_open_issue(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    if set(asked.body) != {"title", "body", "labels"} or _too_long(asked.body["body"], 65_536):
        return Reply(422, {"message": "Validation Failed"})
    made = server.state.file_issue(server.user or BOT, asked.body["title"], asked.body["body"], asked.body["labels"])
    return Reply(201, _gh_issue(made))


def _gh_edit_issue(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    if not set(asked.body) <= {"body", "state", "state_reason"} or asked.body["state"] not in {"open", "closed"}:
        return Reply(422, {"message": "Validation Failed"})
    issue = next(one for one in server.state.issues if one["number"] == int(words[0]))
    issue["body"], issue["open"] = asked.body["body"], asked.body["state"] == "open"
    return Reply(200, _gh_issue(issue))


def _gh_pulls(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    pulls = [
        {"number": number, "merged_at": "2026-11-02T09:00:00Z", "base": {"ref": "main"}}
        for number in server.state.merged.get(words[0], [])
    ]
    return server.listed(asked, pulls)


def _gh_artifacts(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    found = [
        {
            "id": one["id"],
            "name": one["name"],
            "expired": one.get("expired", False),
            "workflow_run": {
                "id": one["run"],
                "repository_id": 1,
                "head_repository_id": one.get("head_repository", 1),
                "head_branch": one["branch"],
            },
        }
        for one in server.state.artifacts
        if one["name"] == asked.query.get("name", one["name"])
    ]
    return server.listed(asked, found, "artifacts")


def _gh_run(server: ForgeServer, _asked: Asked, words: tuple[str, ...]) -> Reply:
    one = next(one for one in server.state.artifacts if one["run"] == int(words[0]))
    url = f"https://github.example/acme/netsuite/actions/runs/{one['run']}"
    return Reply(200, {"id": one["run"], "event": one["event"], "path": one["workflow"], "html_url": url})


def _gh_download(server: ForgeServer, _asked: Asked, words: tuple[str, ...]) -> Reply:
    return Reply(302, None, {"Location": f"{server.origin}/storage/{words[0]}"})


_HERE = f"/repos/{REPOSITORY}"
GITHUB: tuple[tuple[str, str, Handler], ...] = (
    # https://docs.github.com/en/rest/users/users#get-the-authenticated-user
    ("GET", "/user", _gh_user),
    # https://docs.github.com/en/rest/issues/comments
    ("GET", f"{_HERE}/issues/([0-9]+)/comments", _gh_comments),
    ("POST", f"{_HERE}/issues/([0-9]+)/comments", _gh_add_comment),
    ("PATCH", f"{_HERE}/issues/comments/([0-9]+)", _gh_edit_comment),
    # https://docs.github.com/en/rest/issues/issues
    ("GET", f"{_HERE}/issues", _gh_issues),
    ("POST", f"{_HERE}/issues", _gh_open_issue),
    ("PATCH", f"{_HERE}/issues/([0-9]+)", _gh_edit_issue),
    # https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
    ("GET", f"{_HERE}/commits/([0-9a-f]+)/pulls", _gh_pulls),
    # https://docs.github.com/en/rest/actions/artifacts
    ("GET", f"{_HERE}/actions/artifacts", _gh_artifacts),
    ("GET", f"{_HERE}/actions/artifacts/([0-9]+)/zip", _gh_download),
    # https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run
    ("GET", f"{_HERE}/actions/runs/([0-9]+)", _gh_run),
)


# GitLab


def _gl_user(server: ForgeServer, _asked: Asked, _words: tuple[str, ...]) -> Reply:
    return Reply(200, {"id": 42, "username": server.user or GITLAB_BOT})


def _gl_note(comment: Mapping[str, Any]) -> dict[str, Any]:
    author = {"id": 42, "username": comment["author"]}
    return {"id": comment["id"], "body": comment["body"], "author": author, "system": comment["system"]}


def _gl_notes(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    return server.listed(asked, [_gl_note(one) for one in server.state.on(int(words[0]))])


def _gl_add_note(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    if set(asked.body) != {"body"} or _too_long(asked.body["body"], 1_000_000):
        return Reply(400, {"message": "400 Bad request - Note is too long"})
    # GitLab takes a line that begins with a slash for a command.
    assert not re.search(r"^/", asked.body["body"], re.MULTILINE), "a quick action"
    return Reply(201, _gl_note(server.state.say(int(words[0]), server.user or GITLAB_BOT, asked.body["body"])))


def _gl_edit_note(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    comment = next(one for one in server.state.on(int(words[0])) if one["id"] == int(words[1]))
    comment["body"] = asked.body["body"]
    return Reply(200, _gl_note(comment))


def _gl_issue(issue: Mapping[str, Any]) -> dict[str, Any]:
    state = "opened" if issue["open"] else "closed"
    author = {"id": 42, "username": issue["author"]}
    return {"iid": issue["number"], "description": issue["body"], "state": state, "author": author}


def _gl_issues(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    found = [one for one in reversed(server.state.issues) if asked.query["labels"] in one["labels"]]
    return server.listed(asked, [_gl_issue(one) for one in found])


def _gl_open_issue(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    if set(asked.body) != {"title", "description", "labels"}:
        return Reply(400, {"message": "400 Bad request"})
    labels = asked.body["labels"].split(",")
    author = server.user or GITLAB_BOT
    return Reply(
        201, _gl_issue(server.state.file_issue(author, asked.body["title"], asked.body["description"], labels))
    )


def _gl_edit_issue(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    issue = next(one for one in server.state.issues if one["number"] == int(words[0]))
    issue["body"] = asked.body["description"]
    issue["open"] = {"close": False, "reopen": True}.get(asked.body.get("state_event", ""), issue["open"])
    return Reply(200, _gl_issue(issue))


def _gl_merged(server: ForgeServer, asked: Asked, words: tuple[str, ...]) -> Reply:
    found = [
        {"iid": number, "state": "merged", "target_branch": "main"} for number in server.state.merged.get(words[0], [])
    ]
    return server.listed(asked, found)


def _gl_jobs(server: ForgeServer, asked: Asked, _words: tuple[str, ...]) -> Reply:
    found = [
        {
            "id": one["id"],
            "name": one["name"],
            "ref": one["branch"],
            "tag": one.get("tag", False),
            "status": "success",
            "web_url": f"https://gitlab.example/acme/netsuite/-/jobs/{one['id']}",
            "pipeline": {"id": one["run"], "source": one["event"]},
            "artifacts_file": {"filename": "artifacts.zip", "size": len(one["content"])},
        }
        for one in server.state.artifacts
    ]
    return server.listed(asked, found)


def _gl_download(server: ForgeServer, _asked: Asked, words: tuple[str, ...]) -> Reply:
    one = next(one for one in server.state.artifacts if one["id"] == int(words[0]))
    if one.get("expired"):
        return Reply(404, {"message": "404 Not Found"})
    return Reply(302, None, {"Location": f"{server.origin}/storage/{words[0]}"})


_THERE = f"/projects/{PROJECT}"
GITLAB: tuple[tuple[str, str, Handler], ...] = (
    # https://docs.gitlab.com/api/users/#retrieve-the-current-user
    ("GET", "/user", _gl_user),
    # https://docs.gitlab.com/api/notes/#merge-requests
    ("GET", f"{_THERE}/merge_requests/([0-9]+)/notes", _gl_notes),
    ("POST", f"{_THERE}/merge_requests/([0-9]+)/notes", _gl_add_note),
    ("PUT", f"{_THERE}/merge_requests/([0-9]+)/notes/([0-9]+)", _gl_edit_note),
    # https://docs.gitlab.com/api/issues/
    ("GET", f"{_THERE}/issues", _gl_issues),
    ("POST", f"{_THERE}/issues", _gl_open_issue),
    ("PUT", f"{_THERE}/issues/([0-9]+)", _gl_edit_issue),
    # https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit
    ("GET", f"{_THERE}/repository/commits/([0-9a-f]+)/merge_requests", _gl_merged),
    # https://docs.gitlab.com/api/jobs/#list-all-jobs-for-a-project
    ("GET", f"{_THERE}/jobs", _gl_jobs),
    # https://docs.gitlab.com/api/job_artifacts/#download-job-artifacts-by-job-id
    ("GET", f"{_THERE}/jobs/([0-9]+)/artifacts", _gl_download),
)
