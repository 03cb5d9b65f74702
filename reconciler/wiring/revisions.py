"""Environment files against another revision: which of them changed, and with whose settings they are planned."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.config.environment import Loaded, environment_of
from reconciler.config.extends import Extended, read_extended
from reconciler.config.pipeline_files import is_pipeline_file, pipeline_changes, pipeline_files
from reconciler.config.rules import problem
from reconciler.config.source import RealPaths
from reconciler.config.trusted import sensitive_changes, with_settings_of
from reconciler.core.diagnostics import Diagnostic, Position, Severity, has_errors
from reconciler.core.errors import ConfigurationError, UsageError
from reconciler.core.visible import visible
from reconciler.revisions import Repository
from reconciler.wiring.configuration import repository_root

Files = Sequence[tuple[Path, Loaded]]
_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class Changed:
    """The environments whose effective configuration differs from an earlier one, and the names of those gone since."""

    files: tuple[tuple[Path, Loaded], ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trusted:
    """An environment with settings that its own file does not decide.

    `warnings` tell what the file would change of what the tool rests on. `refusal` says why it is not planned.
    """

    path: Path
    loaded: Loaded
    warnings: tuple[Diagnostic, ...] = ()
    refusal: Diagnostic | None = None


def changed_since(files: Files, folder: Path, revision: str, *, named: bool) -> Changed:
    """The files whose configuration, with all that they extend, changed since the work tree left a revision.

    Comments, order and form do not count, nor does moving a key into a base. What cannot be read on one side counts as
    changed.

    Args:
        files: the environments to choose from, as they are in the work tree.
        folder: where environments lie.
        revision: a name that git knows.
        named: the environments were chosen by name, so that others are not missed.

    Raises:
        UsageError: there is no such revision, or a file lies in no checkout.
        RevisionError: git cannot be asked.
    """
    chosen: set[Path] = set()
    removed: list[str] = []
    for repository, own in _by_repository(files).items():
        with repository.exported(repository.fork_point(revision), _is_yaml) as then:
            chosen |= {path for path, _ in own if _differs(path, repository.root, then)}
            if not named:
                removed += _removed(repository, folder, then)
    return Changed(tuple(item for item in files if item[0] in chosen), tuple(sorted(removed)))


def trusting(files: Files, revision: str) -> tuple[Trusted, ...]:
    """The files with the login, guards, waivers and store that a trusted revision has for them.

    Args:
        files: the environments as they are in the work tree.
        revision: a name that git knows, as a rule of the branch that a pull request goes to.

    Raises:
        UsageError: there is no such revision, or a file lies in no checkout.
        RevisionError: git cannot be asked.
    """
    found: dict[Path, Trusted] = {}
    for repository, own in _by_repository(files).items():
        tip, fork = repository.commit(revision), repository.fork_point(revision)
        about_pipeline = _pipeline_changes(repository, fork)
        with repository.exported(tip, _is_yaml) as trusted, repository.exported(fork, _is_yaml) as before:
            for path, one in own:
                found[path] = _trusted(path, one, revision, (repository, trusted, before), about_pipeline)
    return tuple(found[path] for path, _ in files)


def _by_repository(files: Files) -> Mapping[Repository, Files]:
    found: dict[Repository, list[tuple[Path, Loaded]]] = {}
    for path, one in files:
        found.setdefault(_repository(path), []).append((path, one))
    return found


def pipeline_warnings(folder: Path, revision: str) -> tuple[Diagnostic, ...]:
    """What the work tree changes of how the tool is run; for when no environment is there to say it with."""
    repository = _repository(folder / _SUFFIX)
    return _pipeline_changes(repository, repository.fork_point(revision))


def _trusted(
    path: Path,
    loaded: Loaded,
    revision: str,
    revisions: tuple[Repository, Path, Path],
    about_pipeline: tuple[Diagnostic, ...],
) -> Trusted:
    repository, trusted, before = revisions
    proposed = _read(path, repository.root)
    if loaded.environment is None or proposed is None:
        return Trusted(path, loaded, about_pipeline)
    settings = _at(trusted, path, repository.root)
    if settings is None:
        return Trusted(path, loaded, about_pipeline, _new(path, revision))
    shown = visible(revision)
    if errors := [item for item in settings.diagnostics if item.severity is Severity.ERROR] or (
        [] if settings.whole else [problem("base-not-found", "It extends what is not there.", position=None)]
    ):
        raise ConfigurationError(tuple(_unusable(path, shown, item, trusted) for item in errors))
    old = _at(before, path, repository.root)
    own = sensitive_changes(old.document, proposed.document) if old else iter(())
    warnings = (*about_pipeline, *own)
    planned = environment_of(with_settings_of(settings, proposed), path)
    if has_errors(planned.diagnostics):
        refused = [_unusable(path, shown, item, trusted) for item in planned.diagnostics]
        return Trusted(path, Loaded(None, tuple(refused)), warnings)
    return Trusted(path, planned, warnings)


def _new(path: Path, revision: str) -> Diagnostic:
    detail = (
        f"{visible(revision)} does not have this file, so there is no login and no guard for it that can be trusted "
        "yet. It was validated, and is planned once it is merged."
    )
    return problem("no-trusted-settings", detail, position=Position(str(path), 1, 1), severity=Severity.INFO)


def _unusable(path: Path, revision: str, item: Diagnostic, folder: Path) -> Diagnostic:
    where = f"{item.position}: ".replace(f"{folder}/", "") if item.position else ""
    detail = f"With netsuite, guards, waivers and store as {revision} has them: {where}{item.detail}"
    position = Position(str(path), 1, 1)
    return problem("unusable-trusted-settings", detail, position=position, address=item.address, hint=item.hint)


def _pipeline_changes(repository: Repository, fork: str) -> tuple[Diagnostic, ...]:
    before = repository.contents(fork, is_pipeline_file)
    found = pipeline_changes(before, pipeline_files(repository.root))
    # Positions are as the user's own paths are: seen from where the command is called.
    return tuple(replace(item, position=_seen_from_here(item.position, repository.root)) for item in found)


def _seen_from_here(position: Position | None, root: Path) -> Position | None:
    if position is None:
        return None
    whole = root / position.file
    here = Path.cwd()
    return replace(position, file=str(whole.relative_to(here) if whole.is_relative_to(here) else whole))


def _differs(path: Path, root: Path, folder: Path) -> bool:
    now, then = _read(path, root), _at(folder, path, root)
    if now is None or then is None:
        return True
    effective = _effective(now)
    return effective is None or effective != _effective(then)


def _effective(extended: Extended) -> str | None:
    if not extended.whole or has_errors(extended.diagnostics) or not extended.document.readable:
        return None
    return json.dumps(extended.document.value, sort_keys=True)


def _at(folder: Path, path: Path, root: Path) -> Extended | None:
    there = folder / _from_root(path, root)
    return _read(there, folder) if there.is_symlink() or there.exists() else None


def _read(path: Path, root: Path) -> Extended | None:
    found = read_extended(path, root, RealPaths())
    return found if isinstance(found, Extended) and isinstance(found.document.value, dict) else None


def _removed(repository: Repository, folder: Path, then: Path) -> Iterator[str]:
    earlier = then / _from_root(folder / _SUFFIX, repository.root).parent
    for path in sorted(earlier.glob(f"*{_SUFFIX}")):
        if not (folder / path.name).exists():
            yield path.stem


def _repository(path: Path) -> Repository:
    return Repository(repository_root(path).resolve())


def _from_root(path: Path, root: Path) -> Path:
    whole = Path(path.parent.resolve(), path.name)
    if not whole.is_relative_to(root):
        raise UsageError(f"{path} lies in no git checkout.", hint="revisions are of files in the repository")
    return whole.relative_to(root)


def _is_yaml(path: str) -> bool:
    return path.endswith(_SUFFIX)
