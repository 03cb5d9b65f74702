"""The safeguards beside plan and lock: others who act at once, what a pull request brings, what may be said."""

from typing import Final

from tests.reliability.safeguard import CORE, NETSUITE, Safeguard, safeguards_of

_EDITS: Final = (
    "tests/core/test_role_race.py",
    "tests/netsuite/test_watch.py",
    "tests/netsuite/test_concurrent_edits.py",
)
_CONCURRENT_EDITS: Final = (
    safeguards_of(
        f"{NETSUITE}employee_writer.py",
        _EDITS,
        ("undone(expected, wanted, seen, found)", "undone(expected, wanted, (), found)"),
        ("if ADMINISTRATOR in lost.roles or lost.perhaps_removed", "if lost.perhaps_removed"),
        ("if ADMINISTRATOR in lost.roles or lost.perhaps_removed", "if ADMINISTRATOR in lost.roles"),
        (" or lost.perhaps_removed or not whole:", " or lost.perhaps_removed:"),
        ("_, found = self._written(employee_id, found, whole)", "pass"),
        (
            'raise _taken_back(employee_id, lost, f"giving it back failed: {error.message}") from error',
            "return RolesWritten(found, error.message)",
        ),
        ('"" if found == wanted else f"somebody else', '"" if True else f"somebody else'),
        ("            with watch:\n", "            if watch:\n"),
    )
    + safeguards_of(
        f"{CORE}role_race.py",
        _EDITS,
        ("wanted - before <= found and not found & (before - wanted)", "wanted - before <= found"),
        ("wanted - before <= found and not found & (before - wanted)", "not found & (before - wanted)"),
        ("*(each for each in seen if not is_in(each, before, wanted))", "*seen"),
        ("Undone(theirs - before - found, ", "Undone(frozenset(), "),
        ("gone - earlier, gone & earlier)", "gone, frozenset())"),
        ("gone - earlier, gone & earlier)", "frozenset(), frozenset())"),
        ("(found | self.granted) - self.removed", "found | self.granted"),
        ("(found | self.granted) - self.removed", "found - self.removed"),
    )
    + safeguards_of(
        f"{NETSUITE}watch.py",
        _EDITS,
        ("while not self._over.wait(self._every):", "while False:"),
        (
            "            except NetSuiteError:\n                continue\n",
            "            finally:\n                pass\n",
        ),
    )
    + safeguards_of(
        "reconciler/wiring/account.py",
        _EDITS,
        ("LOOK_EVERY if self._environment.concurrency > 1 else None", "LOOK_EVERY"),
    )
)
_ONLY: Final = safeguards_of(
    f"{CORE}selection.py",
    ("tests/core/test_selection.py", "tests/cli/test_only.py"),
    ("more = set(by_id[left.pop()].needs) - self.step_ids", "more = {left.pop()} - self.step_ids"),
    ("            left.extend(more)\n", ""),
    ("if not any(one.covers(address) for address in known):", "if False:"),
    ("re.escape(found[1] or found[2])", "(found[1] or found[2])"),
    ("return len(self.keys) <= len(keys) and _fit", "return _fit"),
    ("if not self.globs or not self.is_new:", "if not self.globs:"),
    ("return (change.address, side.role) in self._roles", "return True"),
    ("if address is None or self._selection.covers(address) or", "if self._selection.covers(address or '') or"),
) + safeguards_of(
    f"{CORE}plan.py",
    ("tests/core/test_selection.py", "tests/cli/test_only.py", "tests/core/test_digest.py"),
    ("selection.require_matches(desired.environment, addresses(desired, judged))", "pass"),
    ("digest(desired, facts, selection.texts)", "digest(desired, facts, ())"),
)
_AGREED: Final = safeguards_of(
    f"{CORE}approval.py",
    ("tests/core/test_approval.py", "tests/cli/test_saved_plan.py"),
    ('            ("account", approved.account, now.account),\n', ""),
    ('            ("emulator", str(approved.emulator).lower(), str(now.emulator).lower()),\n', ""),
    ('            ("--only", _part(approved), _part(now)),\n', ""),
    ("for what in then - is_now)", "for what in ())"),
    ("for what in is_now - then)", "for what in ())"),
    ("Counter([*steps, *(_told_of_change(one) for one in plan.changes)])", "Counter([*steps])"),
    (
        "Counter([*steps, *(_told_of_change(one) for one in plan.changes)])",
        "Counter(map(_told_of_change, plan.changes))",
    ),
    (", after {_after(one)})", ")"),
    ("(one.id, one.kind, one.address) == (step.id, step.kind, step.address)", "one.address == step.address"),
) + safeguards_of(
    "reconciler/pipeline.py",
    ("tests/test_pipeline.py", "tests/cli/test_prompt.py", "tests/cli/test_saved_plan.py"),
    ("    if consent.takes_time:\n", "    if False:\n"),
    (" and (approval is None or approval.covers(step))", ""),
)
_POOL: Final = (
    safeguards_of(
        f"{NETSUITE}pool.py",
        ("tests/netsuite/test_places.py", "tests/netsuite/test_pool.py"),
        ("            self._changed.wait_for(lambda: self._taken < self._open)\n", ""),
        ("            self._open = max(self._open // 2, _FEWEST)\n", ""),
        ("self._rest = min(self._rest * 2 or 1, _MOST_REST)", "pass"),
        ("            if self._good < _GOOD_BEFORE_MORE:\n", "            if False:\n"),
        ("            self._good = 0\n            self._open = max", "            self._open = max"),
        ("self._size = max(min(size, self._size), _FEWEST)", "self._size = max(size, _FEWEST)"),
        ("            self._open = min(self._open, self._size)\n", ""),
        ("        pool = _pools.get(key)\n", "        pool = None\n"),
        ("    pool.at_most(size)\n", ""),
    )
    + safeguards_of(
        f"{NETSUITE}connection.py",
        ("tests/netsuite/test_places.py", "tests/netsuite/test_pool.py"),
        ("with self._pool.place(), self.session() as session:", "with self.session() as session:"),
        ("            self._pool.full()\n", "            pass\n"),
    )
    + safeguards_of(
        "reconciler/wiring/shares.py",
        ("tests/store/test_shares.py",),
        ("for number in range(1, wanted + 1))", "for number in range(1, wanted + 2))"),
        ("        if not taken:\n            places.wait_for_the_first(patience, held)\n", ""),
        ("yield taken or 1", "yield wanted"),
    )
    + safeguards_of(
        "reconciler/wiring/shared_places.py",
        ("tests/store/test_shares.py",),
        ('f"pool-{self._account}-{number}"', 'f"pool-{number}"'),
    )
    + safeguards_of(
        "reconciler/wiring/account.py",
        ("tests/netsuite/test_places.py",),
        ("opened.pool.at_most(stack.enter_context(allowed))", "pass"),
        (
            "ReadClient(self._account, signer, retries=retries, pool=self.pool)",
            "ReadClient(self._account, signer, retries=retries)",
        ),
        (
            "WriteClient(self._account, signer, retries=retries, pool=self.pool, before_write=before_write)",
            "WriteClient(self._account, signer, retries=retries, before_write=before_write)",
        ),
    )
)
_PULL_REQUESTS: Final = (
    safeguards_of(
        "reconciler/embedded.py",
        ("tests/cli/test_embedded.py",),
        ('(sys.executable, "-P", "-m", "reconciler.emulator")', '(sys.executable, "-m", "reconciler.emulator")'),
    )
    + safeguards_of(
        "reconciler/config/trusted.py",
        ("tests/config/test_trust.py", "tests/cli/test_trusted.py"),
        *(
            (
                'SETTINGS: Final = ("store", "netsuite", "guards", "waivers")',
                f"SETTINGS: Final = {tuple(one for one in ('store', 'netsuite', 'guards', 'waivers') if one != left)}",
            )
            for left in ("store", "netsuite", "guards", "waivers")
        ),
        ("        for known in (value, children, keys):\n            known.pop(key, None)\n", ""),
        ("for key in (*after, *(key for key in before if key not in after)):", "for key in after:"),
    )
    + safeguards_of(
        "reconciler/wiring/revisions.py",
        ("tests/config/test_trust.py", "tests/cli/test_trusted.py"),
        ("environment_of(with_settings_of(settings, proposed), path)", "environment_of(proposed, path)"),
        ("repository.exported(tip, _is_yaml) as trusted", "repository.exported(fork, _is_yaml) as trusted"),
        (
            "return Trusted(path, loaded, about_pipeline, _new(path, revision))",
            "return Trusted(path, loaded, about_pipeline)",
        ),
        ("warnings = (*about_pipeline, *own)", "warnings = about_pipeline"),
        ("warnings = (*about_pipeline, *own)", "warnings = tuple(own)"),
        (
            "        raise ConfigurationError(tuple(_unusable(path, shown, item, trusted) for item in errors))\n",
            "        return Trusted(path, loaded)\n",
        ),
    )
    + safeguards_of(
        "reconciler/revisions.py",
        ("tests/test_revisions.py", "tests/cli/test_trusted.py", "tests/cli/test_changed_since.py"),
        ("if key not in _OF_ANOTHER_REPOSITORY", "if True"),
        ('"GIT_NO_REPLACE_OBJECTS": "1", ', ""),
        ("if not path.parent.resolve().is_relative_to(folder):", "if False:"),
        ('not path.startswith("/") and ".." not in path.split("/")', "True"),
        (" and int(size) <= _MAX_BYTES", ""),
    )
)
_FORGE: Final = (
    safeguards_of(
        "reconciler/forge/upsert.py",
        ("tests/forge/test_upsert.py",),
        ("is_ours(comment.body) if comment.author == author else None", "is_ours(comment.body)"),
        ("if one.author == author and last_line(one.body) == mark]", "if last_line(one.body) == mark]"),
        ("if one.author == author and last_line(one.body) == mark]", "if one.author == author]"),
        (
            "        except UncertainError:\n            rest(_PAUSE)\n",
            "        except KeyError:\n            rest(_PAUSE)\n",
        ),
        ("is_open=needed or (issue.is_open and not settled)", "is_open=needed"),
        ("            _retire(forge, key, [one for one in others if one], outdated)\n", ""),
        ("        for key, comments in known.items():\n            _retire(forge, key, comments, outdated)\n", ""),
    )
    + safeguards_of(
        "reconciler/render/marker.py",
        ("tests/forge/test_upsert.py", "tests/forge/test_commands.py"),
        ("_MARK.fullmatch(_last_line(text))", "_MARK.search(text)"),
    )
    + safeguards_of(
        "reconciler/cli/forging.py",
        ("tests/forge/test_commands.py",),
        ("marked_for(one.body) if one.author == author else None", "marked_for(one.body)"),
        ("if digests is not None and plan.digest in digests:", "if digests is not None:"),
        ("settled = exit_code == ExitCode.OK", "settled = True"),
        ("if _NAME.fullmatch(file) and name in wanted and", "if _NAME.fullmatch(file) and"),
        (" and name not in written:", ":"),
        ("for plan in plans if plan.environment == name)", "for plan in plans)"),
    )
    + safeguards_of(
        "reconciler/forge/github.py",
        ("tests/forge/test_commands.py",),
        ('if pull.get("merged_at") and', "if"),
        (' and part_of(pull, "base").get("ref") == self._job.branch', ""),
        (" or not same or", " or"),
        (' or run.get("head_branch") != self._job.branch', ""),
        ('about.get("event") not in _BY_PEOPLE or', ""),
        (" or path != self._job.workflow", ""),
    )
    + safeguards_of(
        "reconciler/forge/gitlab.py",
        ("tests/forge/test_commands.py",),
        ('if item.get("state") == "merged" and', "if"),
        (' and item.get("target_branch") == self._job.branch', ""),
        ('item.get("name") == APPROVED and ', ""),
        (' and item.get("ref") == self._job.branch', ""),
        (' and not item.get("tag")', ""),
        (' or pipeline.get("source") not in _BY_PEOPLE', ""),
    )
    + safeguards_of(
        "reconciler/forge/http.py",
        ("tests/forge/test_commands.py", "tests/forge/test_upsert.py", "tests/forge/test_archive.py"),
        ("            if not _is_safe(place):\n", "            if False:\n"),
        ("        require_safe(self.url)\n", "        pass\n"),
        ("auth=None if elsewhere else _Header", "auth=_Header"),
        ("allow_redirects=False", "allow_redirects=True"),
        ('if method == "POST" and not isinstance(error, requests.ConnectTimeout):', "if False:"),
        ('            if method == "POST" and waits is None:\n', "            if False:\n"),
        ("        self._session.trust_env = False\n", ""),
    )
    + safeguards_of(
        "reconciler/forge/http.py",
        ("tests/reliability/test_canaries_at_forges.py",),
        ('if said and token not in said and quote(token, safe="") not in said else', "if said else"),
    )
    + safeguards_of(
        "reconciler/forge/archive.py",
        ("tests/forge/test_archive.py",),
        ("if len(members) > _MOST_FILES:", "if False:"),
        ("                if left < 0:\n", "                if False:\n"),
        ("found[PurePosixPath(member.filename).name]", "found[member.filename]"),
    )
)
_TOLD: Final = (
    safeguards_of(
        f"{CORE}at_work.py",
        ("tests/core/test_at_work.py",),
        ("if self.live.unread(Gapped.LOGINS):", "if False:"),
        ("        if hidden:\n", "        if False:\n"),
        ("if self.owner is None and self.live.unread(Gapped.EMPLOYEES):", "if False:"),
        ("if self.role is None and self.live.unread(Gapped.ROLES):", "if False:"),
        ("        if refused is not None:\n", "        if False:\n"),
        ("if self.newest is None or self.newest.last < self.begin:", "if self.newest is None:"),
        ("if self.before is not None and self.before >= newest.last:", "if False:"),
        ("if self.since == newest.last and count == 1:", "if False:"),
        ("        if contradiction is not None:\n", "        if False:\n"),
        (" or self._role_has_other_tokens():", ":"),
        ("if self.traffic.unread(Gapped.ORDERS, Gapped.NOTES):", "if False:"),
        ('and role is not None and group.role_id in {"", role.id}', ""),
        ("complete=not any(gap.what is not Gapped.IDENTITY for gap in gaps)", "complete=True"),
        ("gaps = (*live.gaps, *traffic.gaps)", "gaps = live.gaps"),
        ("*problems, *gap_diagnostics", "*gap_diagnostics"),
    )
    + safeguards_of(
        "reconciler/cli/exit_codes.py",
        ("tests/core/test_at_work.py", "tests/core/test_plan.py", "tests/review/test_command.py"),
        ("Standing.UNKNOWN: ExitCode.NO_ACCESS", "Standing.UNKNOWN: ExitCode.OK"),
        ("Standing.SOMEBODY_ELSE: ExitCode.CONTRADICTED", "Standing.SOMEBODY_ELSE: ExitCode.OK"),
        ("Standing.REFUSED: ExitCode.CONTRADICTED", "Standing.REFUSED: ExitCode.OK"),
        ("ExitCode.OK if review.complete else ExitCode.NO_ACCESS", "ExitCode.OK"),
        ("if not plan.complete and not plan.unresolved:", "if False:"),
        ("[ExitCode.INVALID] if has_errors(found.diagnostics) else []", "[ExitCode.OK]"),
    )
    + safeguards_of(
        f"{CORE}review/review.py",
        ("tests/core/review", "tests/review/test_command.py"),
        ("for rule in rules if not live.unread(*rule.needs)]", "for rule in rules]"),
        ("complete=not live.gaps", "complete=True"),
        ("tuple(rule.name for rule in rules if rule not in judged)", "()"),
        ("*self.findings, *(self.decided.findings if self.decided else ())", "*self.findings,"),
    )
    + safeguards_of(
        f"{CORE}review/waiving.py",
        ("tests/core/review/test_waiving.py",),
        ("if today < waiver.expires]", "]"),
        ("        if today >= waiver.expires:\n", "        if False:\n"),
        ("waiver.finding == finding.rule and (", "("),
        ("(address == waiver.address or address.startswith(", "(True or address.startswith("),
        ('address.startswith(f"{waiver.address}.")', "address.startswith(waiver.address)"),
    )
    + safeguards_of(
        f"{CORE}review/decisions.py",
        ("tests/core/review/test_decisions.py",),
        ("        *_not_carried_out(known, latest.values()),\n", ""),
        ("        *_by_oneself(decisions.made),\n", ""),
        ("        *_undecided(items, latest, decisions),\n", ""),
        ("sorted(decisions.made, key=lambda one: (one.day, one.position))", "decisions.made"),
    )
    + safeguards_of(
        "reconciler/store/review_file.py",
        ("tests/review/test_command.py",),
        ('if chosen["account"] != account:', "if False:"),
        ('if seal(chosen["extract"]) != chosen["sha256"]:', "if False:"),
    )
)
_RESET: Final = (
    safeguards_of(
        f"{CORE}record_runs.py",
        ("tests/core/test_handover_record.py",),
        ("            current = []\n", ""),
        ("(run.account, run.emulator) == (account, emulator)", "True"),
    )
    + safeguards_of(
        f"{CORE}journal.py",
        ("tests/core/test_handover_record.py",),
        ("            waiting.clear()\n", "            pass\n"),
    )
    + safeguards_of(
        "reconciler/wiring/keeping.py",
        ("tests/cli/test_embedded.py",),
        (
            'with Lock(objects, environment.name).take("emulator reset", who, where, timedelta()):',
            "if True:",
        ),
    )
)
_IMPORTED: Final = (
    safeguards_of(
        "reconciler/render/environment_file.py",
        ("tests/imports", "tests/cli/test_importing.py"),
        ("lines += [_as_comment(line) for line in entry] if doubts else entry", "lines += entry"),
        ("        visible(text),\n", "        text,\n"),
    )
    + safeguards_of(f"{CORE}guards.py", ("tests/core/test_guards.py",), ("    if beside:\n", "    if False:\n"))
    + safeguards_of(
        f"{CORE}import_doubts.py",
        ("tests/core/test_import_doubts.py", "tests/cli/test_importing.py"),
        ("    if len(live) > 1:\n", "    if False:\n"),
        ("    if not own:\n", "    if True:\n"),
        ("        if not owner.active:\n", "        if False:\n"),
        ("        if not owner.access:\n", "        if False:\n"),
        ("if owner and role and not live.holds(owner.id, role.id):", "if False:"),
        ("    if live.unread(Gapped.LOGINS):\n", "    if False:\n"),
        ("if record.state in NOT_ENABLED:", "if False:"),
        ("    if len(records) > 1:\n", "    if False:\n"),
        ("if len(records) <= 1 and len({token.application_id for token in tokens}) > 1:", "if False:"),
        ("    if use is Use.UNUSED:\n", "    if False:\n"),
        ("    elif use is Use.OVERTAKEN:\n", "    elif False:\n"),
        ("    elif use is Use.TRIED:\n", "    elif False:\n"),
    )
    + safeguards_of(
        f"{CORE}importing.py",
        ("tests/core/test_import_doubts.py", "tests/cli/test_importing.py", "tests/imports"),
        ("        if not said:\n            return imported\n", "        return imported\n"),
        ("name not in own and name not in choice.elsewhere", "name not in choice.elsewhere"),
        ("for what in needed if live.unread(what))", "for what in ())"),
    )
    + safeguards_of(
        "reconciler/cli/importing.py",
        ("tests/cli/test_importing.py",),
        ("    if has_errors(loaded.diagnostics):\n", "    if False:\n"),
    )
    + safeguards_of(
        "reconciler/cli/writing.py",
        ("tests/cli/test_importing.py",),
        ("path.hardlink_to(scratch)", "scratch.replace(path)"),
    )
)
_READING: Final = safeguards_of(
    f"{NETSUITE}client.py",
    ("tests/cli/doctor", "tests/netsuite/test_client.py"),
    ("Connection(account, signer, may_read,", "Connection(account, signer, lambda *_: True,"),
)
SAFEGUARDS_BESIDE: Final[tuple[Safeguard, ...]] = (
    *_CONCURRENT_EDITS,
    *_ONLY,
    *_AGREED,
    *_POOL,
    *_PULL_REQUESTS,
    *_FORGE,
    *_TOLD,
    *_RESET,
    *_IMPORTED,
    *_READING,
)
