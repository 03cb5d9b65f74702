"""The keys of the schema that nothing carries out yet: whoever declares one is told, so that nothing is ignored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from reconciler.config.rules import address_of, problem
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, Severity

Path = tuple[str | int, ...]


def _always(_value: Any) -> bool:
    return True


def _is_oauth2(value: Any) -> bool:
    return isinstance(value, dict) and value.get("method") == "oauth2"


def _by_external_id(value: Any) -> bool:
    return isinstance(value, dict) and "external_id" in value


@dataclass(frozen=True, slots=True)
class _Missing:
    """A path of keys, where `*` stands for any, which of its values are meant, and what is not done."""

    path: tuple[str, ...]
    what: str
    when: Callable[[Any], bool] = _always


_EXTERNAL_ID: Final = "Finding people by external id is not built yet; name them by e-mail or entity id."
_OAUTH2: Final = "Logging in with OAuth 2.0 is not built yet; use method: tba."

# To carry one of these out, delete its line.
NOT_CARRIED_OUT: Final = (
    _Missing(("extends",), "Taking keys over from other files is not built yet; this file is read alone."),
    _Missing(("store",), "Lock and journal stay in the folder .reconciler; choosing another place is not built yet."),
    _Missing(("employees",), "Managing access beyond token ownership is not built yet; it is only checked."),
    _Missing(("review",), "The access review is not built yet."),
    _Missing(("waivers",), "The access review, and with it waivers, is not built yet."),
    _Missing(("netsuite", "login"), _OAUTH2, _is_oauth2),
    _Missing(("netsuite", "apply_login"), _OAUTH2, _is_oauth2),
    _Missing(("netsuite", "login", "acts_as", "employee"), _EXTERNAL_ID, _by_external_id),
    _Missing(("netsuite", "apply_login", "acts_as", "employee"), _EXTERNAL_ID, _by_external_id),
    _Missing(("integrations", "*", "owner"), _EXTERNAL_ID, _by_external_id),
    _Missing(("integrations", "*", "standby", "*"), _EXTERNAL_ID, _by_external_id),
    _Missing(("guards", "protected_employees", "*"), _EXTERNAL_ID, _by_external_id),
)


def not_carried_out(document: Document) -> Iterator[Diagnostic]:
    """A warning for each declared key that this version does not carry out."""
    for missing in NOT_CARRIED_OUT:
        for path, value in _found(document.value, missing.path, ()):
            if missing.when(value):
                yield problem(
                    "not-carried-out",
                    missing.what,
                    position=document.at_key(*path),
                    address=address_of(path),
                    severity=Severity.WARNING,
                )


def _found(value: Any, wanted: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if not wanted:
        yield path, value
        return
    key, *rest = wanted
    entries: dict[str | int, Any] = value if isinstance(value, dict) else {}
    if isinstance(value, list) and key == "*":
        entries = dict(enumerate(value))
    for name in entries if key == "*" else [key] if key in entries else []:
        yield from _found(entries[name], tuple(rest), (*path, name))
