"""Guards of authorisation and log-in, each removed on its own in a copy of the tree; the tests must notice.

A guard is removed by a textual replacement that has to fit exactly once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import OWN_SESSION, ROOT

_TREE = ("rules", "models", "service", "tests", "docs", "examples", "features", "pyproject.toml")
TESTS = ("access", "access_in_use", "log_in", "case_hands", "involvements", "user_command", "token_of_nobody")
_SECONDS = 900


@dataclass(frozen=True)
class Mutant:
    """first: the tests that are asked first; the others follow only where these notice nothing."""

    path: str
    guard: str
    instead: str
    first: str

    def __str__(self) -> str:
        return f"{self.path}: {self.guard.strip().splitlines()[0][:70]}"


def _of(path: str, first: str, *pairs: tuple[str, str] | tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(path, pair[0], pair[1], pair[2] if len(pair) == 3 else first) for pair in pairs]


MUTANTS = [
    *_of(
        "service/auth.py", "access_in_use",
        ("    if route.permission is OPEN:", "    if True:", "access"),
        ("    if not allowed:", "    if False:", "access"),
        (".about) not in allowed:", ".about) is False:", "access"),
        ("    if g.must_change:", "    if False:", "log_in"),
        ('site not in ("same-origin", "none") or not hmac', "not hmac", "log_in"),
        (" or not hmac.compare_digest(sent.encode(), csrf.encode())", "", "log_in"),
        ("    if request.method not in SAFE:", "    if False:", "log_in"),
        ("        if known.account_id is not None:", "        if False:"),
        ("asking.account is None or asking.account.disabled_at is not None:", "asking.account is None:"),
        ("ActsForNobody() if alone and not principal.personal else Forbidden()", "Forbidden()", "token_of_nobody"),
        ("replace(made, scopes=known.permissions)", "made", "user_command"),
        ("    if not principal.may_act_as(known):", "    if False:"),
        ("    if not g.principal.personal:\n        raise ActsForNobody", "    if False:\n        pass", "token_of_nobody"),
        ('return None if NONE in principal.relations("ledger:read") else principal.units', "return None"),
        ('"__Host-wenze" if request.is_secure else "wenze"', '"wenze"', "log_in"),
    ),
    *_of(
        "service/usecases/people/principals.py", "access",
        ("    if principal.units & units:", "    if principal.units:"),
        ("_OF_MATTER = (\"subject\", \"recused\", \"assigned\")", "_OF_MATTER = (\"assigned\",)"),
        ("    except MatterUnknown:\n        return None", "    except MatterUnknown:\n        return NONE"),
        ("        case (None,):\n            return NONE\n    return None", "    return NONE"),
        ("            and is_same(self.person, actor.person)\n", "", "access_in_use"),
        ("(not held.role.of_unit or held.unit == actor.unit)", "True", "access_in_use"),
        ("    if self.scopes is not None and permission not in self.scopes:", "    if False:", "user_command"),
    ),
    *_of(
        "models/people/accounts.py", "access_in_use",
        ("        RoleGrant.revoked_at.is_(None),\n", ""),
        ("        RoleGrant.from_on <= today,\n", ""),
        ("        or_(RoleGrant.to_on.is_(None), RoleGrant.to_on >= today),\n", ""),
    ),
    *_of(
        "service/usecases/people/api_tokens.py", "access_in_use",
        ("    if token.revoked_at is not None:", "    if False:"),
        ("token.expires_at is not None and token.expires_at <= now", "False"),
    ),
    *_of(
        "service/usecases/people/log_in.py", "log_in",
        ("found.ended_at is None and now", "now"),
        (" and now - found.seen_at <= idle", ""),
        (" and now - found.created_at <= LONGEST", ""),
        ("asking.account is None or asking.account.disabled_at is not None:", "asking.account is None:"),
        (" or not fits or ", " or "),
        (" or account.disabled_at is not None:\n        raise NotLoggedIn", ":\n        raise NotLoggedIn"),
        ("    if old is not None:\n        end_session(session, old, now=now)\n", ""),
    ),
    *_of(
        "service/usecases/people/attempts.py", "log_in",
        ("    if left > timedelta():", "    if False:"),
        ("_Limit(40, 300)", "_Limit(4000, 300)"),
        ("_Limit(40, 15)", "_Limit(4000, 15)"),
        ("limit.most_seconds) if over > 0", "10**9) if over > 0"),
        ("            accounts.forget_failures(session, [key])\n", "            pass\n"),
        ("    if device is not None and is_known", "    if False and is_known"),
        (" is _NAME and not early", " is _NAME and False"),
        ("return log_ins.device(session, login,", "return device is not None or log_ins.device(session, login,"),
    ),
    *_of(
        "service/web/log_in.py", "log_in",
        ("    _from_here()\n    login, password", "    login, password"),
        ("        if account.password_hash != compared.password_hash:", "        if False:"),
        ("    _from_here()\n    secret", "    secret"),
        ("            end_session(session, secret, now=datetime.now(UTC))", "            pass"),
    ),
    *_of(
        "service/web/proving.py", "log_in",
        ("_usable(accounts.lock(session, account_id))", "_usable(accounts.find(session, account_id))"),
        ("    if account is None or account.disabled_at is not None:", "    if account is None:"),
    ),
    *_of("service/web/pages.py", "log_in", ('"httponly": True, "samesite"', '"samesite"')),
    *_of(
        "service/usecases/people/accounts.py", "log_in",
        ("    faults = [] if fits else [", "    faults = [] if True else ["),
        ("    if accounts.any_there(session):", "    if False:"),
        ("must_change=False, now=now)\n    end_sessions(session, account.id, now=now)", "must_change=False, now=now)"),
        ("must_change=True,\n            created_at=now", "must_change=False,\n            created_at=now"),
        ("    if disabled:\n        _end_all(session, account, now=now)\n", ""),
    ),
    *_of(
        "models/case/involvements.py", "case_hands",
        ("        for known in had - {one.relation}:", "        for known in ():"),
        ("not (reasoned and (known", "not ((known"),
        ("                raise OtherHand(", "                OtherHand("),
    ),
    *_of(
        "models/case/involvement.py", "case_hands",
        ('meeting.attendance, "review", (person,)', '(), "review", (person,)'),
        ('meeting.attendance, "decision", tuple(persons)', '(), "decision", tuple(persons)'),
        ('"inquiry", tuple(persons)', '"inquiry", ()'),
        ("key(one)) for one in meeting.recused)", "key(one)) for one in ())", "access"),
        ("    for name, gone in case.recused.items():", "    for name, gone in ():", "access"),
        (" for one in members if holds(active, one.name))", " for one in members)", "access"),
    ),
    *_of(
        "models/case/sight.py", "access",
        ("        *((one, literal(\"subject\")) for one in bound),\n", ""),
        ("        (away, literal(\"recused\")),\n", ""),
        ("and_(CaseRow.id == case_id, involved", "and_(True, involved"),
        ('_DECIDED, _SUBMITTED = ("decided", "closed"), ', '_DECIDED, _SUBMITTED = ("decided", "closed", "investigating"), '),
        ("CaseRow.involved != CaseRow.version), null()", "CaseRow.involved != CaseRow.version), literal(\"none\")", "involvements"),
        ("    wanted = wanted.where(InvolvementRow.relation.in_(relations))\n", ""),
        (".where(InvolvementRow.case_position == CaseRow.position)\n    wanted", "\n    wanted"),
    ),
    *_of(
        "service/access.yaml", "access",
        ("case:read: {label: 查阅案件、文书、案卷, about: case, allow: {", "case:read: {label: 查阅案件、文书、案卷, about: case, allow: {system_administrator: [none], "),
        ("文书、案卷, about: case, allow: {office_clerk: [assigned,", "文书、案卷, about: case, allow: {office_clerk: [recused, assigned,"),
        ("team_member: [assigned], committee_member: [submitted, decided], committee_secretary: [submitted, decided], organisation",
         "team_member: [assigned], committee_member: [none, submitted, decided], committee_secretary: [submitted, decided], organisation"),
        ("organisation_department: [decided], personnel_department: [decided], integration",
         "organisation_department: [decided, submitted], personnel_department: [decided], integration"),
        ("personnel_department: [decided], integration", "personnel_department: [decided], person_investigated: [subject], integration"),
        ("unit_liaison: [in_hand], unit_head: [in_hand], team_member: [assigned], integration",
         "unit_liaison: [in_hand, none], unit_head: [in_hand], team_member: [assigned], integration"),
        ("审计记录, about: none, allow: {auditor", "审计记录, about: none, allow: {system_administrator: [none], auditor"),
    ),
]  # fmt: skip


def mended(mutant: Mutant, folder: Path) -> None:
    """A copy of the tree without this guard. Raises AssertionError where the guard is not there exactly once."""
    for name in _TREE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    place = folder / mutant.path
    text = place.read_text("utf-8")
    assert text.count(mutant.guard) == 1, f"{mutant}: {text.count(mutant.guard)} times"
    place.write_text(text.replace(mutant.guard, mutant.instead), "utf-8")


def asked(mutant: Mutant) -> list[str]:
    """The files of tests that may notice the mutant, in the order in which they are asked."""
    return [f"test_{name}.py" for name in (mutant.first, *(name for name in TESTS if name != mutant.first))]


def noticed_by(mutant: Mutant, folder: Path, tests: Iterable[str]) -> str | None:
    """Which of these tests fails in a copy without this guard; None where the guard is not missed."""
    mended(mutant, folder)
    for name in tests:
        words = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", "--show-capture=no"]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *words, f"tests/integration/{name}"],
            cwd=folder, env={**os.environ, **OWN_SESSION, "PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=_SECONDS,
        )  # fmt: skip
        failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        assert ran.returncode in (0, 1), f"{mutant}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}"
        if failed:
            return failed[0]
    return None
