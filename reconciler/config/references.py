"""References to secrets: how they are written, where they may point, and how one becomes a secret.

Files in a pull request are not trusted, so a reference cannot name any variable or file of the machine: variables
begin with NETSUITE_ or RECONCILER_, files lie under /run/secrets (where container platforms put them) or inside the
repository. Whatever is refused is not repeated, because a pasted secret is the likeliest reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from reconciler.core.diagnostics import Position
from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret

SECRETS_FOLDER: Final = Path("/run/secrets")
_MAX_BYTES: Final = 64 * 1024
_ENV = re.compile(r"env:((?:NETSUITE|RECONCILER)_[A-Z0-9_]+)")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_LINES = re.compile(r"[\x20-\x7e\r\n\t]+")
_EXAMPLE: Final = "write env:NETSUITE_… or file:/run/secrets/…, and put the secret itself there"


class ReferenceKind(StrEnum):
    ENV = "env"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret is found: the name of a variable, or the path of a file."""

    kind: ReferenceKind
    name: str
    position: Position

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is not accepted: the rule, what is wrong, and what to do."""

    rule: str
    detail: str
    hint: str


def parse_reference(text: str, position: Position) -> Reference | Refusal:
    """The reference that a text is, or why it is none; the refusal never repeats the text."""
    if match := _ENV.fullmatch(text):
        return Reference(ReferenceKind.ENV, match[1], position)
    if text.startswith("env:"):
        detail = "A variable's name begins with NETSUITE_ or RECONCILER_ and holds only A to Z, digits and underscores."
        return Refusal("untrusted-reference", detail, "rename the variable, for example env:NETSUITE_TOKEN_SECRET")
    if text.startswith("file:"):
        return _file(text.removeprefix("file:"), position)
    return Refusal("literal-secret", "Here belongs a reference to a secret, never the secret itself.", _EXAMPLE)


def _file(name: str, position: Position) -> Reference | Refusal:
    path = Path(name)
    plain = _PRINTABLE.fullmatch(name) and not name.startswith("~") and "\\" not in name and name == name.strip()
    if not plain or ".." in path.parts or not path.name:
        detail = "The path is not plain: no .., no ~, no backslash, no control characters."
    elif path.is_absolute() and SECRETS_FOLDER not in path.parents:
        detail = f"An absolute path lies under {SECRETS_FOLDER}; any other is relative to the repository."
    else:
        return Reference(ReferenceKind.FILE, name, position)
    return Refusal("untrusted-reference", detail, f"put the file under {SECRETS_FOLDER}, or use env:NETSUITE_…")


def resolve(
    reference: Reference, environ: Mapping[str, str], root: Path, *, secrets_folder: Path = SECRETS_FOLDER
) -> Secret:
    """The secret that a reference points to, without one line feed at the end of a file.

    Args:
        reference: from `parse_reference`.
        environ: the variables of the process.
        root: the root of the repository.
        secrets_folder: the only folder outside the repository that is read.

    Raises:
        CredentialError: it is unset, empty, unreadable or not plain ASCII; the message names the reference and its
            place, never the value.
    """
    value = _found(reference, environ, root, secrets_folder)
    if not _PRINTABLE.fullmatch(value):
        hint = "look for a line break, a tab or a letter that is not ASCII"
        raise _unusable(reference, "holds a character that no credential has", hint)
    return Secret(value)


def resolve_key(
    reference: Reference, environ: Mapping[str, str], root: Path, *, secrets_folder: Path = SECRETS_FOLDER
) -> Secret:
    r"""The text of a private key in PEM form, the one kind of secret that has several lines.

    Where a variable can hold one line only, each line break may be written as the two characters \n. The arguments are
    those of `resolve`.

    Raises:
        CredentialError: as for `resolve`; whether the text is a key, and a good one, is judged where it is used.
    """
    value = _found(reference, environ, root, secrets_folder)
    if not _LINES.fullmatch(value):
        hint = "a key in PEM form begins with -----BEGIN and holds ASCII only; a key in DER form has to be converted"
        raise _unusable(reference, "holds a character that no key in PEM form has", hint)
    if "\n" not in value.strip():
        value = value.replace("\\r", "").replace("\\n", "\n")
    return Secret(value.replace("\r\n", "\n"))


def _found(reference: Reference, environ: Mapping[str, str], root: Path, secrets_folder: Path) -> str:
    """What stands there, unless that is nothing."""
    if reference.kind is ReferenceKind.ENV:
        value = environ.get(reference.name)
        if value is None:
            raise _unusable(reference, "is not set", f"set the variable {reference.name}")
    else:
        value = _read(reference, root, secrets_folder)
    if not value.strip():
        raise _unusable(reference, "is empty", "put the secret there")
    return value


def _read(reference: Reference, root: Path, secrets_folder: Path) -> str:
    path = Path(reference.name)
    if path.is_absolute():
        folder, path = secrets_folder, secrets_folder / path.relative_to(SECRETS_FOLDER)
    else:
        folder, path = root, root / path
    try:
        real = path.resolve(strict=True)
        # A link is judged by where it leads, or a pull request could point it anywhere.
        if not real.is_relative_to(folder.resolve()):
            raise _unusable(reference, "leads out of the folder it may lie in", "put the file itself there, not a link")
        if not real.is_file():
            raise _unusable(reference, "is not a file", "name a file")
        with real.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        raise _unusable(reference, f"cannot be read: {reason}", "check the path and its permissions") from None
    if len(data) > _MAX_BYTES:
        raise _unusable(reference, "is too large for a credential", "name the file that holds only the secret")
    # Whatever is not ASCII becomes a character that the caller refuses.
    return data.decode("ascii", errors="replace").removesuffix("\n").removesuffix("\r")


def _unusable(reference: Reference, what: str, hint: str) -> CredentialError:
    return CredentialError(f"{reference.position}: {reference} {what}", hint=hint)
