"""An account of which a review says nothing, for tests to break in one place."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reconciler.core.access import Access, RoleDetail
from reconciler.core.desired import DesiredState
from reconciler.core.live import LiveState
from reconciler.core.review.review import Review, review
from tests.support.builders import (
    ANN,
    CONNECTOR,
    DANA,
    NOW,
    READER,
    a_desired_state,
    a_live_state,
    a_token,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

DANAS = a_token("600", DANA, created=NOW - timedelta(days=30))
MAY = RoleDetail(frozenset({"ADMI_LOGIN_OAUTH", "ADMI_RESTWEBSERVICES", "LIST_FIND"}), cross_subsidiary=True)


def healthy(**different: Any) -> LiveState:
    """Dana's token is at work; Ann, who had it before, holds its role no longer."""
    live = with_grants(without_grants(a_live_state(), (ANN, CONNECTOR)), (DANA, CONNECTOR))
    return replace(live, **({"tokens": (DANAS,), "logins": (logins(DANAS, *hours(600, 1)),)} | different))


def whole(live: LiveState, **different: Any) -> Access:
    return replace(Access(live, {CONNECTOR.id: MAY, READER.id: MAY}), **different)


def reviewed(live: LiveState | Access, desired: DesiredState | None = None) -> Review:
    return review(desired or a_desired_state(), live if isinstance(live, Access) else whole(live))


__all__ = ["DANAS", "MAY", "email", "healthy", "reviewed", "whole"]
