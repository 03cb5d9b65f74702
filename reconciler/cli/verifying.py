"""`verify`: who is really at work in each environment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from reconciler.cli.attempt import Attempt, Shape, attempted, parts, shown
from reconciler.cli.exit_codes import ExitCode, of_verification
from reconciler.cli.formats import VERIFY, Format
from reconciler.cli.lengths import length
from reconciler.cli.output import parse_outputs, require_places
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.side_by_side import side_by_side, target
from reconciler.cli.surroundings import sources
from reconciler.core.errors import UsageError
from reconciler.core.verification import REACH, Verification
from reconciler.inspection import verified
from reconciler.render.sources import Sources
from reconciler.render.verification import verification_document, verification_to_text
from reconciler.render.verification_pages import verification_to_html, verification_to_markdown
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Loaded, load


def run(
    names: Sequence[str], folder: Path, output: Sequence[str], *, since: str, detailed: bool, link_base: str | None
) -> ExitCode:
    """Look, show, and return the code of the worst that was found."""
    looked_back = _looked_back(since)
    outputs = parse_outputs(output, VERIFY)
    pages = _pages(sources(link_base))
    loaded = load(names, folder)
    require_places(outputs, [path.stem for path, _ in loaded])

    def attempt(one: tuple[Path, Loaded]) -> Attempt[Verification]:
        return attempted(
            target(*one),
            lambda: _verified(*one, looked_back),
            lambda found: of_verification(found, detailed=detailed),
        )

    shape = Shape(verification_to_text, verification_document, pages)
    return shown(side_by_side(loaded, attempt), outputs, shape)


def _pages(found_in: Sources) -> Mapping[Format, Callable[[Sequence[Attempt[Verification]]], str]]:
    return {
        Format.MARKDOWN: lambda chosen: verification_to_markdown(parts(chosen)),
        Format.HTML: lambda chosen: verification_to_html(parts(chosen), found_in),
    }


def _looked_back(text: str) -> timedelta:
    """The length of the option.

    Raises:
        UsageError: it is none, nothing, or longer than logins are read.
    """
    found = length("--since", text)
    if not timedelta() < found <= REACH:
        raise UsageError(f"--since {text} is out of range.", hint=f"write a length up to {REACH.days}d")
    return found


def _verified(path: Path, loaded: Loaded, looked_back: timedelta) -> Verification:
    environment = usable(loaded)
    with session(environment, surroundings(path)) as access:
        return verified(environment.desired, access.reader, looked_back)
