"""What a pull request, its pipeline and its forge tell."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry

FORGE: Final = (
    Entry(
        "no-trusted-settings",
        Severity.INFO,
        "New environment, not planned",
        "The branch that a pull request wants to change does not have this file yet, so there is no "
        "login and no guard for it that anybody reviewed.",
        "A pull request must not decide where a login leads. The file was validated, and is planned once it is merged.",
        "Review the file as you would the tool itself; after the merge read its first plan.",
        ("docs/github.md#why-it-is-safe",),
    ),
    Entry(
        "unusable-trusted-settings",
        Severity.ERROR,
        "Trusted settings cannot be used",
        "With `netsuite`, `guards`, `waivers` and `store` as the target branch has them, the proposed "
        "file is not valid.",
        "Those settings protect the account from the change under review, so they are never taken from it.",
        "Change the settings first, in a pull request of its own, or make the proposal fit them.",
        ("docs/github.md#why-it-is-safe",),
    ),
    Entry(
        "not-reviewed",
        Severity.ERROR,
        "This plan was not reviewed",
        "The plan made after the merge is not the one shown on the pull request, or none was shown "
        "(exit code 6): a fact or a guard moved meanwhile, or the environment is new.",
        "What reviewers saw is what may be applied by itself.",
        "Read the new plan, then start the workflow by hand to approve it.",
        ("docs/github.md#from-the-review-to-the-account",),
    ),
    Entry(
        "revision",
        Severity.ERROR,
        "Git does not answer",
        "Git could not be asked about a commit: the checkout holds only a part of the history, git is "
        "missing, or the folder is no repository.",
        "Without the state before a change nobody can tell what it changes.",
        "Check out the whole history: `fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab.",
        (
            "docs/github.md#set-up",
            "docs/gitlab.md",
        ),
    ),
    Entry(
        "forge",
        Severity.ERROR,
        "The forge did not do it",
        "GitHub or GitLab refused a request or did not answer.",
        "A comment or an approval may be missing. What was applied is not changed by it.",
        "Check what the job's token may do, then start the job again: a comment that is there already is updated.",
        (
            "docs/github.md#set-up",
            "docs/gitlab.md",
        ),
    ),
)
