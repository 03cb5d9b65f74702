"""What import says of one application and of one person: values that are taken, and words for the comments."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.core.desired import DesiredEmployee, DesiredIntegration, PersonRef, PreviousOwner
from reconciler.core.diagnostics import Position


@dataclass(frozen=True, slots=True)
class ImportedIntegration:
    """One application; it is taken where there are no `doubts`, else a person has to decide.

    `owner` and `token_role` are those of the token used last, None where no name means them alone. `found` says what
    the account shows, `tokens` tells of every token that is not revoked, `known` is what the file says already.
    """

    key: str
    application: str
    owner: PersonRef | None
    token_role: str | None
    required_roles: tuple[str, ...]
    previous_owner: tuple[PreviousOwner, str] | None
    known: DesiredIntegration | None
    seen_within: timedelta | None
    found: tuple[str, ...]
    doubts: tuple[str, ...]
    tokens: tuple[str, ...]

    def desired(self, position: Position) -> DesiredIntegration:
        """What a file with this entry asks for; only for one without doubts."""
        if self.owner is None or self.token_role is None:
            raise ValueError(f"{self.key} is not clear")
        known = self.known
        return DesiredIntegration(
            key=self.key,
            application=self.application,
            owner=self.owner,
            token_role=self.token_role,
            required_roles=self.required_roles,
            position=position,
            previous_owner=self.previous_owner[0] if self.previous_owner else PreviousOwner.RETIRE,
            standby=known.standby if known else (),
            token_not_before=known.token_not_before if known else None,
            quiet_period=known.quiet_period if known else timedelta(hours=24),
            seen_within=self.seen_within,
        )


@dataclass(frozen=True, slots=True)
class ImportedEmployee:
    """One person with all roles they hold; taken where there are no `doubts`."""

    key: str
    person: PersonRef | None
    active: bool
    access: bool
    roles: tuple[str, ...]
    doubts: tuple[str, ...]

    def desired(self, position: Position) -> DesiredEmployee:
        """What a file with this entry asks for; only for one without doubts."""
        if self.person is None:
            raise ValueError(f"{self.key} is not clear")
        return DesiredEmployee(
            key=self.key,
            person=self.person,
            position=position,
            active=self.active,
            access=self.access,
            roles=self.roles,
            exactly=True,
        )


def day(moment: datetime) -> str:
    """A day as people read it, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"
