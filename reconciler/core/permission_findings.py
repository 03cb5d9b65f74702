"""Findings about what the roles of the two logins may do, told by their permissions and by what answers."""

from collections.abc import Collection, Iterator

from reconciler.core.diagnosis_finding import Finding, Section, Verdict
from reconciler.core.examination import VIEW, Examination, LoginLook, TableState
from reconciler.core.live import ADMINISTRATOR
from reconciler.core.profiles import (
    ADMINISTRATIVE,
    DANGEROUS,
    HARMLESS,
    LOOKING,
    WORKBOOK,
    WRITING_PEOPLE,
    Need,
    Profile,
)

_SOME_ROLE = "the role of this login"
_ANSWERS = {TableState.ROWS, TableState.EMPTY}


def looking_findings(seen: Examination) -> Iterator[Finding]:
    """Each permission and each table that reading, planning and verifying need."""
    login = seen.login
    if login.role_id == ADMINISTRATOR:
        text = "the role is Administrator, which sees everything"
        yield Finding(Section.PERMISSIONS, "administrator", Verdict.OK, text)
    else:
        yield from _of_permissions(seen)
    if login.limits:
        text = f"the role is restricted by {' and '.join(login.limits)}, so people may be hidden from it"
        hint = f"{_edit(login)}: no employee restriction, all subsidiaries; Save"
        yield Finding(Section.PERMISSIONS, "role-restricted", Verdict.MISSING, text, (hint,))


def _of_permissions(seen: Examination) -> Iterator[Finding]:
    login = seen.login
    rule, text = f"permission-{WORKBOOK.key}", f"{WORKBOOK}: {WORKBOOK.purpose}"
    if not any(state in _ANSWERS for state in seen.tables.values()):
        text += "; no table answers, and what else is missing shows after that"
        clicks = (WORKBOOK.clicks(login.role or _SOME_ROLE),)
        yield Finding(Section.PERMISSIONS, rule, Verdict.MISSING, text, clicks)
        return
    # Whatever its level is, a query was answered.
    yield Finding(Section.PERMISSIONS, rule, Verdict.OK, text)
    lacking = {table for need in LOOKING if login.level_of(need.key, need.name) == 0 for table in need.tables}
    for need in LOOKING:
        yield _needed(need, login, seen, lacking)


def _needed(need: Need, login: LoginLook, seen: Examination, lacking: Collection[str]) -> Finding:
    """How it stands with one need; `lacking` are the tables that another missing permission keeps shut."""
    level = login.level_of(need.key, need.name)
    answers = any(seen.tables.get(table) in _ANSWERS for table in need.tables)
    clicks = (need.clicks(login.role or _SOME_ROLE),)
    rule = f"permission-{need.key}"
    if level is None:
        if answers and not need.is_silent:
            text = f"{need}: {need.purpose}; {_tables(need)} answers"
            return Finding(Section.PERMISSIONS, rule, Verdict.OK, text)
        hidden = bool(need.tables) and not answers
        verdict = Verdict.MISSING if hidden else Verdict.UNKNOWN
        return Finding(Section.PERMISSIONS, rule, verdict, f"{need}: {need.purpose}", clicks)
    if level < need.level:
        return Finding(Section.PERMISSIONS, rule, Verdict.MISSING, f"{need}: {need.purpose}", clicks)
    if need.tables and not answers and not any(table in lacking for table in need.tables):
        text = f"{need}: the role holds it, and {_tables(need)} does not answer all the same"
        hint = "the feature may be off (Setup > Company > Enable Features), or another permission may be needed"
        return Finding(Section.PERMISSIONS, rule, Verdict.UNKNOWN, text, (hint,))
    return Finding(Section.PERMISSIONS, rule, Verdict.OK, f"{need}: {need.purpose}")


def _tables(need: Need) -> str:
    return f"table {' or '.join(need.tables)}"


def read_only_findings(login: LoginLook) -> Iterator[Finding]:
    """Evidence that the reading login cannot write: what its role may do beyond looking."""
    hint = "use a role of its own for reading, with View permissions only"
    if login.role_id == ADMINISTRATOR:
        text = "the role is Administrator: it can write everything, and only this tool's own rule keeps it from that"
        yield Finding(Section.READ_ONLY, "login-can-write", Verdict.LOOK, text, (hint,))
        return
    if login.permissions is None:
        text = "the permissions of the role are not to be seen"
        yield Finding(Section.READ_ONLY, "login-can-write", Verdict.UNKNOWN, text)
        return
    above = [one for one in login.permissions if one.level > VIEW and one.key not in HARMLESS]
    above += [one for one in login.permissions if one.key in ADMINISTRATIVE and one not in above]
    access = sorted(str(one) for one in above if one.key in DANGEROUS)
    other = sorted(str(one) for one in above if one.key not in DANGEROUS)
    if access:
        text = f"the role may change who may do what: {', '.join(access)}"
        yield Finding(Section.READ_ONLY, "login-can-write", Verdict.LOOK, text, (f"{_edit(login)}: set them to View",))
    else:
        text = (
            "the role is not Administrator, has no core administration, and may only view employees, roles and tokens"
        )
        yield Finding(Section.READ_ONLY, "login-cannot-write-access", Verdict.OK, text)
    if other:
        text = f"the role may change other records: {', '.join(other)}"
        yield Finding(
            Section.READ_ONLY, "login-can-write-records", Verdict.LOOK, text, (f"{_edit(login)}: set them to View",)
        )


def _edit(login: LoginLook) -> str:
    return f"Setup > Users/Roles > Manage Roles > {login.role or _SOME_ROLE} > Edit"


def writing_findings(seen: Examination, profile: Profile) -> Iterator[Finding]:
    """Whether writing employees' roles can work, told without writing: no request of doctor changes anything."""
    look = seen.apply_login
    if look is None or not look.works:
        return
    if look.role_id == ADMINISTRATOR:
        text = "the role is Administrator, the only one that may edit administrators"
        yield Finding(Section.WRITING, "administrator", Verdict.OK, text)
    elif profile is Profile.OWNER:
        text = f"only an Administrator may edit administrators, and the role is {look.role or 'not known'}"
        hint = "log in with a token or certificate of the Administrator role, or let a person make those changes"
        verdict = Verdict.MISSING if look.role_id else Verdict.UNKNOWN
        yield Finding(Section.WRITING, "not-administrator", verdict, text, (hint,))
    if look.role_id != ADMINISTRATOR:
        yield from _of_people(look, seen)
    yield from _by_catalog(seen)
    text = "that NetSuite takes the roles of an employee by REST is likely and not documented; no look can prove it"
    hint = "try it in a sandbox first: apply writes, reads again, and says when it did not work"
    yield Finding(Section.WRITING, "roles-by-rest", Verdict.LOOK, text, (hint,))


def _of_people(look: LoginLook, seen: Examination) -> Iterator[Finding]:
    for need in WRITING_PEOPLE:
        level = look.level_of(need.key, need.name)
        clicks = (need.clicks(look.role or "the role of apply_login"),)
        rule, text = f"permission-{need.key}", f"{need}: {need.purpose}"
        if level is None:
            yield Finding(Section.WRITING, rule, Verdict.UNKNOWN, text, clicks)
        elif level >= need.level:
            yield Finding(Section.WRITING, rule, Verdict.OK, text)
        elif need.only_with and not seen.features.get(need.only_with):
            # No role of the account holds it, so NetSuite may not even offer it.
            text += "; NetSuite asks for it where the feature Advanced Employee Permissions is on"
            yield Finding(Section.WRITING, rule, Verdict.LOOK, text, clicks)
        else:
            yield Finding(Section.WRITING, rule, Verdict.MISSING, text, clicks)


def _by_catalog(seen: Examination) -> Iterator[Finding]:
    if seen.roles_described is None:
        text = "the metadata catalog does not say whether an employee has roles by REST"
        yield Finding(Section.WRITING, "catalog", Verdict.LOOK, text)
    elif seen.roles_described:
        text = "the metadata catalog describes the roles of an employee by REST"
        yield Finding(Section.WRITING, "catalog", Verdict.OK, text)
    else:
        text = "the metadata catalog does not describe the roles of an employee by REST for this login"
        hint = "grant Employee Record and REST Web Services to its role"
        yield Finding(Section.WRITING, "catalog", Verdict.MISSING, text, (hint,))
