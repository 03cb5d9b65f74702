"""What follows from a look at an account: for each thing whether it is there, and what to do where it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from reconciler.core.diagnosis_finding import Finding, Section, Verdict
from reconciler.core.doubts import Judged, judged
from reconciler.core.evidence import shown
from reconciler.core.examination import Examination, LoginLook, account_type
from reconciler.core.login_failure import UNANSWERED
from reconciler.core.permission_findings import looking_findings, read_only_findings, writing_findings
from reconciler.core.profiles import Profile
from reconciler.core.silence import length_told
from reconciler.core.tolerances import CERTIFICATE_NOTICE, CLOCKS_AGREE, CLOCKS_TOO_FAR

_SOON = 60
_NO_ACCESS = frozenset({Section.LOGIN, Section.PERMISSIONS, Section.WRITING})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings in the order in which to read them, and the doubts, each held against the account."""

    examination: Examination
    profile: Profile
    findings: tuple[Finding, ...]
    doubts: tuple[Judged, ...]

    @property
    def missing(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.verdict is Verdict.MISSING)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What could not be told and is needed for the profile."""
        return tuple(one for one in self.findings if one.verdict is Verdict.UNKNOWN and one.section in _NO_ACCESS)

    @property
    def unanswered(self) -> bool:
        """A login was not judged at all, for no answer came that could be read."""
        looks = (self.examination.login, *((self.examination.apply_login,) if self.profile is not Profile.LOOK else ()))
        return any(one is not None and one.failure is not None and one.failure.rule in UNANSWERED for one in looks)

    @property
    def ready(self) -> bool:
        """Whether everything that the profile needs is seen to be there."""
        return not self.missing and not self.open


def diagnosis(examination: Examination, profile: Profile) -> Diagnosis:
    """Judge what was seen. Pure: equal looks give equal words."""
    return Diagnosis(examination, profile, tuple(_findings(examination, profile)), tuple(judged(examination.seen)))


def _findings(seen: Examination, profile: Profile) -> Iterator[Finding]:
    yield from _account(seen)
    yield from _clock(seen)
    yield from _login(seen.login, seen)
    if profile is not Profile.LOOK:
        yield from _writing_login(seen)
    if not seen.login.works:
        return
    yield from _concurrency(seen)
    yield from _trail(seen)
    yield from looking_findings(seen)
    yield from read_only_findings(seen.login)
    if profile is not Profile.LOOK:
        yield from writing_findings(seen, profile)


def _account(seen: Examination) -> Iterator[Finding]:
    kind = account_type(seen.account)
    if seen.account_known is False:
        return
    if seen.account_known or seen.server_time is not None:
        known = "known to NetSuite" if seen.account_known else "answers to a login"
        yield Finding(Section.ACCOUNT, "account", Verdict.OK, f"account {seen.account} ({kind}), {known}")
    else:
        text = f"whether there is an account {seen.account} ({kind}, as its ID says): nothing has answered"
        yield Finding(Section.ACCOUNT, "account", Verdict.UNKNOWN, text)
    if kind == "Release Preview":
        text = "Release Preview accounts cannot hold integrations of the Connector"
        yield Finding(Section.ACCOUNT, "release-preview", Verdict.LOOK, text, ("use a sandbox (_SB1)",))
    if seen.hosts_differ:
        text = f"NetSuite names other hosts for this account than {', '.join(seen.hosts_differ)}"
        hint = "compare with Setup > Company > Company Information > Company URLs, and write them as endpoint"
        yield Finding(Section.ACCOUNT, "hosts-differ", Verdict.LOOK, text, (hint,))


def _clock(seen: Examination) -> Iterator[Finding]:
    ahead = seen.clock_ahead
    if ahead is None:
        yield Finding(Section.ACCOUNT, "clock", Verdict.UNKNOWN, "whether the clocks agree: no answer was dated")
    elif abs(ahead) <= CLOCKS_AGREE:
        yield Finding(Section.ACCOUNT, "clock", Verdict.OK, "the clocks of this machine and of NetSuite agree")
    else:
        text = f"this machine's clock is {length_told(abs(ahead))} off NetSuite's"
        verdict = Verdict.MISSING if abs(ahead) > CLOCKS_TOO_FAR else Verdict.LOOK
        hint = "set the clock, best by a time service: beyond 5 minutes every login is refused"
        yield Finding(Section.ACCOUNT, "clock", verdict, text, (hint,))


def _login(look: LoginLook, seen: Examination) -> Iterator[Finding]:
    if look.failure is not None:
        yield _failed(look)
        return
    if look.identity is None and not seen.login.works:
        yield Finding(Section.LOGIN, look.key, Verdict.OK, f"{look.key} works; who it is, only login could look up")
        return
    yield from _identified(look)
    yield from _certificate(look, seen)


def _failed(look: LoginLook) -> Finding:
    why = look.failure
    if why is None:
        raise ValueError("the login works")
    text = f"{look.key}: {why.summary}. {why.detail}" if why.detail else f"{look.key}: {why.summary}"
    return Finding(Section.LOGIN, why.rule, Verdict.MISSING, text, why.todo)


def _identified(look: LoginLook) -> Iterator[Finding]:
    how = {"tba": "a token", "oauth2": "a certificate"}.get(look.method, look.method)
    if look.identity is None:
        assumed = f"; declared are {look.person} ({look.role})" if look.person else ""
        text = f"{look.key} works by {how}, and the account does not show (yet) who it is{assumed}"
        hint = "run again in a few minutes: rows may appear late in the login audit trail"
        yield Finding(Section.LOGIN, f"{look.key}-identity", Verdict.UNKNOWN, text, (hint,))
    elif look.declared is not None and look.declared != look.identity:
        text = f"{look.key} works by {how}, but as {look.person} ({look.role}), and not as acts_as declares"
        hint = "correct acts_as, or the credentials that it refers to"
        yield Finding(Section.LOGIN, f"{look.key}-wrong-role", Verdict.MISSING, text, (hint,))
    else:
        text = f"{look.key} works by {how}: {look.person} ({look.role})"
        yield Finding(Section.LOGIN, look.key, Verdict.OK, text)


def _certificate(look: LoginLook, seen: Examination) -> Iterator[Finding]:
    if look.certificate_ends is None or seen.server_time is None:
        return
    rule, text = f"{look.key}-certificate", f"the certificate of {look.key} ends at {shown(look.certificate_ends)}"
    if look.certificate_ends - seen.server_time > CERTIFICATE_NOTICE:
        yield Finding(Section.LOGIN, rule, Verdict.OK, text)
        return
    hint = (
        "Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup > Create New: map a "
        "new certificate, and let certificate_id and private_key lead to it"
    )
    yield Finding(Section.LOGIN, rule, Verdict.LOOK, text, (hint,))


def _writing_login(seen: Examination) -> Iterator[Finding]:
    if seen.apply_login is None:
        text = "there is no apply_login, so every change stays a step for a person"
        hint = "declare netsuite.apply_login, or ask for --profile look"
        yield Finding(Section.LOGIN, "no-apply-login", Verdict.MISSING, text, (hint,))
        return
    yield from _login(seen.apply_login, seen)


def _concurrency(seen: Examination) -> Iterator[Finding]:
    asked = f"this file asks for up to {seen.concurrency} requests at once"
    if seen.limits is None:
        text = f"the concurrency limits are for Administrators; {asked}"
        hint = "Setup > Integration > Integration Management > Integration Governance shows them"
        yield Finding(Section.ACCOUNT, "concurrency", Verdict.UNKNOWN, text, (hint,))
        return
    least = min(n for n in (seen.limits.account, seen.limits.integration, seen.limits.unallocated) if n is not None)
    ours = f", {least} of them left for this tool" if least < seen.limits.account else ""
    text = f"the account allows {seen.limits.account} requests at once{ours}; {asked}"
    if seen.concurrency > least:
        yield Finding(Section.ACCOUNT, "concurrency", Verdict.LOOK, text, (f"write concurrency: {max(1, least)}",))
    else:
        yield Finding(Section.ACCOUNT, "concurrency", Verdict.OK, text)


def _trail(seen: Examination) -> Iterator[Finding]:
    trail = seen.trail
    if not trail.readable:
        # The permission that is lacking has a finding of its own.
        return
    seconds = round(trail.after.total_seconds())
    if not trail.found:
        text = f"own logins are not to be seen in the login audit trail after {seconds} seconds"
        hint = "run again in a few minutes; until they appear, times in the trail cannot be told"
        yield Finding(Section.TRAIL, "trail-delay", Verdict.UNKNOWN, text, (hint,))
        return
    within = "a minute" if seconds <= _SOON else f"{round(seconds / 60)} minutes"
    text = f"own logins appear in the login audit trail within {within}"
    yield Finding(Section.TRAIL, "trail-delay", Verdict.OK, text)
    if trail.offset is None:
        text = "the own login stands there at a time that fits no time zone"
        hint = "look at Setup > Users/Roles > View Login Audit Trail, filter User Agent: reconciler"
        yield Finding(Section.TRAIL, "trail-zone", Verdict.UNKNOWN, text, (hint,))
    else:
        yield Finding(Section.TRAIL, "trail-zone", Verdict.OK, f"its times are {_offset(trail.offset)}")


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "in UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"{hours}:{rest:02} hours {'ahead of' if minutes > 0 else 'behind'} UTC"
