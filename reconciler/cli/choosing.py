"""Which environments are planned, and on what beside the work tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.cli.output import say, say_all
from reconciler.cli.side_by_side import account_of
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.shard import Shard
from reconciler.core.visible import visible
from reconciler.wiring.configuration import Loaded, load


@dataclass(frozen=True, slots=True)
class Choice:
    """Which environments are planned, and on what beside the work tree.

    Args:
        since: those alone that changed since a git revision.
        trusted: the revision whose login and guards are taken.
        emulated: also those of the embedded emulator, which in a pipeline begins anew with each job.
        shard: one part of them alone, for a job among several.
    """

    since: str | None = None
    trusted: str | None = None
    emulated: bool = True
    shard: Shard | None = None


EVERYTHING: Final = Choice()


def choice_of(
    *, since: str | None = None, trusted: str | None = None, emulated: bool = True, shard: str | None = None
) -> Choice:
    """The choice that options make.

    Raises:
        UsageError: the shard names no part.
    """
    return Choice(since, trusted, emulated=emulated, shard=None if shard is None else Shard.parsed(shard))


@dataclass(frozen=True, slots=True)
class Subject:
    """An environment that shall be planned; `warnings` stand in its plan, `refusal` says why there is none."""

    path: Path
    loaded: Loaded
    warnings: tuple[Diagnostic, ...] = ()
    refusal: Diagnostic | None = None


def subjects_of(names: Sequence[str], folder: Path, choice: Choice) -> tuple[Sequence[Subject], tuple[Diagnostic, ...]]:
    """What is to be planned, in the order of the names or of the folder; and what no plan will tell."""
    loaded = load(names, folder)
    if not choice.emulated:
        left_out = [path.stem for path, one in loaded if one.environment and one.environment.desired.emulator]
        loaded = tuple(one for one in loaded if one[0].stem not in left_out)
        for name in left_out:
            say(f"{name} is left out: it is an emulator.")
    if choice.shard is not None:
        loaded = tuple(choice.shard.part(loaded, lambda one: account_of(*one)))
        if not loaded:
            say("No environment falls to this shard.")
    besides: tuple[Diagnostic, ...] = ()
    if choice.since is None and choice.trusted is None:
        return [Subject(*one) for one in loaded], besides
    from reconciler.wiring.revisions import changed_since, pipeline_warnings, trusting  # noqa: PLC0415  starts git

    if choice.since is not None:
        changed = changed_since(loaded, folder, choice.since, named=bool(names))
        for gone in changed.removed:
            say(f"{gone} is no longer declared: nothing is planned for it, and nothing is revoked.")
        if not changed.files:
            say(f"No environment differs from what it was at {visible(choice.since)}.")
            besides = pipeline_warnings(folder, choice.since)
            say_all(besides)
        loaded = changed.files
    if choice.trusted is None:
        return [Subject(*one) for one in loaded], besides
    trusted = trusting(loaded, choice.trusted)
    return [Subject(one.path, one.loaded, one.warnings, one.refusal) for one in trusted], besides
