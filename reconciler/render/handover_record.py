"""Records of handovers, as an auditor reads them and as JSON (schemas/handover.schema.json)."""

from collections.abc import Iterator
from dataclasses import asdict

from reconciler.core.evidence import to_the_second
from reconciler.core.handover_record import HandoverRecord, HandoverRecords, OrdersRecord, TokenRecord
from reconciler.core.record_runs import ApprovalRecord
from reconciler.core.record_steps import StepRecord
from reconciler.core.visible import visible
from reconciler.render.diagnostic_text import diagnostics_to_text
from reconciler.render.escaping import safe
from reconciler.render.lines import document, title, wrapped
from reconciler.render.to_json import FORMAT_VERSION, Document, diagnostic_document, read_as_document
from reconciler.render.verification import moment

_SHORT = 12
_CLOCKS = (
    "Times from the journal are those of the machine that applied, times from NetSuite are NetSuite's; all are in UTC. "
    "Logins reach back 400 days at most."
)


def records_to_text(told: HandoverRecords, width: int | None = None) -> str:
    """For each integration who owned it, who owns it, and how it came to that; then what could not be read."""
    told = safe(told)
    missing = "" if told.complete else "Incomplete: not everything could be read; see above. "
    none = "" if told.records else f"No integration is declared in {told.environment}. "
    return document(
        "\n".join(wrapped(title(told), "", width)),
        *("\n".join(_record(one, width)) for one in told.records),
        "\n".join(
            line for one in told.damage for line in wrapped(f"Damaged: {one.file}:{one.line}: {one.problem}", "", width)
        ),
        diagnostics_to_text(told.diagnostics, width),
        "\n".join(wrapped(f"{missing}{none}{_CLOCKS}", "", width)),
    )


def _record(one: HandoverRecord, width: int | None) -> Iterator[str]:
    yield f"{one.address}: {one.standing}"
    old = "; ".join(
        f"{who} ({f'last login {to_the_second(last)}' if last else 'no login known'})" for who, last in one.old_owners
    )
    yield from wrapped(f"old owner  {old or 'none known'}", "  ", width)
    yield from wrapped(f"new owner  {one.new_owner}, {one.role}", "  ", width)
    yield from wrapped(one.sentence, "  ", width)
    if one.approvals:
        yield "  Approved and applied"
        yield from (line for approval in one.approvals for line in _approval(approval, width))
    else:
        yield from wrapped("The journal knows of no apply for it.", "  ", width)
    if one.earlier:
        yield from wrapped(
            "Applied earlier, to what is no longer in the account; no step below is from these", "  ", width
        )
        yield from (line for approval in one.earlier for line in _approval(approval, width))
    yield "  Steps"
    yield from (line for step in one.steps for line in wrapped(_step(step), "    ", width))
    if not one.steps:
        yield "    none known"
    if one.tokens:
        yield "  Tokens"
        yield from (line for token in one.tokens for line in wrapped(_token(token), "    ", width))
    if one.orders:
        yield "  Orders since then, by whose name they carry (Set By)"
        yield from (line for orders in one.orders for line in wrapped(_orders(orders), "    ", width))


def _approval(approval: ApprovalRecord, width: int | None) -> Iterator[str]:
    run = approval.run
    commit = f", commit {run.commit[:_SHORT]}" if run.commit else ", no commit known"
    plan = run.digest.removeprefix("sha256:")[:_SHORT]
    ending = approval.ending or "cut short"
    told = f"{to_the_second(approval.at)}  plan {plan}{commit}, by {run.who}, {run.where}: {ending}"
    gone = f", {approval.gone}" if approval.gone else ""
    yield from wrapped(f"{told} (run {run.id}{gone})", "    ", width)
    yield from (line for text in run.only for line in wrapped(f"only {text}", "      ", width))
    for guard, reason in sorted(run.overrides.items()):
        yield from wrapped(f"override {visible(guard)}: {visible(reason)}", "      ", width)


def _step(step: StepRecord) -> str:
    who = f" by {step.who}" if step.who else ""
    note = f"; {step.note}" if step.note else ""
    return f"{_when(step)}  {step.summary}: {step.outcome}{who} ({step.source}){note}"


def _when(step: StepRecord) -> str:
    if step.earliest is not None and step.earliest == step.latest:
        return to_the_second(step.earliest)
    if step.earliest is not None and step.latest is not None:
        return f"{to_the_second(step.earliest)} to {to_the_second(step.latest)}"
    if step.latest is not None:
        return f"before {to_the_second(step.latest)}"
    return f"since {to_the_second(step.earliest)}" if step.earliest is not None else "not recorded"


def _token(token: TokenRecord) -> str:
    made = f"made {to_the_second(token.created)}" if token.created else "made at a time that is not known"
    by = f"by {token.created_by}" if token.created_by else "by somebody who is not told"
    used = (
        f"logins {to_the_second(token.first)} to {to_the_second(token.last)}"
        if token.first and token.last
        else "no login known"
    )
    often = "at least once" if token.refused == 1 else f"at least {token.refused} times"
    refused = f", refused {often}, last {to_the_second(token.last_refused)}" if token.last_refused else ""
    return f'"{token.name}" of {token.owner} ({token.role}): {token.state}, {made} {by}; {used}{refused}'


def _orders(orders: OrdersRecord) -> str:
    return f"{orders.author}: {orders.number}, last {to_the_second(orders.last)}, made {', '.join(orders.made)}"


def records_document(told: HandoverRecords) -> Document:
    """The same as data."""
    return {
        "format_version": FORMAT_VERSION,
        "environment": told.environment,
        "account": told.account,
        "emulator": told.emulator,
        "read_as": read_as_document(told.read_as),
        "read_at": moment(told.read_at),
        "complete": told.complete,
        "handovers": [_handover(one) for one in told.records],
        "damage": [asdict(one) for one in told.damage],
        "diagnostics": [diagnostic_document(item) for item in told.diagnostics],
    }


def _handover(one: HandoverRecord) -> Document:
    return {
        "address": one.address,
        "application": one.application,
        "role": one.role,
        "new_owner": one.new_owner,
        "old_owners": [{"person": who, "last_login": moment(last)} for who, last in one.old_owners],
        "standing": one.standing,
        "sentence": one.sentence,
        "approvals": [_approved(approval) for approval in one.approvals],
        "earlier": [_approved(approval) | {"gone": approval.gone} for approval in one.earlier],
        "steps": [
            asdict(step) | {"earliest": moment(step.earliest), "latest": moment(step.latest)} for step in one.steps
        ],
        "tokens": [
            asdict(token) | {key: moment(getattr(token, key)) for key in ("created", "first", "last", "last_refused")}
            for token in one.tokens
        ],
        "orders": [asdict(orders) | {"last": moment(orders.last)} for orders in one.orders],
    }


def _approved(approval: ApprovalRecord) -> Document:
    run = approval.run
    return {
        "run": run.id,
        "at": moment(approval.at),
        "digest": run.digest,
        "commit": run.commit,
        "who": run.who,
        "where": run.where,
        "only": list(run.only),
        "overrides": dict(run.overrides),
        "ending": approval.ending,
    }
