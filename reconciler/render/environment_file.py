"""What `import` found, as the sections of an environment file; live names are escaped, in comments too."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.core.desired import DesiredIntegration, PersonKey, PersonRef, PreviousOwner
from reconciler.core.evidence import length_shown
from reconciler.core.import_facts import ImportedEmployee, ImportedIntegration
from reconciler.core.importing import Imported
from reconciler.core.visible import visible
from reconciler.render.yaml_scalar import quoted, scalar

_WIDTH = 118
_OPEN = "TO DECIDE: "
# In a block of its own a colon without a blank behind it needs no quotes.
_REFERENCE = re.compile(r"env:[A-Z0-9_]+|file:/[A-Za-z0-9_./-]+")


def sections(imported: Imported) -> str:
    """`integrations` and `employees` as YAML text: equal facts give equal bytes.

    What a person has to decide is a comment that becomes an entry when its `# ` are taken away.
    """
    parts = [
        _section(
            "integrations",
            [(one.doubts, _integration(one)) for one in imported.integrations],
            [line for sentence in imported.left_out for line in _comment(f"Left out: {sentence}", "  ")],
        ),
        _section("employees", [(one.doubts, _employee(one)) for one in imported.employees]),
    ]
    return "\n".join(part for part in parts if part)


def head(netsuite: Mapping[str, object]) -> str:
    """The beginning of a file for an account, with its logins as references.

    Args:
        netsuite: the section, of texts, whole numbers and mappings of them.
    """
    schema = "# yaml-language-server: $schema=../schemas/environment.schema.json"
    return "\n".join([schema, "version: 1", "", "netsuite:", *_mapping(netsuite, "  ")]) + "\n"


def _mapping(values: Mapping[str, object], margin: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{margin}{key}:"
            yield from _mapping(value, f"{margin}  ")
        elif key == "account":
            # Always in quotes, for most are digits only.
            yield f"{margin}{key}: {quoted(str(value))}"
        else:
            text = str(value)
            yield f"{margin}{key}: {text if isinstance(value, int) or _REFERENCE.fullmatch(text) else scalar(text)}"


def _section(name: str, entries: Sequence[tuple[Sequence[str], list[str]]], notes: Sequence[str] = ()) -> str:
    """All of it stands below its heading, indented: so a later import knows what to put the next one in place of."""
    if not entries and not notes:
        return ""
    lines = list(notes)
    for doubts, entry in entries:
        lines += [""] if lines else []
        lines += [line for doubt in doubts for line in _comment(f"{_OPEN}{doubt}", "  ")]
        lines += [_as_comment(line) for line in entry] if doubts else entry
    # Without an entry the key would have no value at all.
    heading = f"# {name}:" if all(doubts for doubts, _ in entries) else f"{name}:"
    return "\n".join([heading, *lines]) + "\n"


def _as_comment(line: str) -> str:
    return f"  # {line[2:]}"


def _comment(text: str, margin: str) -> list[str]:
    """A comment, wrapped; nothing in it can end it, for every break is made visible first."""
    first = f"{margin}# "
    return textwrap.wrap(
        visible(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=f"{first}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _integration(one: ImportedIntegration) -> list[str]:
    told = one.tokens if one.doubts else one.found
    lines = [f"  {scalar(one.key)}:"]
    lines += [line for sentence in told for line in _comment(sentence, "    ")]
    lines.append(f"    application: {scalar(one.application)}")
    lines.append(f"    owner: {_person(one.owner) if one.owner else '…'}")
    lines.append(f"    token_role: {scalar(one.token_role) if one.token_role else '…'}")
    if one.required_roles:
        lines.append(f"    required_roles: {_list(map(scalar, one.required_roles))}")
    lines += _previous_owner(one)
    lines += _kept(one.known) if one.known else []
    if one.seen_within:
        lines.append(f"    seen_within: {length_shown(one.seen_within)}")
    return lines


def _previous_owner(one: ImportedIntegration) -> list[str]:
    if one.previous_owner is None:
        return []
    policy, why = one.previous_owner
    # The default is written where the file has it written already.
    if policy is PreviousOwner.RETIRE and not (one.known and "previous_owner" in one.known.positions):
        return []
    return [*(_comment(f"{why}.", "    ") if why else []), f"    previous_owner: {policy}"]


def _kept(known: DesiredIntegration) -> list[str]:
    """What no account shows, as the file has it."""
    lines = []
    if known.standby:
        lines.append(f"    standby: {_list(map(_person, known.standby))}")
    if known.token_not_before:
        lines.append(f"    token_not_before: {known.token_not_before}")
    if "quiet_period" in known.positions:
        lines.append(f"    quiet_period: {length_shown(known.quiet_period)}")
    return lines


def _employee(one: ImportedEmployee) -> list[str]:
    return [
        f"  {scalar(one.key)}:",
        f"    active: {str(one.active).lower()}",
        f"    access: {str(one.access).lower()}",
        "    roles:",
        f"      exactly: {_list(map(scalar, one.roles))}",
    ]


def _person(ref: PersonRef) -> str:
    return scalar(ref.value) if ref.by is PersonKey.EMAIL else f"{{{ref.by}: {quoted(ref.value)}}}"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"
