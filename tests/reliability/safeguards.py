"""Every safeguard of the product, how it is taken out, and the tests that must notice.

`make mutants` (scripts/mutants.py) takes out one after the other in a copy; tests/reliability/test_safeguards.py checks
that none is missing here and that each still stands in the code as it is written here.
"""

from typing import Final

from tests.reliability.safeguard import CORE, NETSUITE, STORE, Safeguard
from tests.reliability.safeguard import safeguards_of as _of
from tests.reliability.safeguards_beside import SAFEGUARDS_BESIDE

_ORDER: Final = {
    "grant-before-create": "_grant_the_token_role_before_creating_its_token",
    "administrator-last": "_grant_what_a_token_needs_before_other_roles",
    "grant-before-enter": "_grant_all_roles_before_the_token_is_used",
    "grant-before-touch": "_grant_all_roles_before_an_old_token_is_touched",
    "enable-before-create": "_enable_the_integration_before_its_token_is_created",
    "enable-before-enter": "_enable_the_integration_before_its_token_is_used",
    "create-before-enter": "_create_before_entering",
    "prove-before-quiet": "_prove_the_new_token_before_waiting_for_silence",
    "prove-before-touch": "_prove_the_new_token_before_touching_an_old_one",
    "quiet-before-deactivate": "_wait_for_silence_before_deactivating",
    "deactivate-before-revoke": "_deactivate_before_revoking",
    "revoke-before-remove": "_revoke_before_removing_the_role",
    "prove-before-remove": "_prove_the_new_token_before_removing_a_role",
    "activate-before-give": "_activate_before_anything_else_is_given",
    "access-before-token": "_let_the_owner_in_before_their_token_is_made",
    "grant-before-access": "_grant_roles_before_giving_access",
    "grant-before-remove": "_grant_roles_before_removing_others",
    "revoke-before-leaving": "_revoke_before_removing_the_owner",
    "access-before-inactive": "_remove_access_before_inactivating",
}
_HOLDING: Final = {
    "own-access": "_own_access, is_final=True",
    "min-administrators": "_min_administrators",
    "last-role": "_last_role",
    "protected-employees": "_protected_employees",
    "max-removals": "_max_removals",
    "freeze": "_freeze",
    "declares-less": "_declares_less",
    "working-token": "_working_token, is_final=True",
}
RULES_NAMED: Final = tuple(_ORDER)
GUARDS_NAMED: Final = tuple(_HOLDING)

_RULES: Final = _of(
    f"{CORE}ordering.py",
    ("tests/core/test_ordering.py", "tests/core/test_promises.py"),
    *((f"{check},", "lambda *_: False,") for check in _ORDER.values()),
)
_GUARDS: Final = _of(
    f"{CORE}guards.py",
    ("tests/core/test_guards.py", "tests/core/test_promises.py"),
    *((f", {check}),", ", lambda _: iter(())),") for check in _HOLDING.values()),
    ("own |= {(employee_id, EVERY_ROLE) for employee_id, _ in own}", ""),
    ("if unknown and removals:", "if False:"),
    ("if removals and len(visible - lost) < least:", "if removals and len(visible) < least:"),
    (
        "or _makes_administrator(step.operation))\n",
        ")\n",
    ),
) + _of(
    f"{CORE}guarding.py",
    ("tests/core/test_guards.py", "tests/core/test_promises.py"),
    ("None if guard.is_final else overrides.get(guard.rule)", "overrides.get(guard.rule)"),
    ("if rule is None or step.status is not Status.READY:", "if True:"),
)
_SECOND_OPINION: Final = _of(
    f"{CORE}safety.py",
    ("tests/core/test_guards.py", "tests/core/test_promises.py"),
    ("return token.id in self._at_work", "return False"),
    ("return self._any_at_work(self._by_role.get((employee.id, role.id), ()))", "return False"),
    ("return self._any_at_work(self._by_owner.get(employee.id, ()))", "return False"),
    (" or token.id in self._foreign", ""),
)
_EVIDENCE: Final = _of(
    f"{CORE}evidence.py",
    ("tests/core/test_evidence.py", "tests/core/test_handover.py", "tests/core/test_retire.py", "tests/core"),
    (
        "if token.created is None and self._shares_its_name(token):\n            return Proof",
        "if False:\n            return Proof",
    ),
    ("if token.created is None or instant >= token.created\n        }", "if True\n        }"),
    ("if other is not None and other.last >= last:", "if other is not None and other.last > last:"),
    ("is_proven = len(instants) > 1 and", "is_proven ="),
    ("len(instants) > 1 and self._is_surely_of(token, last)", "len(instants) > 1"),
    ("return instant >= token.created + _FARTHEST_ZONES", "return instant >= token.created"),
    (", *self._under_lost_names]", "]"),
    (
        'group.user_id in {"", token.owner_id}\n            and (not',
        "group.user_id == token.owner_id\n            and (not",
    ),
    ("and (not group.success or (own and", "and ((own and"),
    ("max(self.last_sign_of(token) or _EVER, proof.first or _EVER)", "proof.first or _EVER"),
    ("max(self.last_sign_of(token) or _EVER, proof.first or _EVER)", "self.last_sign_of(token) or _EVER"),
    ("if not live.unread(Gapped.EMPLOYEES):", "if True:"),
    ("if not live.unread(Gapped.ROLES):", "if True:"),
    ("and not live.unread(Gapped.GRANTS)\n", "\n"),
    ("if token.created is None or newest.last >= token.created), None)", "if True), None)"),
    ("if len(ids) > 1 for identifier in ids", "if len(ids) > 99 for identifier in ids"),
    (
        "return group.role_id == token.role_id or (not group.role_id and not self._shares_its_name(token))",
        "return True",
    ),
    ("and not self._shares_its_name(token))", ")"),
)
_JUDGED: Final = _of(
    f"{CORE}handover.py",
    ("tests/core/test_handover.py", "tests/core/test_retire.py", "tests/core"),
    ("self.proof.use is Use.PROVEN and self.evidence.can_log_in(self.keep)", "self.proof.use is Use.PROVEN"),
    ("return self.tokens_known and (self.keep is None or self.logins_known)", "return True"),
    ("return self.tokens_known and self.logins_known", "return True"),
    ("if not self.removes or (self.keep is not None and self.keep.id in twins):", "if not self.removes:"),
    (" for token in self.others if token.id not in twins)", " for token in self.others)"),
    ("not_before is not None and not_before <= live.read_at.date()", "not_before is not None"),
)
_HOLDS: Final = _of(
    f"{CORE}token_items.py",
    ("tests/core/test_retire.py", "tests/core/test_handover.py", "tests/core"),
    ("while (name := f", "if (name := f"),
    ("hold = None if judged.logins_known else ", "hold = None if True else "),
    ("    hold = _why_not_touched(judged)\n", "    hold = None\n"),
    ("hold = hold or _why_not_revoked(judged, token, until)", ""),
    ("if judged.evidence.can_log_in(token):\n            yield _quiet", "if False:\n            yield _quiet"),
    ("return Item(operation, judged.address, hold=hold)\n    sign", "pass\n    sign"),
    ("done = judged.in_charge and judged.live.read_at >= until", "done = judged.live.read_at >= until"),
    ("done = judged.in_charge and judged.live.read_at >= until", "done = judged.in_charge"),
    ("if judged.keep is not None and not judged.evidence.can_log_in(judged.keep):", "if False:"),
    ('if judged.live.unread(Gapped.AUDIT_CLOCK):\n        return "cannot', 'if False:\n        return "cannot'),
    ('if judged.live.unread(Gapped.PERMISSIONS):\n        return "cannot', 'if False:\n        return "cannot'),
    ("if last is not None and (sign is None or last > sign):", "if True:"),
    ("if judged.live.read_at < until:", "if False:"),
    ("if last <= until:", "if False:"),
)
_RETIRING: Final = _of(
    f"{CORE}retire.py",
    ("tests/core/test_retire.py", "tests/core"),
    ("        if stays:\n", "        if False:\n"),
    ("elif not doubtful & {role.name, (role.script_id or role.name).lower()}:", "else:"),
    ("found.keys() - kept", "found.keys()"),
    ("elif _may_lose(key, live, one) and key not in staying:", "elif _may_lose(key, live, one):"),
    ("one.removes\n        and ", ""),
    ("and one.resolved.standby_known\n", "\n"),
    ("and role_id != ADMINISTRATOR\n", "\n"),
    ("if one.evidence.indistinguishable():", "if False:"),
    ("if one.keep is not None and not one.evidence.can_log_in(one.keep):", "if False:"),
    ("staying |= {(one.person.id, role.id) for one in people for role, _ in one.roles}", ""),
)
_PEOPLE: Final = _of(
    f"{CORE}employees.py",
    ("tests/core/test_employees.py", "tests/core"),
    (
        'yield Item(RemoveRole(person, role, ()), f"{entry.address}.roles", hold=used)',
        'yield Item(RemoveRole(person, role, ()), f"{entry.address}.roles")',
    ),
    (
        'yield Item(RemoveAccess(person), f"{entry.address}.access", hold=used)',
        'yield Item(RemoveAccess(person), f"{entry.address}.access")',
    ),
    (
        'yield Item(Inactivate(person), f"{entry.address}.active", hold=used)',
        'yield Item(Inactivate(person), f"{entry.address}.active")',
    ),
    ("if used is None and person.id in owners_in_doubt:", "if False:"),
    (
        "employee_id not in live.last_token_logins or live.unread(*_NEEDED_TO_TAKE_AWAY):",
        "employee_id not in live.last_token_logins:",
    ),
    ("return last is None or live.read_at - last >= within", "return True"),
    ("if (person.id, role_id) not in needed\n", "if True\n"),
    ("if key is not None and (entry.active is False or entry.access is False):", "if False:"),
    ("    if len(entries) > 1:\n", "    if False:\n"),
)
_WHO: Final = (
    _of(
        f"{CORE}layout.py",
        ("tests/core/test_employees.py", "tests/core"),
        ("if role.id != ADMINISTRATOR and _may_write(employee, world):", "if _may_write(employee, world):"),
        ("world.desired.can_write and (world.writes_as_administrator or not administrator)", "world.desired.can_write"),
        ("return world.desired.can_write and (", "return ("),
        ("if item.hold is not None or not done.issuperset(needs):", "if item.hold is not None:"),
        ("if item.hold is not None or not done.issuperset(needs):", "if not done.issuperset(needs):"),
    )
    + _of(
        f"{CORE}identity.py",
        ("tests/test_pipeline.py", "tests/core"),
        ("    if declared is None:\n", "    if False:\n"),
        ("if found is not None and found != declared:", "if False:"),
    )
    + _of(
        f"{CORE}resolve.py",
        ("tests/core/test_resolve.py", "tests/core/test_employees.py", "tests/core"),
        ("if person is None or person.access:\n", "if True:\n"),
        ("        if len(ids) > 1:\n            self.complain", "        if False:\n            self.complain"),
    )
)
_APPROVAL: Final = _of(
    f"{CORE}approval.py",
    ("tests/core/test_approval.py", "tests/cli/test_saved_plan.py"),
    ("            if then != is_now:\n", "            if False:\n"),
    ("            yield from map(_stale, _edited(approved, now))\n", "            pass\n"),
    ("if digest(desired, approved.observed, approved.only) != approved.digest:", "if False:"),
    ("yield from (_stale(_told(one)) for one in moved)", "yield from ()"),
    ("for step in now.ready(Actor.RECONCILER) if not self.covers(step)]", "for step in ()]"),
) + _of(
    f"{CORE}progress.py",
    ("tests/core/test_approval.py",),
    ("may_go = judged.keep is not None and judged.keep.id != token_id", "may_go = True"),
    ("goes_on = _TOKEN_STATES.index(now[3]) > _TOKEN_STATES.index(before[3])", "goes_on = True"),
    ("and all((now.id, role) in self._gains for role in now.roles - before.roles)\n", "\n"),
    ("and all(self._may_lose(now.id, role) for role in before.roles - now.roles)\n", "\n"),
    ("(before.active == now.active or any(entry.active == now.active for entry in entries))\n            and ", ""),
    ("and (before.access == now.access or any(entry.access == now.access for entry in entries))\n", "\n"),
    ("(employee_id, role_id) not in self._stays and (", "("),
    (" and now[1] == IntegrationState.ENABLED", ""),
    (
        "return now is not None and (before is None or (judged.keep is not None and now[0] == judged.keep.id))",
        "return now is not None",
    ),
    ("return before is None or before[1] != Use.PROVEN", "return True"),
)
_APPLY: Final = (
    _of(
        "reconciler/pipeline.py",
        ("tests/test_pipeline.py", "tests/cli/test_prompt.py", "tests/cli/test_saved_plan.py"),
        ("consent.approval.require_unmoved(desired, first.live, first.plan)", "pass"),
        ("if not consent.ask(first.plan):", "if not consent.ask(first.plan) and False:"),
        ("Approval(agreed.plan).require_unmoved(desired, now.live, now.plan)", ""),
        ("require_declared_logins(desired, first.live, _identity_of(writer))", ""),
        ("now = again()", ""),
        ("settled(tuple(done.results), now.whole)", "tuple(done.results)"),
        ("            self._record.before(step)\n", ""),
        ("                self._record.after(result)\n", ""),
        ("    record.begin(_approved(first, consent), desired, consent.overrides)\n    done", "    done"),
    )
    + _of(
        "reconciler/cli/applying.py",
        ("tests/cli/test_prompt.py",),
        ("takes_time=asks_a_person", "takes_time=False"),
    )
    + _of(
        "reconciler/executor.py",
        ("tests/test_executor.py",),
        ("                in_doubt.add(employee_id)\n".removeprefix("    "), "            pass\n"),
        ("Outcome.UNKNOWN if error.sent else Outcome.FAILED", "Outcome.FAILED"),
        ("contradicted=True", "contradicted=False"),
    )
)
_WRITING: Final = (
    _of(
        f"{NETSUITE}employee_writer.py",
        ("tests/netsuite/test_employee_writer.py",),
        ("        if not wanted:\n", "        if False:\n"),
        ("        if held != expected:\n", "        if False:\n"),
        ("            if isinstance(error, UnansweredError) and not error.sent:\n", "            if False:\n"),
        ("return self._settled(part, employee_id, expected, wanted, error)\n", "raise\n"),
        ("        if not part.is_in(found, expected, wanted):\n", "        if False:\n"),
        ("        if part.is_in(found, expected, wanted):\n            return found\n", "        return found\n"),
        ("        if found == expected:\n", "        if False:\n"),
        (
            'if not isinstance(record, Mapping) or record.get("id") != employee_id:\n        raise',
            "if not isinstance(record, Mapping):\n        raise",
        ),
        ("if not complete or not counted or None in found:", "if not counted or None in found:"),
        ("if not complete or not counted or None in found:", "if not complete or None in found:"),
        ("if not complete or not counted or None in found:", "if not complete or not counted:"),
        ("        if not isinstance(value, bool):\n", "        if False:\n"),
        ("raise UnansweredError(message, sent=False, hint=error.hint) from error", "raise"),
        ("raise UnansweredError(sent + error.message, sent=True, hint=error.hint) from error", "raise"),
    )
    + _of(
        f"{NETSUITE}client.py",
        ("tests/netsuite/test_client.py", "tests/netsuite/test_employee_writer.py"),
        ('return method == "GET" or (method == "POST" and path == SUITEQL)', "return True"),
        ('return method in {"GET", "PATCH"} and _ONE_EMPLOYEE.fullmatch(path) is not None', "return True"),
        ("    if not _ID.fullmatch(employee_id):\n", "    if False:\n"),
        ('{"replace": "roles"}', "{}"),
    )
    + _of(
        f"{NETSUITE}transport.py",
        ("tests/netsuite/test_client.py",),
        ("if parts[:2] != self._origin or not self._allows(method, parts.path):", "if parts[:2] != self._origin:"),
        (
            "if parts[:2] != self._origin or not self._allows(method, parts.path):",
            "if not self._allows(method, parts.path):",
        ),
        ("allow_redirects=False", "allow_redirects=True"),
    )
    + _of(
        f"{NETSUITE}connection.py",
        ("tests/netsuite/test_client.py", "tests/netsuite/test_employee_writer.py"),
        ("return outcome.passing and (call.reads or not outcome.sent)", "return outcome.passing"),
        ("return call.reads and passing and (", "return passing and ("),
        ("if answer.status in FAILURE and not call.reads:", "if False:"),
    )
    + _of(
        f"{NETSUITE}assembly.py",
        ("tests/netsuite/test_live_state.py",),
        (", *_half_told(people.values())}", "}"),
        ("return token.live or token.application in scope.applications", "return token.live"),
    )
    + _of(
        f"{NETSUITE}suiteql.py",
        ("tests/netsuite/test_suiteql.py", "tests/reliability/test_answers.py"),
        ("        if keys & seen:\n", "        if False:\n"),
        ("if not cut and last.total != len(rows):", "if False:"),
        ("if page.offset != offset or page.count != len(page.items) or page.total", "if page.total"),
        ("or page.total < offset + page.count:", "or False:"),
        ("if total is not None and page.total != total:", "if False:"),
        ("    if page.more and page.count != PAGE:\n", "    if False:\n"),
    )
)
_LOCK: Final = (
    _of(
        f"{STORE}lock.py",
        ("tests/test_keeping.py", "tests/store/test_lock.py"),
        ("        if holder is not None:\n            return None, holder\n", ""),
        ("            if left <= 0:\n", "            if False:\n"),
        ("return held if is_whole else None", "return held"),
        ("if held is None or held.expires <= self._clock.now():", "if held is None:"),
        ("        if held.id != lock_id:\n", "        if False:\n"),
        (
            "        if held is None or held.id != self.held.id:\n            raise self._lost(",
            "        if False:\n            raise self._lost(",
        ),
        ("            held = _read(self._objects.read(self._key))\n", "            held = self.held\n"),
        (
            "if held.expires <= self._clock.now() or self._clock.steady() >= self._alive_until:",
            "if self._clock.steady() >= self._alive_until:",
        ),
        (
            "if held.expires <= self._clock.now() or self._clock.steady() >= self._alive_until:",
            "if held.expires <= self._clock.now():",
        ),
        (
            "            raise KeepingError(message, hint=error.hint) from error\n",
            "            return\n",
        ),
        ("if found is None or held is None or held.id != self.held.id:", "if found is None or held is None:"),
        (
            '        except ConflictError as error:\n            message = f"The lock of {self._environment} changed',
            '        except KeyError as error:\n            message = f"The lock of {self._environment} changed',
        ),
        (
            "            raise FreeLockError(\n",
            "            return held\n            raise FreeLockError(\n",
        ),
    )
    + _of(
        f"{STORE}folder.py",
        ("tests/store/test_objects.py", "tests/store/test_lock.py", "tests/store/test_journal_file.py"),
        ("                if (found.version if found else None) != expected:\n", "                if False:\n"),
        ("            fcntl.flock(mutex, fcntl.LOCK_EX)\n", ""),
        ("if not mark or mark != _running_kernel():", "if not mark:"),
    )
    + _of(
        f"{STORE}bucket.py",
        ("tests/store/test_objects.py", "tests/store/test_lock.py"),
        ('return self._put(key, content, "create")', 'return self._put(key, content, "overwrite")'),
        ("return self._put(key, content, json.loads(version))", 'return self._put(key, content, "overwrite")'),
    )
    + _of(
        "reconciler/wiring/keeping.py",
        (
            "tests/test_keeping.py",
            "tests/test_pipeline.py",
            "tests/reliability/test_two_at_once.py",
            "tests/reliability/test_lost_lock.py",
            "tests/cli/test_remembering.py",
        ),
        (
            "    def before(self, step: Step) -> None:\n        self._lease.require()\n",
            "    def before(self, step: Step) -> None:\n",
        ),
        (
            "        self._lease.require()\n        self._journal = JournalWriter",
            "        self._journal = JournalWriter",
        ),
        (
            "        self._lease.require()\n        self._told",
            "        self._told",
        ),
        ("        self._journal.append(journal.about_to(self._this, step, _now()))\n", ""),
        ("return journal.remembered(entries)", "return journal.remembered(())"),
    )
    + _of(
        f"{NETSUITE}connection.py",
        ("tests/netsuite/test_client.py",),
        ("                self._before_write()\n", "                pass\n"),
    )
    + _of(
        f"{NETSUITE}employee_writer.py",
        ("tests/netsuite/test_concurrent_edits.py",),
        ("        except (NetSuiteError, KeepingError) as error:\n", "        except NetSuiteError as error:\n"),
    )
    + _of(
        "reconciler/cli/applying.py",
        ("tests/reliability/test_lost_lock.py",),
        ("partial(access.open_writer, record.still_held)", "partial(access.open_writer, lambda: None)"),
    )
    + _of(
        "reconciler/pipeline.py",
        ("tests/test_pipeline.py",),
        ("        if not done.results:\n            raise\n", ""),
    )
    + _of(
        "reconciler/wiring/places.py",
        ("tests/test_keeping.py", "tests/cli/test_remembering.py"),
        ('    if ".." in path.parts:\n', "    if False:\n"),
    )
)
_JOURNAL: Final = (
    _of(
        f"{CORE}journal.py",
        ("tests/store/test_journal_file.py",),
        ("if not isinstance(told, str) or _checksum(document) != told:", "if not isinstance(told, str):"),
        (
            "if (entry.number, entry.previous) != ((last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)):",
            "if False:",
        ),
    )
    + _of(
        f"{STORE}journal_file.py",
        ("tests/store/test_journal_file.py",),
        ("        if found is None or found.content != content:\n", "        if found is None:\n"),
        (
            'self._key = f"{self._folder}{max(following, self._least):09}.jsonl"',
            'self._key = f"{self._folder}{following:09}.jsonl"',
        ),
    )
    + _of(
        f"{STORE}saved_file.py",
        ("tests/store/test_plan_file.py",),
        ('    if version.partition(".")[0] != FORMAT:\n', "    if False:\n"),
        ("    _require_valid(path, kind, document, schema)\n", ""),
        ("(ValueError, RecursionError)", "ValueError"),
    )
)

_SAVED: Final = _of(
    f"{STORE}plan_file.py",
    ("tests/store/test_plan_file.py",),
    ("    _require_whole(path, plans)\n", ""),
)

SAFEGUARDS: Final[tuple[Safeguard, ...]] = (
    *_RULES,
    *_GUARDS,
    *_SECOND_OPINION,
    *_EVIDENCE,
    *_JUDGED,
    *_HOLDS,
    *_RETIRING,
    *_PEOPLE,
    *_WHO,
    *_APPROVAL,
    *_APPLY,
    *_WRITING,
    *_LOCK,
    *_JOURNAL,
    *_SAVED,
    *SAFEGUARDS_BESIDE,
)
