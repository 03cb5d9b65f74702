"""How a file can name what an account has: the shortest name that means it and nothing else."""

import re
from typing import Final

from reconciler.core.desired import PersonKey, PersonRef
from reconciler.core.directory import Directory
from reconciler.core.live import Employee, Role
from reconciler.core.visible import FORBIDDEN

# The forms that schemas/environment.schema.json allows; a test compares.
NAME: Final = r"[^\s](.*[^\s])?"
EMAIL: Final = r"[^\s@\"'<>,;:()\[\]\\]+@[^\s@\"'<>,;:()\[\]\\]+\.[^\s@\"'<>,;:()\[\]\\]+"
LONGEST_NAME: Final = 200
LONGEST_PERSON: Final = 254
LONGEST_ADDRESS: Final = 64


def can_be_written(name: str) -> bool:
    """Whether a name may stand in a file at all."""
    fits = 0 < len(name) <= LONGEST_NAME and re.fullmatch(NAME, name) is not None
    return fits and FORBIDDEN.search(name) is None


def names_of(person: Employee) -> tuple[PersonRef, ...]:
    """What a file could call a person, the usual name first; whether it is theirs alone is another question."""
    found: list[PersonRef] = []
    email = person.email or ""
    if len(email) <= LONGEST_PERSON and re.fullmatch(EMAIL, email) and FORBIDDEN.search(email) is None:
        found.append(PersonRef(PersonKey.EMAIL, email))
    for kind, value in ((PersonKey.EXTERNAL_ID, person.external_id), (PersonKey.ENTITY_ID, person.entity_id)):
        if value and can_be_written(value):
            found.append(PersonRef(kind, value))
    return tuple(found)


def name_of_person(person: Employee, directory: Directory) -> PersonRef | None:
    """The first name that means this person and no other active one; None where there is none."""
    return next((ref for ref in names_of(person) if directory.active_people(ref) == [person]), None)


def name_of_role(role: Role, directory: Directory) -> str | None:
    """The role's name, else its script id, whichever means this role and no other active one."""
    candidates = (name for name in (role.name, role.script_id or "") if can_be_written(name))
    return next((name for name in candidates if directory.active_roles(name) == [role]), None)


def address_of(application: str) -> str:
    """A key for an application: its letters and digits in lower case; `application` where it has none."""
    words = re.findall(r"[a-z0-9]+", application.casefold())
    return "-".join(words)[:LONGEST_ADDRESS].rstrip("-") or "application"
