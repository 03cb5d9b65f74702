"""What the audit trail proves about a token, and what it does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.core.evidence import Evidence, Proof, Use, length_shown, shown
from reconciler.core.live import (
    Gap,
    Gapped,
    IntegrationRecord,
    IntegrationState,
    LiveState,
    LoginGroup,
    Token,
)
from tests.support.builders import (
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
    READER,
    a_live_state,
    a_token,
    changed,
    hours,
    logins,
    with_grants,
)

OLD = a_token()
NEW = a_token("600", DANA, created=NOW - timedelta(hours=60))
LIVE = with_grants(a_live_state(), (DANA, CONNECTOR))
RECORD = IntegrationRecord("7", APPLICATION, IntegrationState.ENABLED)


def evidence(*groups: LoginGroup, tokens: tuple[Token, ...] = (OLD, NEW), live: LiveState = LIVE) -> Evidence:
    return Evidence(live, RECORD, tokens, groups)


def use_of(token: Token, *groups: LoginGroup, **different: Any) -> Use:
    return evidence(*groups, **different).proof(token).use


def test_two_logins_prove_a_token() -> None:
    proof = evidence(logins(NEW, *hours(5, 1))).proof(NEW)

    assert proof == Proof(Use.PROVEN, NOW - timedelta(hours=5), NOW - timedelta(hours=1))


def test_logins_of_two_days_are_counted_together() -> None:
    assert use_of(NEW, logins(NEW, *hours(30)), logins(NEW, *hours(1))) is Use.PROVEN


def test_a_single_login_may_be_the_forms_test() -> None:
    assert use_of(NEW, logins(NEW, *hours(1))) is Use.TRIED


def test_a_token_without_a_login_is_unused() -> None:
    assert use_of(NEW, logins(OLD, *hours(5, 1))) is Use.UNUSED
    assert use_of(NEW) is Use.UNUSED


@pytest.mark.parametrize(
    "different", [{"user_id": ANN.id}, {"role_id": READER.id}, {"token_name": "another"}, {"success": False}]
)
def test_a_login_by_another_person_role_or_name_or_a_refused_one_is_no_proof(different: dict[str, Any]) -> None:
    assert use_of(NEW, logins(NEW, *hours(5, 1), **different)) is Use.UNUSED


def test_logins_before_the_token_was_made_do_not_count() -> None:
    assert use_of(NEW, logins(NEW, *hours(80, 61))) is Use.UNUSED
    assert use_of(NEW, logins(NEW, *hours(61, 59))) is Use.TRIED
    assert use_of(NEW, logins(NEW, *hours(60, 59))) is Use.PROVEN


def test_without_the_time_it_was_made_a_token_is_proven_unless_another_has_its_name() -> None:
    undated = replace(NEW, created=None)
    namesake = replace(undated, id="601", revoked=True)

    assert use_of(undated, logins(NEW, *hours(5, 1)), tokens=(OLD, undated)) is Use.PROVEN
    assert use_of(undated, logins(NEW, *hours(5, 1)), tokens=(namesake, undated)) is Use.UNUSED
    assert (
        use_of(undated, logins(NEW, *hours(5, 1)), tokens=(replace(namesake, owner_id=LEE.id), undated)) is Use.PROVEN
    )


def test_logins_that_may_be_those_of_an_older_token_of_that_name_prove_nothing() -> None:
    gone = replace(NEW, id="599", revoked=True, created=NOW - timedelta(days=90))
    tokens = (gone, NEW)

    # Were the tokens' times in another zone than the trail's, NEW could be younger than these logins.
    assert use_of(NEW, logins(NEW, *hours(58, 35)), tokens=tokens) is Use.TRIED
    assert use_of(NEW, logins(NEW, *hours(58, 34)), tokens=tokens) is Use.PROVEN
    assert use_of(NEW, logins(NEW, *hours(58, 35)), tokens=(replace(gone, name="another"), NEW)) is Use.PROVEN


def test_a_newer_login_with_another_token_overtakes() -> None:
    assert use_of(NEW, logins(NEW, *hours(5, 2)), logins(OLD, *hours(9, 1))) is Use.OVERTAKEN
    assert use_of(NEW, logins(NEW, *hours(5, 2)), logins(OLD, *hours(9, 2))) is Use.OVERTAKEN
    assert use_of(NEW, logins(NEW, *hours(5, 2)), logins(OLD, *hours(9, 3))) is Use.PROVEN


def test_a_token_of_the_same_person_and_role_with_another_name_overtakes_too() -> None:
    other = replace(NEW, id="601", name="another")
    facts = evidence(logins(NEW, *hours(5, 2)), logins(other, *hours(1)), tokens=(NEW, other))

    assert facts.proof(NEW).use is Use.OVERTAKEN
    assert facts.working_token() == other


def test_a_refused_login_with_another_token_does_not_overtake() -> None:
    assert use_of(NEW, logins(NEW, *hours(5, 2)), logins(OLD, *hours(1), success=False)) is Use.PROVEN


def test_the_last_sign_of_a_token_is_its_newest_row_of_any_status() -> None:
    facts = evidence(logins(OLD, *hours(9, 5)), logins(OLD, *hours(2), success=False))

    assert facts.last_sign_of(OLD) == NOW - timedelta(hours=2)


def test_a_refused_row_without_user_or_role_may_have_been_any_token_of_that_name() -> None:
    nameless = logins(OLD, *hours(2), success=False, user_id="", role_id="")

    assert evidence(logins(OLD, *hours(9)), nameless).last_sign_of(OLD) == NOW - timedelta(hours=2)


def test_rows_of_other_people_and_of_other_tokens_are_no_sign() -> None:
    assert evidence(logins(OLD, *hours(2), user_id=LEE.id)).last_sign_of(OLD) is None
    assert evidence(logins(OLD, *hours(2), token_name=NEW.name), tokens=(OLD, NEW)).last_sign_of(OLD) is None


def test_a_row_under_a_name_that_no_token_has_may_be_of_one_renamed_since() -> None:
    assert evidence(logins(OLD, *hours(2), token_name="gone")).last_sign_of(OLD) == NOW - timedelta(hours=2)
    assert evidence(logins(OLD, *hours(2), token_name="")).last_sign_of(OLD) is None


def test_a_success_in_another_role_was_made_with_another_token() -> None:
    assert evidence(logins(OLD, *hours(2), role_id=READER.id)).last_sign_of(OLD) is None
    assert evidence(logins(OLD, *hours(2), role_id="")).last_sign_of(OLD) is not None
    assert evidence(logins(OLD, *hours(2), role_id=READER.id, success=False)).last_sign_of(OLD) is not None


def test_quiet_is_counted_from_the_later_of_the_last_sign_and_the_first_use_of_the_new_token() -> None:
    day = timedelta(days=1)

    def until(old: float, new: float) -> timedelta:
        facts = evidence(logins(OLD, *hours(old)), logins(NEW, *hours(new, 1)))
        return facts.quiet_until(OLD, facts.proof(NEW), day) - NOW

    assert until(old=50, new=40) == day - timedelta(hours=40)
    assert until(old=30, new=40) == day - timedelta(hours=30)


def test_the_working_token_is_the_one_last_logged_in_with_if_it_still_could() -> None:
    groups = (logins(OLD, *hours(9, 5)), logins(NEW, *hours(3, 2)))

    assert evidence(*groups).working_token() == NEW
    assert evidence(*groups[:1]).working_token() == OLD
    assert evidence().working_token() is None
    assert evidence(*groups, tokens=(OLD, replace(NEW, inactive=True))).working_token() is None
    assert evidence(*groups, live=a_live_state()).working_token() is None


def test_a_token_made_after_the_last_login_is_not_the_working_one_although_it_has_its_name() -> None:
    gone = replace(NEW, id="599", revoked=True, created=NOW - timedelta(days=90))
    facts = evidence(logins(NEW, *hours(900, 70)), tokens=(gone, NEW))

    assert facts.working_token() is None
    assert facts.proof(NEW).use is Use.UNUSED


def test_a_refused_login_never_names_the_working_token() -> None:
    assert evidence(logins(OLD, *hours(5)), logins(NEW, *hours(1), success=False)).working_token() == OLD


@pytest.mark.parametrize("state", [IntegrationState.BLOCKED, IntegrationState.WAITING_FOR_APPROVAL])
def test_no_token_of_an_integration_that_is_not_enabled_can_log_in(state: IntegrationState) -> None:
    facts = Evidence(LIVE, replace(RECORD, state=state), (OLD,), ())

    assert not facts.can_log_in(OLD)
    assert Evidence(LIVE, replace(RECORD, state=IntegrationState.UNKNOWN), (OLD,), ()).can_log_in(OLD)
    assert Evidence(LIVE, None, (OLD,), ()).can_log_in(OLD)


@pytest.mark.parametrize("weak", [{"active": False}, {"access": False}])
def test_no_token_of_a_person_without_access_can_log_in(weak: dict[str, bool]) -> None:
    assert not evidence(live=changed(LIVE, ANN, **weak)).can_log_in(OLD)


def test_a_token_needs_its_role_to_be_held_and_active() -> None:
    inactive = replace(LIVE, roles=tuple(replace(role, active=role != CONNECTOR) for role in LIVE.roles))

    assert evidence().can_log_in(OLD)
    assert not evidence(live=inactive).can_log_in(OLD)
    assert not evidence(live=a_live_state()).can_log_in(NEW)


@pytest.mark.parametrize("flag", [{"inactive": True}, {"revoked": True}, {"inactive": True, "revoked": True}])
def test_an_inactive_or_revoked_token_cannot_log_in_but_could_if_it_were_active(flag: dict[str, Any]) -> None:
    token = replace(OLD, **flag)

    assert not evidence().can_log_in(token)
    assert evidence().could_log_in(token)


def test_an_owner_who_is_not_seen_may_be_able_to_log_in() -> None:
    """A token may belong to a partner or a contact, who is no employee."""
    assert evidence().can_log_in(replace(OLD, owner_id="4711", role_id="9999"))


@pytest.mark.parametrize(
    ("what", "live"),
    [
        (Gapped.EMPLOYEES, changed(LIVE, ANN, active=False)),
        (Gapped.GRANTS, replace(LIVE, grants=())),
        (Gapped.ROLES, replace(LIVE, roles=(replace(CONNECTOR, active=False),))),
    ],
)
def test_what_was_not_read_in_full_does_not_say_that_a_token_cannot_log_in(what: Gapped, live: LiveState) -> None:
    assert not evidence(live=live).can_log_in(OLD)
    assert evidence(live=replace(live, gaps=(Gap(what, "hidden", "hint"),))).can_log_in(OLD)


def test_only_live_tokens_of_one_owner_role_and_name_cannot_be_told_apart() -> None:
    twin = replace(OLD, id="501")

    assert evidence(tokens=(OLD, twin, NEW)).indistinguishable() == {"500", "501"}
    for different in (
        replace(twin, inactive=True),
        replace(twin, revoked=True),
        replace(twin, name="another"),
        replace(twin, owner_id=LEE.id),
        replace(twin, role_id=READER.id),
    ):
        assert evidence(tokens=(OLD, different)).indistinguishable() == frozenset()


def test_instants_and_durations_are_shown_as_people_write_them() -> None:
    assert shown(NOW) == "2026-11-22 12:00 UTC"
    assert [length_shown(timedelta(seconds=seconds)) for seconds in (86400, 172800, 5400, 90, 60)] == [
        "24h",
        "2d",
        "90m",
        "90s",
        "1m",
    ]


def test_a_login_without_a_role_is_that_of_the_only_token_of_its_name() -> None:
    """NetSuite may leave the role out of a row (netsuite-2.md 5)."""
    token = a_token("501")
    rows = (logins(a_token(), *hours(9, 8)), logins(token, *hours(5, 1), role_id=""))
    live = a_live_state(tokens=(a_token(), token), logins=rows)
    evidence = Evidence(live, None, live.tokens, live.logins)

    assert evidence.proof(token).use is Use.PROVEN
    assert evidence.working_token() == token


def test_a_login_without_a_role_proves_nothing_for_two_tokens_of_one_name() -> None:
    token = a_token("501", DANA)
    twin = a_token("502", DANA, name=token.name, role_id=READER.id)
    live = a_live_state(tokens=(token, twin), logins=(logins(token, *hours(5, 1), role_id=""),))
    evidence = Evidence(live, None, live.tokens, live.logins)

    assert evidence.proof(token).use is Use.UNUSED
    assert evidence.proof(twin).use is Use.UNUSED
