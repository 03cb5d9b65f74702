"""What a body asks of an employee: read, checked, and not yet carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Value
from reconciler.emulator.employee_changes import name_of
from reconciler.emulator.employee_fields import (
    BY_NAME,
    GIVE_ACCESS,
    READ_ONLY,
    ROLE_LINE,
    ROLES,
    Field,
    Kind,
    is_kept_elsewhere,
)
from reconciler.emulator.employee_values import (
    ValueSyntaxError,
    as_day,
    as_email,
    as_flag,
    as_number,
    as_option,
    as_text,
    bad_content,
    bad_reference,
    of_any_case,
)
from reconciler.emulator.wire import PLAIN, RefusedError, Request, header_text, not_served, parsed_json

NAMES: Final = "X-NetSuite-PropertyNameValidation"
VALUES: Final = "X-NetSuite-PropertyValueValidation"
# What an answer has in these places, and a body may have too.
_OF_REFERENCE: Final = frozenset({"id", "externalid", "refname", "links"})
_OF_COLLECTION: Final = frozenset({"items", "links", "count", "hasmore", "offset", "totalresults"})
_DEFAULTS: Final = {NAMES: "Warning", VALUES: "Error"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How the request wants to be read: what replaces, what is cleared, and what happens to mistakes."""

    replaces: frozenset[str]  # sublists and fields, in lower case
    clears_only_named: bool  # replaceSelectedFields=true: a null counts only for the fields in `replaces`
    names: str  # Error, Warning or Ignore
    values: str


@dataclass(slots=True)
class Change:
    """What a request asks to be changed of an employee."""

    fields: dict[Field, Value] = field(default_factory=dict)  # as the columns hold them
    access: bool | None = None
    roles: list[int] | None = None
    replaces_roles: bool = False
    passwords: dict[str, str] = field(default_factory=dict)  # compared with each other, never kept
    sends_mail: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def touches_access(self) -> bool:
        return self.roles is not None or self.access is not None

    @property
    def warning_text(self) -> str:
        return header_text(" ".join(self.warnings))


def validation(request: Request, header: str) -> str:
    wanted = request.headers.get(header.lower(), _DEFAULTS[header]).capitalize()
    if wanted not in {"Error", "Warning", "Ignore"}:
        raise RefusedError(
            400, "INVALID_REQUEST", f"{header} must be Error, Warning or Ignore.", ("o:errorHeader", header)
        )
    return wanted


def body_of(world: World, request: Request) -> dict[str, object]:
    is_needed = world.switches.value("write-without-content-type") == "refused"
    kind = request.headers.get("content-type", "" if is_needed else PLAIN).lower()
    is_json = kind.startswith(("application/json", "application/vnd.oracle."))
    if not is_json and world.switches.value("wrong-content-type") == "415":
        raise RefusedError(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "The request must have the header Content-Type: application/json.",
            ("o:errorHeader", "Content-Type"),
        )
    try:
        content = parsed_json(request.body)
    except ValueError as error:
        raise _malformed(world) from error
    if not isinstance(content, dict):
        raise _malformed(world)
    return content


def _malformed(world: World) -> RefusedError:
    if world.switches.value("malformed-body") == "INVALID_REQUEST":
        detail = "The request could not be understood by the server due to malformed syntax."
        return RefusedError(400, "INVALID_REQUEST", detail)
    return RefusedError(400, "INVALID_CONTENT", "Invalid content in the request body.")


def change_in(world: World, caller: Caller, content: Mapping[str, object], asked: Asked) -> Change:
    """What the body asks for; RefusedError at the first thing NetSuite, or the emulator, would not take."""
    reading = _Reading(world, caller, asked)
    for name, value in content.items():
        reading.take(name, value)
    reading.check_passwords()
    return reading.change


class _Reading:
    def __init__(self, world: World, caller: Caller, asked: Asked) -> None:
        self.change = Change()
        self._world = world
        self._caller = caller
        self._asked = asked

    def take(self, name: str, value: object) -> None:
        known = BY_NAME.get(name.lower())
        if name.lower() in READ_ONLY:
            if self._world.switches.value("read-only-fields") == "refused":
                raise bad_content(f"The field {name} cannot be written.", name)
        elif name.lower() == ROLES:
            self.change.roles = self._roles(value)
            self.change.replaces_roles = _is_emptied(value)
        elif known is not None:
            self._field(known, name, value)
        elif is_kept_elsewhere(name):
            raise not_served(f"the field {name} of employee: it would not be kept", ("o:errorPath", name))
        else:
            self._unknown(name)

    def _check_names(self, value: object, known: frozenset[str], path: str) -> None:
        for name in value if isinstance(value, dict) else ():
            if name.lower() not in known:
                self._unknown(f"{path}.{name}")

    def _unknown(self, path: str) -> None:
        detail = f"Unknown reference or field {path}."
        if self._asked.names == "Error":
            raise bad_content(detail, path)
        if self._asked.names == "Warning":
            self.change.warnings.append(detail)

    def _field(self, known: Field, name: str, value: object) -> None:
        is_left = value is None and self._asked.clears_only_named and known.name.lower() not in self._asked.replaces
        if is_left:
            return
        try:
            read = self._value(known, value)
        except ValueSyntaxError as error:
            detail = f"Invalid value for the resource or sub-resource field '{name}'. Provide a valid value."
            if self._asked.values == "Error":
                code = self._world.switches.value("bad-value-code")
                raise RefusedError(400, code, detail, ("o:errorPath", name), str(error)) from error
            if self._asked.values == "Warning":
                self.change.warnings.append(detail)
            return
        if known is GIVE_ACCESS:
            self.change.access = bool(read)
        elif known.kind is not Kind.SECRET:
            self.change.fields[known] = read
        elif known.is_flag:
            self.change.sends_mail |= known.name == "sendEmail" and bool(read)
        else:
            self.change.passwords[known.name] = str(read or "")

    def _value(self, known: Field, value: object) -> Value:
        match known.kind:
            case Kind.REFERENCE:
                return self._reference(known, value)
            case Kind.ENUM:
                self._check_names(value, _OF_REFERENCE, known.name)
                return as_option(known, value)
            case Kind.SECRET:
                return as_flag(value) if known.is_flag else as_text(value)
            case Kind.FLAG:
                return as_flag(value) ^ int(known.inverted)
            case Kind.NUMBER:
                return as_number(value)
            case Kind.DATE:
                return as_day(value)
            case _:
                return as_email(value) if known is BY_NAME["email"] else as_text(value)

    def _reference(self, known: Field, value: object) -> int | None:
        if value is None:
            return None
        self._check_names(value, _OF_REFERENCE, known.name)
        given = of_any_case(value, "id") if isinstance(value, dict) else value
        external = of_any_case(value, "externalid") if isinstance(value, dict) else None
        if given is None and isinstance(external, str) and known.target == "employee":
            return self._by_external_id(known, external)
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise ValueSyntaxError("a reference is an object with an id, or the id alone")
        key = accounts.internal_id(str(given))
        if key is None or name_of(self._world, self._caller.account.id, known.target, key) is None:
            raise bad_reference(given, known.name, known.name)
        return key

    def _by_external_id(self, known: Field, given: str) -> int:
        row = self._world.database.row(
            "SELECT id FROM employees WHERE account = ? AND external_id = ?", self._caller.account.id, given
        )
        if row is None:
            raise bad_reference(given, known.name, known.name)
        return int(row["id"])

    def _roles(self, value: object) -> list[int]:
        if self._world.switches.value("roles-patch") == "refused":
            raise bad_content("The sublist roles cannot be written.", ROLES)
        if value is not None and not isinstance(value, dict):
            raise bad_content("An object is expected in roles.", ROLES)
        self._check_names(value, _OF_COLLECTION, ROLES)
        items = [] if value is None or _is_emptied(value) else of_any_case(value, "items")
        if not isinstance(items, list):
            raise bad_content("The sublist roles must have a list of items.", "roles.items")
        return [self._role(item, f"roles.items[{index}]") for index, item in enumerate(items)]

    def _role(self, item: object, path: str) -> int:
        if not isinstance(item, dict):
            raise bad_content(f"An object is expected in {path}.", path)
        self._check_names(item, ROLE_LINE, path)
        selected = of_any_case(item, "selectedrole")
        self._check_names(selected, _OF_REFERENCE, f"{path}.selectedRole")
        found = of_any_case(selected, "id") if isinstance(selected, dict) else selected
        text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
        key = accounts.internal_id(text)
        role = None if key is None else accounts.role(self._world, self._caller.account.id, key)
        if role is None:
            raise bad_reference(found, "selectedrole", f"{path}.selectedRole")
        return int(role["id"])

    def check_passwords(self) -> None:
        given = self.change.passwords
        if given and given.get("password") != given.get("password2"):
            raise bad_content("The passwords do not match.", "password2")


def _is_emptied(value: object) -> bool:
    """Null in place of a sublist or of its items empties it, keyed or not, without replace=.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545295601.html
    """
    return value is None or (
        isinstance(value, dict) and any(str(key).lower() == "items" and items is None for key, items in value.items())
    )
