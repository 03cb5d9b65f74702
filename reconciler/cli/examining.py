"""`doctor`: what is there and what is missing in an account, without writing to it."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.attempt import Shape, attempted, shown
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import parse_outputs, require_places, say
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.side_by_side import target
from reconciler.cli.writing import require_writable, write_whole
from reconciler.core.diagnosis import Diagnosis, diagnosis
from reconciler.core.errors import UsageError
from reconciler.core.examination import LoginLook
from reconciler.core.live import ADMINISTRATOR
from reconciler.core.profiles import Profile
from reconciler.render.diagnosis import diagnosis_document, diagnosis_to_text, report_document
from reconciler.render.to_json import to_json
from reconciler.wiring.configuration import Environment, Loaded, load
from reconciler.wiring.examining import examined

_ADMINISTRATOR = "Administrator"


def run(name: str, folder: Path, output: Sequence[str], *, profile: str | None, report: Path | None) -> ExitCode:
    """Look, show, write the report; 4 when something is missing for the profile, or cannot be told."""
    wanted = _profile(profile)
    outputs = parse_outputs(output)
    ((path, loaded),) = load([name], folder)
    require_places(outputs, [path.stem])
    if report is not None:
        require_writable(report)
    attempt = attempted(target(path, loaded), lambda: _diagnosed(path, loaded, wanted), _code)
    if attempt.result is not None and report is not None:
        write_whole(report, to_json([report_document(attempt.result)]))
        say(f"Wrote {report}: it holds no name, no id and no text of the account.")
    return shown([attempt], outputs, Shape(diagnosis_to_text, diagnosis_document))


def _profile(name: str | None) -> Profile | None:
    if name is None:
        return None
    try:
        return Profile(name)
    except ValueError:
        raise UsageError(f'There is no profile "{name}".', hint=f"profiles are {', '.join(Profile)}") from None


def _diagnosed(path: Path, loaded: Loaded, wanted: Profile | None) -> Diagnosis:
    environment = usable(loaded)
    found = examined(environment, surroundings(path))
    return diagnosis(found, wanted or _asked_for(environment, found.apply_login))


def _asked_for(environment: Environment, look: LoginLook | None) -> Profile:
    """What the file's logins are for, where nobody says; where a login does not show its role, as it is declared."""
    if look is None:
        return Profile.LOOK
    writer = environment.desired.writer
    declared = look.role_id is None and writer is not None and writer.role == _ADMINISTRATOR
    return Profile.OWNER if declared or look.role_id == ADMINISTRATOR else Profile.PEOPLE


def _code(found: Diagnosis) -> ExitCode:
    """As of any command: without an answer it failed, and nobody refused anything."""
    if found.unanswered:
        return ExitCode.FAILED
    return ExitCode.OK if found.ready else ExitCode.NO_ACCESS
