"""What a forge is for this tool: places for text that are found again, and plans that were approved earlier."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from reconciler.core.errors import ReconcilerError


class ForgeError(ReconcilerError):
    """The forge refused, or did not answer."""

    rule = "forge"
    summary = "The forge did not do it"


class UncertainError(ForgeError):
    """A request to create something was sent, and nothing tells whether it was created; look before trying again."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request, or a note on a merge request; `place` is how its forge finds it again."""

    place: str
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue; `number` is what people call it."""

    number: int
    author: str
    body: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """The files of one job that was let through to apply, by their names, and where a person finds that job."""

    files: dict[str, bytes]
    source: str


class Forge(Protocol):
    """One repository on a forge, as the job sees it that this runs in. Every method may raise ForgeError."""

    longest_body: int
    """Characters of a comment or an issue that the forge is sure to accept."""

    def author(self) -> str:
        """As whom this job writes."""
        ...

    def comments(self) -> Iterator[Comment]:
        """The comments on the pull request that this job is about."""
        ...

    def add_comment(self, body: str) -> None:
        """Add a comment there.

        Raises:
            UncertainError: it may be there.
        """
        ...

    def edit_comment(self, comment: Comment, body: str) -> None: ...

    def issues(self, label: str) -> Iterator[Issue]:
        """Open and closed issues with a label, newest first."""
        ...

    def open_issue(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number.

        Raises:
            UncertainError: it may be there.
        """
        ...

    def edit_issue(self, issue: Issue, body: str, *, is_open: bool) -> None: ...

    def comments_of_merged(self) -> Iterator[Comment]:
        """The comments on the merged pull requests that brought the commit this job runs on."""
        ...

    def approved(self) -> Iterator[Approved]:
        """What this pipeline was let through to apply on this branch, newest first, as far back as it is kept."""
        ...
