"""`forge`: what a pipeline puts onto its forge, and what it fetches from there."""

import os
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import say
from reconciler.cli.writing import write_whole
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.errors import StalePlanError, UsageError
from reconciler.core.plan import Plan
from reconciler.core.visible import visible
from reconciler.render.escaping import markdown
from reconciler.render.marker import marked_for, marker
from reconciler.wiring.configuration import find_environments
from reconciler.wiring.forge import forge_of, upsert_comments, upsert_issue
from reconciler.wiring.saved_plan import saved_plans

TITLE: Final = "NetSuite differs from what is declared"
LABEL: Final = "reconciler-drift"
_MARK: Final = "<!-- reconciler-drift -->"
_DIGEST: Final = re.compile(r"<!-- reconciler-plan: (sha256:[0-9a-f]{64}) -->")
_LARGEST: Final = 4 * 1024 * 1024
_MOST_APPROVALS: Final = 50
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.json")


def comment(folder: Path, exit_code: int) -> ExitCode:
    """One comment for each environment of the folder, edited in place; those of other environments are outdated."""
    bodies = dict(_bodies(folder))
    why = "this change no longer touches it" if exit_code == ExitCode.OK else "not planned: see the log of the check"
    done = upsert_comments(forge_of(os.environ), bodies, marked_for, partial(_outdated, why))
    for name, what in done.items():
        say(f"Comment on {visible(name)}: {what}.")
    return ExitCode.OK


def _bodies(folder: Path) -> Iterator[tuple[str, str]]:
    """The comments that `plan --output markdown=FOLDER/{environment}.md` wrote, each with the checksum of its plan."""
    for file in _files(folder, "*.md"):
        text = _text(file)
        name = marked_for(text)
        if name is None:
            raise UsageError(f"{file} is no comment of this tool.", hint="plan --output markdown=… writes some")
        saved = file.with_suffix(".json")
        plans = _plans([saved]) if saved.exists() else []
        digests = "".join(f"<!-- reconciler-plan: {plan.digest} -->\n" for plan in plans if plan.environment == name)
        head, _, mark = text.rstrip().rpartition("\n")
        yield name, f"{head}\n{digests}{mark}\n"


def _outdated(why: str, name: str) -> str:
    return f"**{markdown(visible(name))}**: {why}.\n\n{marker(name)}\n"


def issue(file: Path, exit_code: int) -> ExitCode:
    """One issue that tells of drift; opened and edited as needed, closed by a complete clean run alone."""
    settled = exit_code == ExitCode.OK
    waiting = exit_code == ExitCode.WAITING
    told = _text(file).rstrip()
    written = upsert_issue(
        forge_of(os.environ),
        TITLE,
        LABEL,
        f"{_headline(exit_code)}\n\n{told}\n\n{_MARK}\n",
        _MARK,
        needed=not settled and not waiting,
        settled=settled,
    )
    say(f"Issue: {written}.")
    return ExitCode.OK


def _headline(code: int) -> str:
    known: dict[int, str] = {
        ExitCode.OK: "Everything is as declared. This issue opens again when that changes.",
        ExitCode.CHANGES: "An account differs from what is declared.",
        ExitCode.WAITING: "Only handovers that are under way differ; they wait for people or time.",
        ExitCode.NO_ACCESS: "Something could not be read, so nobody can say whether accounts are as declared.",
        ExitCode.INVALID: "A file is invalid or does not fit its account, so it cannot be compared.",
    }
    return known.get(code, f"The comparison failed (exit code {code}), so nobody can say how accounts are.")


def reviewed(folder: Path) -> ExitCode:
    """Whether the plans of a folder are those that were shown on the merged pull request.

    Raises:
        StalePlanError: one is not.
    """
    plans = [plan for plan in _plans(_files(folder, "*.json")) if plan.changes]
    if not plans:
        say("No plan changes anything, so there is nothing that had to be reviewed.")
        return ExitCode.OK
    forge = forge_of(os.environ)
    author = forge.author()
    shown: dict[str, set[str]] = {}
    for one in forge.comments_of_merged():
        name = marked_for(one.body) if one.author == author else None
        if name is not None:
            shown.setdefault(name, set()).update(_DIGEST.findall(one.body))
    if wrong := [problem for plan in plans if (problem := _not_reviewed(plan, shown))]:
        raise StalePlanError(tuple(wrong))
    for plan in plans:
        say(f"{plan.environment}: this is the plan that was reviewed.")
    return ExitCode.OK


def _not_reviewed(plan: Plan, shown: dict[str, set[str]]) -> Diagnostic | None:
    digests = shown.get(plan.environment)
    if digests is not None and plan.digest in digests:
        return None
    detail = (
        f"No plan of {plan.environment} was shown on the pull request that was merged."
        if not digests
        else f"The plan of {plan.environment} is not the one shown on the pull request: a fact or a guard moved."
    )
    hint = "read the new plan, then start the workflow by hand to approve it"
    return Diagnostic(Severity.ERROR, "not-reviewed", "This plan was not reviewed", detail, hint=hint)


def approved(folder: Path, environments: Path) -> ExitCode:
    """Write the newest plan that was let through for each environment, and say which have none."""
    wanted = {path.stem for path in find_environments([], environments)}
    written: dict[str, bytes] = {}
    for one in islice(forge_of(os.environ).approved(), _MOST_APPROVALS):
        for file, content in one.files.items():
            name = file.removesuffix(".json")
            if _NAME.fullmatch(file) and name in wanted and name not in written:
                written[name] = content
                say(f"{name}: approved in {visible(one.source)}")
        if wanted <= written.keys():
            break
    for name in sorted(wanted - written.keys()):
        say(f"{name}: nothing was approved, as far back as the forge keeps it.")
    _made(folder)
    for name in sorted(written):
        write_whole(folder / f"{name}.json", written[name].decode("utf-8", "replace"))
    return ExitCode.OK


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def _files(folder: Path, pattern: str) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", hint="plan --output json=FOLDER/{environment}.json fills one")
    return sorted(file for file in folder.glob(pattern) if file.is_file())


def _plans(files: list[Path]) -> list[Plan]:
    return [plan for file in files for plan in saved_plans(file)]


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file} is larger than any comment.")
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{file} cannot be read: {why}.") from error
