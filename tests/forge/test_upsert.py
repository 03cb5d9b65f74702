"""Comments and the issue are found by mark and author, edited in place, and never written twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import CredentialError, UsageError
from reconciler.core.secret import Secret
from reconciler.forge.http import Access
from reconciler.forge.model import ForgeError
from reconciler.forge.upsert import fitting, last_line
from reconciler.render.marker import marked_for, marker
from reconciler.wiring.forge import Written, forge_of, upsert_comments, upsert_issue
from tests.forge.conftest import Job
from tests.support.forge_server import GITHUB_TOKEN, GITLAB_TOKEN, Reply

MARK = "<!-- reconciler-drift -->"


def body(name: str, text: str = "a plan") -> str:
    return f"**{name}**: {text}\n\n{marker(name)}\n"


def upsert(job: Job, **wanted: str) -> dict[str, Written]:
    bodies = {name: body(name, text) for name, text in wanted.items()}
    return upsert_comments(job.forge, bodies, marked_for, lambda name: body(name, "outdated"), rest=job.waited.append)


def said(job: Job, number: int = 12) -> list[str]:
    return [one["body"].splitlines()[0] for one in job.server.state.on(number)]


def drift(job: Job, text: str = "differs", *, needed: bool = False, settled: bool = False) -> Written:
    return upsert_issue(
        job.forge,
        "Drift",
        "reconciler-drift",
        f"{text}\n\n{MARK}\n",
        MARK,
        needed=needed,
        settled=settled,
        rest=job.waited.append,
    )


def test_a_comment_is_added_then_edited_in_place_then_left_alone(job: Job) -> None:
    assert upsert(job, production="one") == {"production": Written.ADDED}
    assert upsert(job, production="two") == {"production": Written.EDITED}
    assert upsert(job, production="two") == {"production": Written.UNCHANGED}
    assert said(job) == ["**production**: two"]
    assert [one.method for one in job.server.asked if one.method != "GET"] == [
        "POST",
        "PUT" if job.server.kind == "gitlab" else "PATCH",
    ]


def test_only_a_comment_with_the_mark_by_this_login_is_edited(job: Job) -> None:
    state = job.server.state
    state.say(12, "mallory", body("production", "forged"))
    state.say(12, job.me, "a note of another tool with the same login")
    state.say(12, job.me, f"{marker('production')}\nquoted at the top")
    state.say(13, job.me, body("production", "on another pull request"))
    if job.server.kind == "github":
        state.say(12, None, body("production", "by somebody who is gone"))
    before = [one["body"] for one in state.comments]
    assert upsert(job, production="mine") == {"production": Written.ADDED}
    assert [one["body"] for one in state.comments[:-1]] == before


def test_its_comment_is_found_on_a_later_page(job: Job) -> None:
    for number in range(11):
        job.server.state.say(12, "somebody", f"comment {number}")
    job.server.state.say(12, job.me, body("production", "old"))
    assert upsert(job, production="new") == {"production": Written.EDITED}
    assert len(said(job)) == 12


def test_comments_of_what_is_no_longer_touched_and_doubles_say_so(job: Job) -> None:
    upsert(job, production="one", sandbox="one")
    job.server.state.say(12, job.me, body("production", "a double of a race"))
    upsert(job, production="two")
    assert said(job) == ["**production**: two", "**sandbox**: outdated", "**production**: outdated"]
    asked = len([one for one in job.server.asked if one.method != "GET"])
    upsert(job, production="two")
    assert len([one for one in job.server.asked if one.method != "GET"]) == asked, "said once"
    upsert(job)
    assert said(job)[0] == "**production**: outdated"


def test_line_ends_that_a_forge_changes_are_no_difference(job: Job) -> None:
    job.server.state.say(12, job.me, body("production", "one").replace("\n", "\r\n").rstrip())
    assert upsert(job, production="one") == {"production": Written.UNCHANGED}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_comment_that_may_have_been_added_is_looked_for_before_it_is_added_again(job: Job, status: int) -> None:
    job.server.troubles.append((r"POST .*", Reply(status, {"message": "later"}, {"X-After": "yes"})))
    assert upsert(job, production="one") == {"production": Written.UNCHANGED}
    assert said(job) == ["**production**: one"]


def test_a_comment_whose_answer_was_lost_is_not_added_twice(job: Job) -> None:
    job.server.troubles.append((r"POST .*", Reply(0, headers={"X-After": "yes"}, drop=True)))
    upsert(job, production="one")
    assert said(job) == ["**production**: one"]


def test_a_request_that_was_refused_for_its_rate_is_sent_again_when_the_forge_says(job: Job) -> None:
    job.server.troubles += [
        (r"GET .*", Reply(429, {"message": "slow down"}, {"Retry-After": "7"})),
        (r"POST .*", Reply(429, {"message": "slow down"}, {"Retry-After": "11"})),
    ]
    if job.server.kind == "github":
        limited = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}
        job.server.troubles.append((r"GET .*comments", Reply(403, {"message": "API rate limit exceeded"}, limited)))
    assert upsert(job, production="one") == {"production": Written.ADDED}
    assert 7.0 in job.waited
    assert 11.0 in job.waited
    assert said(job) == ["**production**: one"]


def test_reads_are_tried_again_and_given_up(job: Job) -> None:
    job.server.troubles += [(r"GET .*", Reply(503, {}))] * 3
    assert upsert(job, production="one") == {"production": Written.ADDED}
    job.server.troubles += [(r"GET .*", Reply(503, {}))] * 5
    with pytest.raises(ForgeError, match="was answered 503"):
        upsert(job, production="two")
    job.server.troubles.clear()


@pytest.mark.parametrize("reply", [Reply(200, drop=True), Reply(200, [], cut=True)])
def test_reads_without_a_whole_answer_are_tried_again_and_given_up(job: Job, reply: Reply) -> None:
    job.server.troubles += [(r"GET .*(comments|notes)", reply)] * 3
    assert upsert(job, production="one") == {"production": Written.ADDED}
    job.server.troubles += [(r"GET .*(comments|notes)", reply)] * 5
    with pytest.raises(ForgeError, match="got no answer"):
        upsert(job, production="two")


def test_a_comment_whose_answer_was_cut_is_not_added_twice(job: Job) -> None:
    job.server.troubles.append((r"POST .*", Reply(201, {}, {"X-After": "yes"}, cut=True)))
    assert upsert(job, production="one") == {"production": Written.UNCHANGED}
    assert said(job) == ["**production**: one"]


def test_an_answer_without_end_is_not_read_to_its_end(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.forge.http._LARGEST", 1000)
    job.server.troubles.append((r"GET .*(comments|notes)", Reply(200, ["x" * 2000])))
    with pytest.raises(ForgeError, match="larger than anything"):
        upsert(job, production="one")


def test_a_pause_that_nobody_would_wait_for_is_an_error(job: Job) -> None:
    job.server.troubles.append((r"GET .*", Reply(429, {"message": "come back"}, {"Retry-After": "3600"})))
    with pytest.raises(ForgeError, match="429"):
        upsert(job, production="one")
    assert job.waited == []


def test_a_refusal_is_told_without_the_token(job: Job) -> None:
    wrong = {**job.environ, "GITHUB_TOKEN": "canary-wrong", "RECONCILER_GITLAB_TOKEN": "canary-wrong"}
    with pytest.raises(ForgeError) as told:
        list(forge_of(wrong, job.waited.append).comments())
    assert "401" in told.value.message
    assert "canary" not in repr(told.value) + str(told.value.hint)


def test_a_redirect_is_not_followed_with_a_token(job: Job) -> None:
    elsewhere = {"Location": "http://127.0.0.1:9/elsewhere"}
    job.server.troubles.append((r"GET .*", Reply(301, {"message": "Moved Permanently"}, elsewhere)))
    with pytest.raises(ForgeError, match="301"):
        upsert(job, production="one")


def test_an_answer_that_is_no_list_is_told(job: Job) -> None:
    job.server.troubles.append((r"GET .*(comments|notes)", Reply(200, {"message": "hello"})))
    with pytest.raises(ForgeError, match="not what the forge documents"):
        upsert(job, production="one")
    job.server.troubles.append((r"GET .*(comments|notes)", Reply(200, b"<html>")))
    with pytest.raises(ForgeError, match="not what the forge documents"):
        upsert(job, production="one")


@pytest.mark.parametrize("url", ["http://forge.example/api", "ftp://127.0.0.1/", "https://", "//x", "file:///etc"])
def test_a_token_is_sent_over_https_or_to_this_machine_only(url: str) -> None:
    with pytest.raises(ForgeError, match="no https address"):
        Access(url, "Authorization", Secret("canary"))


def test_a_job_without_a_token_or_a_pull_request_says_so(job: Job) -> None:
    for name in ("GITHUB_TOKEN", "RECONCILER_GITLAB_TOKEN"):
        with pytest.raises(CredentialError) if name in job.environ else pytest.raises(UsageError):
            forge_of(
                {key: value for key, value in job.environ.items() if key not in (name, "x")}
                | ({} if name in job.environ else {"GITHUB_ACTIONS": "", "GITLAB_CI": ""})
            )
    numberless = {
        key: value for key, value in job.environ.items() if key not in {"GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_IID"}
    }
    with pytest.raises(UsageError, match="request"):
        forge_of(numberless).add_comment("x")


def test_a_personal_token_is_known_by_its_own_name(job: Job) -> None:
    job.server.user = "ann"
    job.server.state.say(12, job.me, body("production", "of the bot"))
    assert upsert(job, production="mine") == {"production": Written.ADDED}
    assert upsert(job, production="mine again") == {"production": Written.EDITED}


def test_one_issue_is_opened_edited_closed_and_opened_again(job: Job) -> None:
    assert drift(job, needed=False, settled=False) is Written.NOT_NEEDED
    assert drift(job, settled=True) is Written.NOT_NEEDED
    assert drift(job, "one", needed=True) is Written.ADDED
    assert drift(job, "two", needed=True) is Written.EDITED
    assert drift(job, "two", needed=True) is Written.UNCHANGED
    assert drift(job, "waits") is Written.EDITED, "only waiting neither opens nor closes"
    assert job.server.state.issues[0]["open"]
    assert drift(job, "fine", settled=True) is Written.CLOSED
    assert drift(job, "waits") is Written.NOT_NEEDED
    assert not job.server.state.issues[0]["open"]
    assert drift(job, "again", needed=True) is Written.EDITED
    (issue,) = job.server.state.issues
    assert (issue["open"], issue["body"].splitlines()[0]) == (True, "again")


def test_issues_of_others_and_pull_requests_are_never_edited(job: Job) -> None:
    state = job.server.state
    for author, text in (("mallory", f"forged\n{MARK}"), (job.me, f"{MARK}\nquoted"), (job.me, "another")):
        state.file_issue(author, "x", text, ["reconciler-drift"])
    if job.server.kind == "github":
        state.file_issue(job.me, "a pull request", f"x\n{MARK}", ["reconciler-drift"])["pull"] = True
    before = [one["body"] for one in state.issues]
    assert drift(job, needed=True) is Written.ADDED
    assert [one["body"] for one in state.issues[:-1]] == before


def test_an_issue_that_may_have_been_opened_is_looked_for_first(job: Job) -> None:
    job.server.troubles.append((r"POST .*/issues", Reply(502, {}, {"X-After": "yes"})))
    drift(job, needed=True)
    assert len(job.server.state.issues) == 1


def test_what_a_forge_would_not_take_is_cut_and_still_found_again(job: Job) -> None:
    huge = "\n".join(f"line {number} {'x' * 90}" for number in range(20_000))
    upsert(job, production=huge)
    (comment,) = job.server.state.on(12)
    assert len(comment["body"]) <= job.forge.longest_body
    assert marked_for(comment["body"]) == "production"
    assert "more lines did not fit" in comment["body"]
    assert upsert(job, production=huge) == {"production": Written.UNCHANGED}


@given(st.lists(st.text("ab \r", max_size=30), max_size=40), st.integers(200, 600))
def test_whatever_is_cut_fits_and_keeps_its_mark(lines: list[str], longest: int) -> None:
    text = "\n".join([*lines, MARK])
    cut = fitting(text, longest)
    assert len(cut) <= longest
    assert last_line(cut) == MARK
    assert cut == text or len(text) > longest


def test_neither_token_is_anywhere_but_in_its_header(job: Job) -> None:
    upsert(job, production="one")
    for one in job.server.asked:
        shown = f"{one.path}{one.query}{one.body}"
        assert GITHUB_TOKEN not in shown
        assert GITLAB_TOKEN not in shown
