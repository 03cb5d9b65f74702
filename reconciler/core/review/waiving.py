"""Findings that a file accepts for a time, and waivers that no longer hold or never did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.core.desired import Waiver
from reconciler.core.diagnostics import Diagnostic, Severity

EXPIRED = "waiver-expired"
UNUSED = "waiver-unused"


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that is accepted, and what accepts it."""

    finding: Diagnostic
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Sorted:
    """Findings that count, among them those about waivers, and those that are accepted."""

    open: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]


def apply_waivers(findings: Iterable[Diagnostic], waivers: Sequence[Waiver], today: date) -> Sorted:
    """Split findings by waivers; one that has expired accepts nothing, and is a finding at its line.

    Args:
        findings: of one environment.
        waivers: of its file.
        today: by UTC, the server's.
    """
    holding = [waiver for waiver in waivers if today < waiver.expires]
    counted: list[Diagnostic] = []
    waived: list[Waived] = []
    for finding in findings:
        accepting = next((waiver for waiver in holding if fits(waiver, finding)), None)
        if accepting is None:
            counted.append(finding)
        else:
            waived.append(Waived(finding, accepting))
    used = {one.waiver for one in waived}
    counted += _expired(waivers, today)
    counted += (_unused(waiver) for waiver in holding if waiver not in used)
    return Sorted(tuple(counted), tuple(waived))


def fits(waiver: Waiver, finding: Diagnostic) -> bool:
    """The same rule, at the same address or below it."""
    address = finding.address or ""
    return waiver.finding == finding.rule and (address == waiver.address or address.startswith(f"{waiver.address}."))


def _expired(waivers: Iterable[Waiver], today: date) -> Iterator[Diagnostic]:
    for waiver in waivers:
        if today >= waiver.expires:
            yield Diagnostic(
                Severity.ERROR,
                EXPIRED,
                "Waiver has expired",
                f"{waiver.finding} was accepted by {waiver.owner} until {waiver.expires}: {waiver.reason}.",
                waiver.address,
                waiver.position,
                "put right what it accepted, or have it accepted anew with another day",
            )


def _unused(waiver: Waiver) -> Diagnostic:
    return Diagnostic(
        Severity.INFO,
        UNUSED,
        "Waiver accepts nothing",
        f"There is no finding {waiver.finding} at {waiver.address} any more.",
        waiver.address,
        waiver.position,
        "remove the waiver",
    )
