"""Wherever something live stands beside a stored recommendation, both rest on the same facts, or it is said what came after.

The case was evaluated while its matter was overdue; afterwards a school leader granted more time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from models.schemas.entries import case_entries
from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.documents.case.papers import standings
from service.usecases.cases.act_on_case import read_case
from service.usecases.cases.papers import dossier
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import read_matter
from tests.integration.case_office import entry
from tests.integration.conftest import new_token
from tests.integration.page_case import browser
from tests.integration.paper_cases import STEPS, before, lived
from tests.issued import OFFICE, UNIT, with_units
from tests.lawful_case import LEADER, Step, first, found, with_details
from tests.registered import act_on_case, act_on_matter

LATER = datetime(2027, 1, 4, 2, tzinfo=UTC)
"""When the extension is entered: after every record of the case."""
AFTERWARDS = LATER + timedelta(days=1)
DISPUTED = with_details(
    first("raise_point"), kind="fact_denied", accepting=({"element": "art-8.1.1.no_just_reason", "value": "refuted"},)
)
NOTE = (
    r"(?s)(张某　)?第1次处理建议所依的，是审核评估自评报告（督〔2026〕\d+号）截至第7号记录的台账和当时的认定。\s*"
    "此后台账新增2条记录：2026年6月9日申请延期（第8号记录，2027年1月4日补录），"
    r"2026年6月10日决定是否准予延期（第9号记录，2027年1月4日补录）。\s*"
    r"该次处理建议以及由其推算的内容没有计入这些记录；需要计入的，由调查组重新请求处理建议，已经报送的先退回补充调查。\n?(　*(请求处理建议|退回补充调查))?"
)
"""Which matter, since when, and what may be done."""

LATE = "测试补录"
LISTED = r"补录的记录\n*(审核评估自评报告（督〔2026〕\d+号）第[89]号记录，[^。]*。\n*)+"
"""What was entered later than its day."""


def disputed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(DISPUTED if one.action == "raise_point" else one for one in steps)


def extended(app: Flask, case: str) -> None:
    """More time is asked for and granted, and entered after everything else."""
    engine = app.extensions["database"]
    with writing(engine) as session:
        (matter,) = read_case(session, books(), case).case.matters
        for action, on, actor, details in (
            ("request_extension", "2026-06-09", UNIT, {"reason": "上级推迟了验收", "progress": "已完成八成"}),
            (
                "decide_extension",
                "2026-06-10",
                LEADER,
                {"granted": True, "new_due_on": date(2026, 7, 30), "reason": LATE},
            ),
        ):
            entry = Entry(action, details, actor, date.fromisoformat(on), "测试", late_reason=LATE)
            version = read_matter(session, books(), matter).matter.version
            act_on_matter(session, books(), matter, entry, expected=version, now=LATER)


def went_on(app: Flask, case: str, *steps: Step) -> None:
    for one in steps:
        with writing(app.extensions["database"]) as session:
            known, made = (
                read_case(session, books(), case).case,
                Entry(
                    one.action,
                    **case_entries(books().usual).load(one.action, entry(one)),
                    entered_by="测试",
                    late_reason=LATE,
                ),
            )
            act_on_case(session, books(), case, made, expected=known.version, now=AFTERWARDS, approvers=frozenset())


class Looking:
    """A case, and every place where one may look at it or at what was recommended about it."""

    def __init__(self, app: Flask, case: str, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.case = app, case
        engine = app.extensions["database"]
        monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        self.office = office
        self.person = browser(app, f"own-{case}", "张某", "person_investigated", case_id=case, person="P1")
        self.api = app.test_client()
        self.api.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {new_token(app)}"
        with reading(engine) as session:
            self.receipt = read_case(session, books(), case).case.persons["P1"].receipt_id

    def __call__(self) -> dict[str, str]:
        """Place → what it says."""
        return {
            "case page": self.page(self.office, ""),
            "committee page": self.page(self.office, "/committee"),
            "recommendation page": self.page(self.office, f"/recommendations/{self.receipt}"),
            "check-up page": self.page(self.office, "/checkup"),
            "person's own page": self.page(self.person, "/own"),
            "points": self.api.get(f"/api/v1/cases/{self.case}/points").text,
            "points command": CliRunner().invoke(main, ["case", "points", self.case]).output,
            "check-up": self.api.get(f"/api/v1/cases/{self.case}/checkup").text,
            "receipt": self.api.get(f"/api/v1/recommendations/{self.receipt}").text,
            "latitude": self.api.get(f"/api/v1/recommendations/{self.receipt}/admissible").text,
            "case": self.api.get(f"/api/v1/cases/{self.case}").text,
            **papers(self.app, self.case),
        }

    def page(self, client: FlaskClient, path: str) -> str:
        """What a page says, without what differs from one look to the next."""
        text = client.get(f"/cases/{self.case}{path}").text
        return re.sub(r"<[^>]*>|\s+", "", re.sub(r'(?s)<svg class="watermark".*?</svg>', "", text))


def papers(app: Flask, case: str) -> dict[str, str]:
    """Every document that was made, and every draft."""
    with reading(app.extensions["database"]) as session:
        found = list(standings(dossier(session, books(), case)))
        made = {one.kind.name: "\n".join("\n".join(make().texts) for make in one.papers) for one in found if one.papers}
        drafts = {f"draft of {one.kind.name}": "\n".join(one.paper().texts) for one in found if one.draft}
    return made | drafts


@pytest.fixture(scope="module")
def office(embedded: Flask) -> FlaskClient:
    with_units(embedded.extensions["database"], 甲处=None)
    return browser(embedded, "office", "李四", "office_clerk")


PAGES = {"case page", "committee page", "recommendation page"}
SAYING = {
    "report": {*PAGES, "points", "points command", "draft of report", "draft of review-material"},
    "decide": {*PAGES, "points", "points command", "review-material"},
    "close": set[str](),
}
"""Up to which action the case has come → the places that say what the ledger got since; every other place is as it was."""


@pytest.mark.parametrize("stage", SAYING)
def test_every_place_rests_on_the_facts_of_the_recommendation_or_says_what_came_after_it(
    embedded: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    case = lived(embedded.extensions["database"], disputed(before(stage)))
    look = Looking(embedded, case, office, monkeypatch)
    earlier = look()
    assert all(earlier.values())
    extended(embedded, case)
    later = look()
    assert list(later) == list(earlier)
    assert {name for name in later if later[name] != earlier[name]} == SAYING[stage]
    for name in SAYING[stage] - {"points"}:
        note = re.search(NOTE, later[name])
        assert note is not None, name
        rest = re.sub(LISTED, "", later[name].replace(note[0], "")).replace("2026年\n7月30日", "2026年\n4月30日")
        assert re.sub("\n+", "\n", rest) == re.sub("\n+", "\n", earlier[name]), name
    if "points" in SAYING[stage]:
        (was,), (now,) = orjson.loads(earlier["points"]), orjson.loads(later["points"])
        assert was["changes"]["outcome"] == {"now": "accountable", "then": "no_situation"}
        assert (now["changes"], was["basis"]["since"]) == (was["changes"], [])
        assert [row["label"] for row in now["basis"]["since"]] == ["申请延期", "决定是否准予延期"]


def test_what_was_told_of_the_ledger_stays_as_it_was_told(embedded: Flask, office: FlaskClient) -> None:
    """A report made after the ledger had moved says so, and no later record of the ledger alters it."""
    case = lived(embedded.extensions["database"], disputed(before("discuss")))
    extended(embedded, case)
    went_on(embedded, case, *(one for one in STEPS if one.action in ("discuss", "report", "submit", "decide")))
    told = papers(embedded, case)
    assert re.search(NOTE, told["report"])
    assert re.search(NOTE, told["review-material"])
    assert "2026年\n7月30日" in told["report"]
    with writing(embedded.extensions["database"]) as session:
        (matter,) = read_case(session, books(), case).case.matters
        urged = Entry("urge", {}, OFFICE, date(2026, 8, 3), "测试", late_reason=LATE)
        version = read_matter(session, books(), matter).matter.version
        act_on_matter(session, books(), matter, urged, expected=version, now=AFTERWARDS + timedelta(days=1))
    assert papers(embedded, case) == told


def test_a_finding_that_came_after_the_recommendation_is_named(embedded: Flask, office: FlaskClient) -> None:
    turned = found("art-8.1.1.no_just_reason", "refuted", "2026-06-01", evidence=(), reason="另有说明", second="组员甲")
    case = lived(embedded.extensions["database"], (*before("discuss"), turned))
    draft = papers(embedded, case)["draft of report"]
    assert "此后另有1项认定：2026年6月1日无正当理由（第" in draft
    assert "此后台账新增" not in draft
