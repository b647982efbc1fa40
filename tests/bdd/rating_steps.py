"""What decisions say of ratings, who leads a unit, and what the daily round suggests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import func, select

from models.matter.matters import RecordRow
from models.office import rating_bars
from models.office.ratings import RatingBar, UnitNotNamed
from models.people import posts
from models.people.organisation import Post
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.exchange.patrol import ToLookAt, patrol
from service.usecases.matters.bar_from_ratings import bar_from_ratings
from tests.bdd.ledger_steps import NOW, Office

BOOK = load_rulebook()


@dataclass
class Decision:
    """What a decision of the committee says, as far as ratings are concerned."""

    decided_on: date
    statement: str | None = None
    refused: str | None = None

    def bar(self, office: Office, kind: str, name: str) -> None:
        asked = RatingBar("科大党问责〔2026〕1号", self.decided_on, kind, name, "甲处", self.statement)
        try:
            bar_from_ratings(office.session, asked, now=NOW, entered_by="测试")
        except UnitNotNamed as error:
            self.refused = BOOK.guards[error.guard].provision


@given(parsers.re(r"学校党委于(?P<day>[\d-]+)对甲处处长作出问责决定(，决定(?P<said>没有提及甲处|写明取消甲处的评优资格))?"), target_fixture="decision")  # fmt: skip
def decided(day: str, said: str | None) -> Decision:
    named = said is not None and said.startswith("写明")
    return Decision(date.fromisoformat(day), "取消甲处当年年度考核评优资格" if named else None)


@given("组织机构中列有甲处处长赵六和副处长钱七")
def organisation(office: Office) -> None:
    for name, rank in (("赵六", "正职"), ("钱七", "副职")):
        posts.write(
            office.session,
            Post(name, name, "甲处", rank, rank, "school_committee", date(2020, 1, 1)),
            by="测试",
            now=datetime.now(UTC),
        )


@when("办公室登记甲处处长取消评优评先资格")
def bar_person(office: Office, decision: Decision) -> None:
    decision.bar(office, "person", "甲处处长")


@when("办公室登记甲处取消评优评先资格")
def bar_unit(office: Office, decision: Decision) -> None:
    decision.bar(office, "unit", "甲处")


@when(parsers.re("办公室确定(?P<name>.+)为项目负责人，职级写为正职"))
def name_leader(office: Office, name: str) -> None:
    office.act("办公室", "arrange", plan="方案", division="分工", project_leader={"name": name, "rank": "正职"})


@when(parsers.re(r"巡查于(?P<day>[\d-]+)进行"), target_fixture="round_of_day")
def make_round(office: Office, day: str) -> list[ToLookAt]:
    before = office.session.scalar(select(func.count()).select_from(RecordRow))
    found = list(patrol(office.session, books(), today=date.fromisoformat(day)))
    assert office.session.scalar(select(func.count()).select_from(RecordRow)) == before
    return found


@then(parsers.re(r"(?P<year>\d+)年度的名单(?P<has>有|没有)甲处处长"))
def listed(office: Office, year: str, has: str) -> None:
    names = [bar.name for bar in rating_bars.of_year(office.session, int(year))]
    assert names == (["甲处处长"] if has == "有" else [])


@then(parsers.re(r"(?P<result>准予登记资格|不予登记资格，依据(?P<provision>\S+))"))
def bar_result(office: Office, decision: Decision, result: str, provision: str | None) -> None:
    assert decision.refused == provision
    assert bool(rating_bars.of_year(office.session, decision.decided_on.year)) is (provision is None)


@then(parsers.re("(?P<told>提示|不提示)(?P<who>办公室|校领导|甲处|乙处)“(?P<label>.+)”"))
def reminded(round_of_day: list[ToLookAt], told: str, who: str, label: str) -> None:
    assert label in {reminder.label for reminder in BOOK.ledger.reminders.values()}
    unit = None if who == "办公室" else who
    assert any((found.label(BOOK), found.unit) == (label, unit) for found in round_of_day) is (told == "提示")


@pytest.fixture
def round_of_day() -> list[ToLookAt]:
    return []
