"""The logins that an environment declares, made of what its references point to."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reconciler.config.endpoints import EmulatorEndpoint
from reconciler.config.environment import Environment, Login, Oauth2Login, TbaLogin
from reconciler.config.references import Reference, resolve, resolve_key
from reconciler.core.desired import ActsAs, PersonKey
from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret
from reconciler.embedded import emulator_files, login_of, running
from reconciler.netsuite.account import Account
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import Signer, TokenBasedAuth, TokenCredentials


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a process finds around it: the state folder, environment variables, the root that references stay in."""

    state: Path
    environ: Mapping[str, str] = field(repr=False)
    root: Path


@dataclass(frozen=True, slots=True)
class Hosts:
    """The two addresses of one account; requests go to the first, and what is only on the second one says so."""

    suitetalk: Account
    restlets: Account


def hosts_of(environment: Environment, around: Surroundings, stack: ExitStack) -> Hosts:
    """Where the account answers; the embedded emulator runs until the stack is left.

    Raises:
        EmulatorError: it did not start.
    """
    account_id = environment.desired.account
    if isinstance(environment.endpoint, EmulatorEndpoint):
        files = emulator_files(around.state, environment.name)
        url = restlets = stack.enter_context(running(files, account_id))
    else:
        url, restlets = environment.endpoint.suitetalk, environment.endpoint.restlets
    return Hosts(Account(account_id, url), Account(account_id, restlets))


class Logins:
    """Makes what signs the requests of a login."""

    def __init__(self, environment: Environment, around: Surroundings, hosts: Hosts) -> None:
        self.hosts = hosts
        self._environment = environment
        self._around = around
        self._account = hosts.suitetalk
        self._restlets = hosts.restlets

    def signer(self, login: Login | None, key: str, retries: Retries) -> Signer:
        """What signs for a login, which `key` names in messages.

        Raises:
            CredentialError: a reference is unset, or there is no such login.
        """
        if isinstance(login, Oauth2Login):
            return self._bearer(login, retries)
        return TokenBasedAuth(self._account.realm, self._credentials(login, key))

    def _bearer(self, login: Oauth2Login, retries: Retries) -> Signer:
        # The libraries that sign with certificates are slow to load, and most logins do not need them.
        from reconciler.netsuite.oauth2 import BearerAuth, ClientCredentials  # noqa: PLC0415  loaded when it is used
        from reconciler.netsuite.oauth2_key import signing_key  # noqa: PLC0415  loaded when it is used

        client_id, certificate_id, pem = _all_of(
            partial(self._secret, login.client_id),
            partial(self._secret, login.certificate_id),
            partial(resolve_key, login.private_key, self._around.environ, self._around.root),
        )
        key = signing_key(pem, f"{login.private_key.position}: {login.private_key}")
        credentials = ClientCredentials(client_id, certificate_id, key)
        return BearerAuth(self._account, self._restlets, credentials, retries=retries)

    def _credentials(self, login: TbaLogin | None, key: str) -> TokenCredentials:
        emulated = isinstance(self._environment.endpoint, EmulatorEndpoint)
        if login is None and not emulated:
            raise CredentialError(
                f"Environment {self._environment.name} has no {key} that can be used.",
                hint=f"declare netsuite.{key}",
            )
        if login is not None and (references := _references(login)):
            return TokenCredentials(*_all_of(*(partial(self._secret, reference) for reference in references)))
        found = login_of(self._account.base_url, self._account.id, _wanted(login.acts_as if login else None))
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        return TokenCredentials(*(Secret(str(found[name])) for name in names))

    def _secret(self, reference: Reference) -> Secret:
        return resolve(reference, self._around.environ, self._around.root)


def _all_of(*reads: Callable[[], Secret]) -> list[Secret]:
    """Every secret, or everything that is wrong with them at once."""
    found: list[Secret] = []
    missing: list[CredentialError] = []
    for read in reads:
        try:
            found.append(read())
        except CredentialError as error:
            missing.append(error)
    if missing:
        raise CredentialError.of_all(missing)
    return found


def _references(login: TbaLogin) -> tuple[Reference, ...]:
    """All four, or none."""
    declared = (login.consumer_key, login.consumer_secret, login.token_id, login.token_secret)
    return tuple(reference for reference in declared if reference is not None)


def _wanted(acts_as: ActsAs | None) -> Mapping[str, str]:
    """Whom the embedded emulator shall hand out a login for."""
    if acts_as is None:
        return {}
    by_email = acts_as.employee.by is PersonKey.EMAIL
    return {"employee": acts_as.employee.value if by_email else str(acts_as.employee), "role": acts_as.role}
