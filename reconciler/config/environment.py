"""Reads one environment file, and returns what it asks for or everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.config.discovery import name_problem
from reconciler.config.endpoints import EmulatorEndpoint, Endpoint, endpoint_of
from reconciler.config.extends import Extended, read_extended
from reconciler.config.references import Reference, Refusal, parse_reference
from reconciler.config.rules import address_of, problem
from reconciler.config.schema import validate
from reconciler.config.semantics import Declared, addresses_of, check
from reconciler.config.source import RealPaths
from reconciler.config.values import Reader, acts_as
from reconciler.config.yaml_builder import MAX_PROBLEMS
from reconciler.config.yaml_document import Document
from reconciler.core.desired import ActsAs, DesiredState, GuardSettings, ReviewSettings
from reconciler.core.diagnostics import Diagnostic, Severity, has_errors, in_order

DEFAULT_CONCURRENCY: Final = 2
DEFAULT_STORE: Final = ".reconciler"
_TBA_KEYS: Final = ("consumer_key", "consumer_secret", "token_id", "token_secret")
# Not worth telling where a base could not be read: it may hold what is missing.
_MAY_BE_IN_A_BASE: Final = {"missing-key", "wrong-count"}
_OAUTH2_KEYS: Final = ("client_id", "certificate_id", "private_key")


@dataclass(frozen=True, slots=True)
class TbaLogin:
    """A token-based login by references.

    All four references are there, or none: then the embedded emulator hands out a login for `acts_as`.
    """

    consumer_key: Reference | None
    consumer_secret: Reference | None
    token_id: Reference | None
    token_secret: Reference | None
    acts_as: ActsAs | None


@dataclass(frozen=True, slots=True)
class Oauth2Login:
    """An OAuth 2.0 login by client credentials, by references; `private_key` is a key in PEM form."""

    client_id: Reference
    certificate_id: Reference
    private_key: Reference
    acts_as: ActsAs | None


Login = TbaLogin | Oauth2Login


@dataclass(frozen=True, slots=True)
class Environment:
    """What one file asks for, and how to reach the account.

    `login` is None where the file leaves it out (embedded emulator only). `concurrency` counts requests in flight.
    `store` is where lock and journal are kept: a folder or the address of a bucket.
    """

    name: str
    file: str
    desired: DesiredState
    endpoint: EmulatorEndpoint | Endpoint
    login: Login | None
    apply_login: Login | None
    concurrency: int
    store: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The environment, and everything to say about its file, in order.

    The environment is None where there is an error. Positions name the file, among those it extends, that they are in.
    """

    environment: Environment | None
    diagnostics: tuple[Diagnostic, ...]


def read_environment(path: Path, root: Path, real_paths: RealPaths | None = None, text: bytes | None = None) -> Loaded:
    """Read one environment file, without network and without looking at any secret.

    Args:
        path: the file, as the user gave it; positions carry it unchanged.
        root: the root of the repository, which files may not lead out of.
        real_paths: shared by the files that one command reads.
        text: what the file would hold; None reads it.
    """
    extended = read_extended(path, root, real_paths or RealPaths(), text)
    return Loaded(None, (extended,)) if isinstance(extended, Diagnostic) else environment_of(extended, path)


def environment_of(extended: Extended, path: Path) -> Loaded:
    """The environment that a file asks for, from what it and all it extends hold."""
    document = extended.document
    misnamed = name_problem(path)
    found = [*([misnamed] if misnamed else []), *extended.diagnostics]
    if not document.readable:
        return Loaded(None, _limited(found))
    misfits = validate(document, "environment")
    if not isinstance(document.value, dict):
        return Loaded(None, _limited([*found, *misfits]))
    content = _Content(document, [*found, *misfits], whole=extended.whole)
    found.extend(item for item in misfits if extended.whole or item.rule not in _MAY_BE_IN_A_BASE)
    found.extend(content.problems)
    environment = None if has_errors(found) else content.environment(path)
    return Loaded(environment, _limited(_without_wrong_advice(found)))


def _without_wrong_advice(found: list[Diagnostic]) -> list[Diagnostic]:
    """Without the advice to put a number into quotes where no key of that name may stand."""
    refused = {item.position for item in found if item.rule in {"unknown-key", "wrong-form"}}
    return [item for item in found if item.rule != "key-not-text" or item.position not in refused]


def _limited(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In order, with so many errors at most, and a last one that says so where there are more."""
    ordered = in_order(found)
    errors = [item for item in ordered if item.severity is Severity.ERROR]
    if len(errors) <= MAX_PROBLEMS:
        return ordered
    # At the place of the first that is left out, and so the last of those that are shown.
    cut = errors[MAX_PROBLEMS]
    detail = f"There are more errors than the {MAX_PROBLEMS} that are shown."
    hint = "correct these, then validate again"
    more = problem("too-many-problems", detail, position=cut.position, address=cut.address, hint=hint)
    return (*errors[:MAX_PROBLEMS], more, *ordered[len(errors) :])


class _Content:
    """The parts of a file that the schema found nothing wrong with."""

    def __init__(self, document: Document, found: list[Diagnostic], *, whole: bool) -> None:
        self._document = document
        self._value: dict[str, Any] = document.value
        self._faulty = frozenset(prefix for item in found for prefix in _prefixes(item.address or ""))
        reader = Reader(document)
        self._integrations = tuple(
            reader.integration(key, value)
            for key, value in self._entries("integrations").items()
            if {"application", "owner", "token_role"} <= value.keys()
        )
        self._employees = tuple(reader.employee(key, value) for key, value in self._entries("employees").items())
        self._guards = reader.guards(self._value["guards"]) if self._has("guards") else GuardSettings()
        waivers = tuple(self._value["waivers"]) if self._has("waivers") else ()
        self._waivers = reader.waivers(waivers)
        self._review = reader.review(self._value["review"]) if self._has("review") else ReviewSettings()
        netsuite = self._value.get("netsuite")
        self._netsuite: Mapping[str, Any] = netsuite if isinstance(netsuite, dict) else {}
        self._account: str | None = self._netsuite["account"] if self._has("netsuite", "account") else None
        self._endpoint = self._read_endpoint()
        declared = Declared(
            document,
            self._account,
            self._integrations,
            self._employees,
            self._identities(),
            self._guards,
            # Where a base could not be read, it may declare the address.
            waivers if whole else (),
            addresses_of(self._value),
        )
        self.problems = (*reader.problems, *check(declared), *self._refusals())

    def environment(self, path: Path) -> Environment | None:
        """The typed environment; None where a part of it is missing."""
        endpoint, account = self._endpoint, self._account
        if account is None or endpoint is None or isinstance(endpoint, Refusal):
            return None
        if isinstance(endpoint, Endpoint) and "login" not in self._netsuite:
            return None
        desired = DesiredState(
            environment=path.stem,
            file=str(path),
            account=account,
            emulator=isinstance(endpoint, EmulatorEndpoint),
            integrations=self._integrations,
            employees=self._employees,
            guards=self._guards,
            reader=self._acts_as("login"),
            writer=self._acts_as("apply_login"),
            can_write="apply_login" in self._netsuite,
            review=self._review,
            waivers=self._waivers,
        )
        concurrency = int(self._netsuite.get("concurrency", DEFAULT_CONCURRENCY))
        logins = self._login("login"), self._login("apply_login")
        store = str(self._value.get("store", DEFAULT_STORE))
        return Environment(path.stem, str(path), desired, endpoint, *logins, concurrency, store)

    def _has(self, *path: str) -> bool:
        """Whether a part is there and the schema found nothing wrong inside."""
        value: Any = self._value
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        return address_of(path) not in self._faulty

    def _entries(self, section: str) -> dict[str, Any]:
        entries = self._value.get(section)
        return {key: entries[key] for key in entries if self._has(section, key)} if isinstance(entries, dict) else {}

    def _read_endpoint(self) -> EmulatorEndpoint | Endpoint | Refusal | None:
        if self._account is None:
            return None
        if "endpoint" in self._netsuite and not self._has("netsuite", "endpoint"):
            return None
        return endpoint_of(self._account, self._netsuite.get("endpoint"))

    def _refusals(self) -> Iterator[Diagnostic]:
        """What the trust rules have against the endpoint and the references."""
        if isinstance(self._endpoint, Refusal):
            yield self._refused(self._endpoint, ("netsuite", "endpoint"))
        for name in self._judged_logins():
            for key in (*_TBA_KEYS, *_OAUTH2_KEYS):
                path = ("netsuite", name, key)
                reference = self._reference(name, key) if self._has(*path) else None
                if isinstance(reference, Refusal):
                    yield self._refused(reference, path)

    def _refused(self, refusal: Refusal, path: tuple[str, ...]) -> Diagnostic:
        position, address = self._document.at(*path), address_of(path)
        return problem(refusal.rule, refusal.detail, position=position, address=address, hint=refusal.hint)

    def _reference(self, login: str, key: str) -> Reference | Refusal:
        return parse_reference(self._netsuite[login][key], self._document.at("netsuite", login, key))

    def _acts_as(self, name: str) -> ActsAs | None:
        return acts_as(self._document, name)

    def _judged_logins(self) -> list[str]:
        """The logins whose other keys the schema looked at: without a method that it knows, it does not."""
        return [name for name in ("login", "apply_login") if self._has("netsuite", name, "method")]

    def _identities(self) -> dict[str, ActsAs]:
        """Who the logins act as, by the key of each login."""
        names = [name for name in self._judged_logins() if self._has("netsuite", name, "acts_as")]
        return {name: found for name in names if (found := self._acts_as(name))}

    def _login(self, name: str) -> Login | None:
        declared = self._netsuite.get(name)
        if declared is None:
            return None
        keys = _OAUTH2_KEYS if declared.get("method") == "oauth2" else _TBA_KEYS
        found = {key: self._reference(name, key) for key in keys if key in declared}
        references = {key: item for key, item in found.items() if isinstance(item, Reference)}
        if keys is _TBA_KEYS:
            return TbaLogin(**dict.fromkeys(_TBA_KEYS) | references, acts_as=self._acts_as(name))
        complete = len(references) == len(_OAUTH2_KEYS)
        return Oauth2Login(**references, acts_as=self._acts_as(name)) if complete else None


def _prefixes(address: str) -> Iterator[str]:
    """An address, and what stands before each of its dots."""
    yield address
    for index, character in enumerate(address):
        if character == ".":
            yield address[:index]
