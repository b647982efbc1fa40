"""The documents of a case, made from its records and opened again: what each says, what it must not say, when it exists."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document as open_docx
from sqlalchemy import Engine

from models.case.act import PersonUnknown
from models.case.case import case_fold
from models.records.record import Record, Vouched
from models.store.database import connect, reading, upgrade
from rules.book.loading import load_rulebook
from service.books import books
from service.documents.case.papers import DRAFT, KINDS, PaperNotYet, PersonToName, standing
from service.documents.drawing.formats import as_docx, as_pdf
from service.documents.parts.paper import Paper, Table
from service.documents.writing.hand_words import VOUCHED, entered_words
from service.usecases.cases.act_on_case import CaseUnknown
from service.usecases.cases.papers import NoSuchPaper, case_paper, dossier, papers_of
from tests.conftest import ROOT
from tests.integration.paper_cases import (
    CHANGED,
    LONG,
    RARE,
    REFUSED,
    REISSUED,
    REVOKED,
    SENT_BACK,
    STEPS,
    TELLS,
    before,
    lived,
    renamed,
    with_second,
)
from tests.issued import with_units
from tests.lawful_case import HEAD, OTHER_BODY, first, found, step, with_details

BOOK = load_rulebook()
OF_DECISION = ["decision", "service-receipt", "notice", "appeal-accepted", "review-result"]
OFFICIAL = [name for name in KINDS if name != "checkup"]
TODAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('papers') / 'test.sqlite3'}"
    upgrade(url)
    made = connect(url)
    with_units(made, 甲处=None)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def whole(engine: Engine) -> str:
    return lived(engine, STEPS)


def paper(engine: Engine, case: str, name: str) -> Paper:
    with reading(engine) as session:
        return case_paper(session, books(), case, name, "P1" if KINDS[name].per_person else None, today=TODAY)


def said(engine: Engine, case: str, name: str) -> str:
    return "\n".join(paper(engine, case, name).texts)


def states(engine: Engine, case: str) -> dict[str, str]:
    with reading(engine) as session:
        return {one.kind.name: one.state for one in papers_of(session, books(), case)}


def pages(made: Paper, folder: Path) -> list[str]:
    """The text of every printed page."""
    place = folder / "made.pdf"
    place.write_bytes(as_pdf(made))
    text = subprocess.run(["pdftotext", "-layout", str(place), "-"], capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def test_every_document_of_a_case_that_was_lived_through_exists_without_a_mark(engine: Engine, whole: str) -> None:
    assert states(engine, whole) == dict.fromkeys(KINDS, "exists")
    for name in KINDS:
        made = paper(engine, whole, name)
        assert (name in OFFICIAL) is (made.head == "")
        assert as_docx(made).startswith(b"PK")
        assert as_pdf(made).startswith(b"%PDF-")
        assert as_pdf(made) == as_pdf(made)


@pytest.mark.parametrize(
    ("action", "drafts"),
    [
        ("approve", {"approval-form", "fact-material", "hearing-record", "report", "review-material"}),
        ("serve_fact_material", {"fact-material", "hearing-record", "report", "review-material"}),
        ("hear", {"hearing-record", "report", "review-material"}),
        ("report", {"report", "review-material"}),
        ("submit", {"review-material"}),
        ("decide", set()),
    ],
)
def test_before_its_stage_a_document_is_a_draft_and_nothing_of_a_decision_exists(
    engine: Engine, action: str, drafts: set[str]
) -> None:
    case = lived(engine, before(action))
    shown = states(engine, case)
    assert {name for name, state in shown.items() if state == "draft"} == drafts
    assert {name for name, state in shown.items() if state == "not_yet"} == set(OF_DECISION)
    for name in drafts:
        made = paper(engine, case, name)
        assert (made.mark, made.description[:4]) == (DRAFT, "【草稿】")
        assert as_docx(made).startswith(b"PK")


@pytest.mark.parametrize("name", OF_DECISION)
@pytest.mark.parametrize(("action", "guard"), [("decide", "held_accountable"), ("issue_decision", "decision_issued")])
def test_without_the_committees_record_and_a_number_there_is_no_decision_nor_what_follows_it(
    engine: Engine, name: str, action: str, guard: str
) -> None:
    case = lived(engine, before(action))
    with pytest.raises(PaperNotYet) as refused:
        paper(engine, case, name)
    assert refused.value.guards == (guard,)
    assert BOOK.guards[guard].provision in BOOK.provisions
    with reading(engine) as session:
        row = next(one for one in papers_of(session, books(), case) if one.kind.name == name)
    assert (row.provision, BOOK.guards[guard].text in row.why) == (BOOK.guards[guard].provision, True)


def test_letters_about_an_appeal_need_the_appeal_and_its_review(engine: Engine) -> None:
    case = lived(engine, before("appeal"))
    for name, guard in (("appeal-accepted", "appeal_pending"), ("review-result", "review_done")):
        with pytest.raises(PaperNotYet) as refused:
            paper(engine, case, name)
        assert refused.value.guards == (guard,)


def test_the_mark_stands_on_every_page_of_both_files(engine: Engine, tmp_path: Path) -> None:
    case = lived(engine, renamed(before("report"), f"张{RARE}", LONG))
    made = paper(engine, case, "report")
    printed = pages(made, tmp_path)
    assert len(printed) > 3
    assert all("草稿" in page.split("\n")[0] for page in printed)
    section = open_docx(io.BytesIO(as_docx(made))).sections[0]
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == "草稿（尚未形成调查报告）"
        assert 'string="草稿"' in header._element.xml


def test_a_paper_without_a_mark_has_nothing_at_its_head(engine: Engine, whole: str) -> None:
    section = open_docx(io.BytesIO(as_docx(paper(engine, whole, "decision")))).sections[0]
    assert section.header.is_linked_to_previous


def test_the_decision_says_all_that_it_has_to(engine: Engine, whole: str) -> None:
    text = said(engine, whole, "decision")
    number = text.split("\n")[1]
    assert number.startswith("问责决定〔2026〕")
    measure, appeal, execution = BOOK.ladder["admonition"], "appeal", "appeal_does_not_suspend"
    appeal_row = next(row for row in BOOK.duties if row["id"] == appeal)
    for part in (
        "张某：", "甲处处长", "2026年6月20日经党委常委会审议", "已查明：任务载明于", "证据：会议纪要（文件）：见附件",
        "1. 诫勉（方式：书面）", BOOK.provisions[measure].citation, BOOK.provisions[measure].text, "取消2026年年度考核评优",
        "从重。理由：催办三次仍未完成。", "书面。理由：便于存档。", "自收到本决定书之日起1个月内，向中共广西科技大学委员会提出书面申诉",
        BOOK.provisions[appeal_row["provision"]].citation, BOOK.guards[execution].text, "2026年6月23日",
    ):  # fmt: skip
        assert part in text, part
    assert "处理建议的区间以外" not in text
    assert "移送" not in text


def test_discipline_appears_in_a_decision_only_as_a_referral_and_how_it_stands_to_the_recommendation_is_no_ground(
    engine: Engine,
) -> None:
    decide = next(one for one in STEPS if one.action == "decide")
    row = decide.details["decisions"][0]
    slots = tuple({**slot, "choice": "通报"} if slot["id"] == "measure" else slot for slot in row["slots"]
                  if slot["id"] != "admonition_form")  # fmt: skip
    scope = {"id": "circulation_scope", "choice": "全校", "reason": "影响及于全校"}
    changed = {**row, "measures": ("notice_of_criticism",), "slots": (*slots, scope), "departure": "首次失职且已补救",
               "referral": True, "referral_note": "涉嫌违纪的线索另行移送"}  # fmt: skip
    steps = [with_details(one, decisions=(changed,)) if one is decide else one for one in before("serve_decision")]
    text = said(engine, lived(engine, steps), "decision")
    assert "移送纪检监察机构研判；本决定书不作出纪律处分" in text
    assert "涉嫌违纪的线索另行移送。" in text
    assert "1. 通报（范围：全校）" in text
    assert "区间" not in text
    assert "首次失职且已补救" not in text


def test_a_revoked_decision_carries_its_mark_with_the_day_of_the_review(engine: Engine, tmp_path: Path) -> None:
    case = lived(engine, (*before("review_appeal"), REVOKED))
    for name in ("decision", "service-receipt", "notice"):
        made = paper(engine, case, name)
        assert made.mark == "已撤销"
        assert "2026年8月10日经党委常委会复查" in made.mark_note
        assert all("已撤销" in page.split("\n")[0] for page in pages(made, tmp_path))
    letter = said(engine, case, "review-result")
    assert "决定撤销" in letter
    assert "理由：主要事实不清。" in letter
    assert "恢复评优评先资格" in letter
    assert BOOK.proceedings.consequences["formalities"].label not in letter  # none were completed


BY_THE_SAME = "由作出决定的会议或者参加过表决的人员进行的理由：规定由学校党委复查。有关材料由党委秘书准备。"


def test_the_letters_on_an_appeal_say_who_reviews_and_why_where_that_is_whoever_decided(engine: Engine) -> None:
    filed = said(engine, lived(engine, before("review_appeal")), "appeal-accepted")
    assert "该决定由党委常委会作出；本办法没有规定由另一机关复查" in filed
    assert "解释A-21、A-70，不是本办法的规定" in filed
    assert "本次申诉由" not in filed
    case = lived(engine, before("inform_of_review"))
    assert f"本次申诉由党委常委会复查。{BY_THE_SAME}" in said(engine, case, "appeal-accepted")
    assert said(engine, case, "review-result").count(f"复查{BY_THE_SAME}") == 2
    apart = with_details(first("review_appeal"), meeting=OTHER_BODY, same_body_reason=None, prepared_by=None)
    case = lived(engine, (*before("review_appeal"), apart))
    assert said(engine, case, "appeal-accepted").count("本次申诉由党委全体会议复查。") == 1
    assert "有关材料由" not in said(engine, case, "appeal-accepted") + said(engine, case, "review-result")


def test_a_changed_decision_refers_to_the_former_one_and_the_former_one_says_that_it_was_changed(
    engine: Engine,
) -> None:
    changed = lived(engine, (*before("review_appeal"), CHANGED))
    former = paper(engine, changed, "decision")
    assert (former.mark, former.mark_note) == ("已变更", "2026年8月10日经党委常委会复查")
    number = former.texts[1]
    case = lived(engine, (*before("review_appeal"), CHANGED, REISSUED, REFUSED))
    with reading(engine) as session:
        row = next(one for one in papers_of(session, books(), case) if one.kind.name == "decision")
    old, new = (make() for make in row.papers)
    assert (old.mark, new.mark) == ("已变更", "")
    why = f"复查{BY_THE_SAME}"
    assert f"本决定书代替原《问责决定书》（{old.texts[1]}）。变更的理由：后果轻于原认定。{why}" in new.texts
    assert any("2026年8月10日经党委常委会复查，决定如下" in text for text in new.texts)
    assert len({number, old.texts[1], new.texts[1]}) == 3


def test_a_refused_service_has_its_witness_and_the_unit_a_page_of_its_own(engine: Engine) -> None:
    case = lived(engine, (*before("review_appeal"), CHANGED, REISSUED, REFUSED))
    texts = paper(engine, case, "service-receipt").texts
    assert texts.count("送达回证") == 2
    for value in ("本人拒绝签收，留置送达", f"工会李{RARE}", "2026年8月14日", "甲处"):
        assert value in texts
    assert "2026年6月25日" not in texts  # of the former decision


def test_the_committee_reads_findings_before_the_recommendation_and_nothing_is_chosen_for_it(
    engine: Engine, whole: str
) -> None:
    texts = paper(engine, whole, "review-material").texts
    at = {part: next(n for n, text in enumerate(texts) if part in text) for part in
          ("认定和证据", "会议纪要（文件）：见附件", "申辩意见和答复", "历次处理建议", "推理过程", "裁量事项", "审议结果")}  # fmt: skip
    assert list(at.values()) == sorted(at.values())
    blank = texts[at["裁量事项"] :]
    assert "☐ 从重" in blank
    assert "☐ 谈话" in blank
    assert "☐ 诫勉" in blank
    assert not any("☑" in text or "催办三次仍未完成" in text for text in texts)
    assert "仅供调查组和学校党委参考，不构成问责决定。" in texts
    assert "下限：诫勉；上限：诫勉" in texts  # a range also where both ends are the same
    assert not any(word in text for text in texts for word in ("得分", "评分", "排名", "建议给予"))


def test_every_question_of_the_receipt_has_a_place_for_a_choice_and_a_reason(engine: Engine, whole: str) -> None:
    with reading(engine) as session:
        made = case_paper(session, books(), whole, "review-material", "P1", today=TODAY)
    tables = [block for block in made.blocks if isinstance(block, Table)]
    first, others = (table.rows[1:] for table in tables if table.rows[0][0].lines[0].text == "裁量事项")
    questions = [str(row["question"]) for _, row in BOOK.discretion]
    asked = [row[0].lines[0].text for row in (*first, *others)]
    assert len(first) == 5  # those of the receipt, then every other one
    assert sorted(asked) == sorted(questions)
    for row in (*first, *others):
        assert [line.text for line in row[2].lines] == [""]
        assert all(line.text == "" or line.text.startswith("☐ ") for line in row[1].lines)


def test_every_evaluation_is_numbered_for_the_committee(engine: Engine) -> None:
    turned = found(
        "art-8.1.1.affects_overall", "refuted", "2026-06-01", evidence=(), reason="另有说明", second="组员甲"
    )
    again = step("evaluate", HEAD, "2026-06-01", person="P1")
    case = lived(engine, (*before("discuss"), turned, again))
    texts = paper(engine, case, "review-material").texts
    start = texts.index("五、历次处理建议")
    listed = texts[start + 7 : start + 19]
    assert [listed[0], listed[3]] == ["1", "有应予问责的情形"]
    assert [listed[6], listed[9]] == ["2", "未发现应予问责的情形"]
    assert any(text.startswith("以下为第2次处理建议") for text in texts)
    assert any("原为已查明（5月20日）\n更改理由：另有说明" in text for text in texts)


def test_the_fact_material_shows_what_was_found_when_it_was_served(engine: Engine) -> None:
    later = found("harm", "considerable", "2026-06-01", reason="补充调查")
    case = lived(engine, (*before("discuss"), later))
    texts = paper(engine, case, "fact-material").texts
    assert "影响全局或者严重影响" in texts
    assert not any("危害较重" in text for text in texts)
    assert "签署同意。" in texts


@pytest.mark.parametrize(("kind", "signer"), [("differs", "签名：张某"), ("refuses", "签名：（拒签）")])
def test_another_opinion_or_a_refusal_stands_with_the_teams_note(engine: Engine, kind: str, signer: str) -> None:
    signer_of = HEAD if kind == "refuses" else next(one.actor for one in STEPS if one.action == "sign")
    sign = step("sign", signer_of, "2026-05-29", person="P1", kind=kind, text="数据来源有误")
    noted = step("sign", HEAD, "2026-05-29", person="P1", kind=kind, text="数据来源有误", note="已当面核对")
    signed = (noted,) if signer_of is HEAD else (sign, noted)
    texts = paper(engine, lived(engine, (*before("sign"), *signed)), "fact-material").texts
    assert BOOK.proceedings.words["signatures"][kind] + "。" in texts
    assert {"数据来源有误", "已当面核对", signer} <= set(texts)


def test_the_report_has_its_six_groups_in_the_order_of_the_regulation(engine: Engine, whole: str) -> None:
    texts = paper(engine, whole, "report").texts
    labels = list(BOOK.proceedings.words["report_groups"].values())
    heads = [text.partition("、")[2] for text in texts if text.partition("、")[2] in labels]
    assert heads == labels
    joined = "\n".join(texts)
    for part in ("执行不力", "已经补救", "补救未见效果", "组员甲（审计处）", "2026年6月3日", "在事实材料上签署同意"):
        assert part in joined, part


def test_a_report_that_was_sent_back_stays_and_the_next_one_is_a_draft(engine: Engine) -> None:
    case = lived(engine, (*before("decide"), SENT_BACK))
    assert states(engine, case)["report"] == "draft"
    assert states(engine, case)["review-material"] == "draft"
    with reading(engine) as session:
        row = next(one for one in papers_of(session, books(), case) if one.kind.name == "report")
    assert (row.papers[0]().mark, row.why) == ("已退回", "退回补充调查之后尚未形成调查报告")


def test_the_notice_asks_each_department_for_what_the_regulation_asks_of_it(engine: Engine, whole: str) -> None:
    organisation, personnel = said(engine, whole, "notice").split("人事处：")
    assert "党委组织部：" in organisation
    assert "将问责决定材料归入个人档案" in organisation
    assert "将问责决定材料归入个人档案" not in personnel
    assert "取消2026年年度考核评优" in organisation
    assert "取消2026年年度考核评优" in personnel
    assert "手续" not in organisation + personnel  # no organisational measure was taken


def test_the_formalities_have_their_last_day(engine: Engine) -> None:
    decide = next(one for one in STEPS if one.action == "decide")
    row = decide.details["decisions"][0]
    kind = {"id": "organisational_kind", "choice": "调整职务", "reason": "不宜继续负责"}
    taken = {"id": "measure", "choice": "组织调整或者组织处理", "reason": "不适宜担任现职"}
    changed = {**row, "measures": ("organisational_measure",), "organisational_kind": "调整职务", "departure": "另有查明",
               "slots": (*(taken if slot["id"] == "measure" else slot for slot in row["slots"]
                           if slot["id"] != "admonition_form"), kind)}  # fmt: skip
    worse = {"harm": "considerable"}
    steps = [with_details(one, decisions=(changed,)) if one is decide
             else with_details(one, value=worse.get(str(one.details.get("element")), one.details.get("value")))
             if one.action == "find" else one for one in before("serve_decision")]  # fmt: skip
    at = next(at for at, one in enumerate(steps) if one.action == "serve_fact_material")
    case = lived(engine, [*steps[:at], found("unfit_for_post", "established"), *steps[at:]])
    assert "自决定之日起1个月内，即至2026年7月20日。" in said(engine, case, "notice")
    assert "组织调整或者组织处理（措施：调整职务）" in said(engine, case, "decision")


def test_neither_fact_material_nor_report_is_marked_as_internal(engine: Engine, whole: str) -> None:
    assert not any("内部" in said(engine, whole, name) for name in ("fact-material", "report"))


def test_rare_characters_and_long_texts_stand_on_every_document(engine: Engine, tmp_path: Path) -> None:
    name = f"张{RARE}"
    case = lived(engine, renamed(STEPS, name, LONG))
    for kind in KINDS:
        made = paper(engine, case, kind)
        assert any(name in text for text in made.texts)
        printed = pages(made, tmp_path)
        assert any(name in page.replace(" ", "") for page in printed), kind
        assert all(page.strip() for page in printed), kind
        words = "".join(paragraph.text for paragraph in open_docx(io.BytesIO(as_docx(made))).element.body.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))  # fmt: skip
        assert name in words


def test_what_is_made_for_one_person_tells_nothing_of_the_other(engine: Engine) -> None:
    case = lived(engine, with_second(before("appeal"), f"李{RARE}"))
    with reading(engine) as session:
        personal = [
            row for row in papers_of(session, books(), case) if row.person is not None and row.state == "exists"
        ]
        assert {row.person for row in personal} == {"P1", "P2"}
        for row in personal:
            text = "\n".join(row.paper().texts)
            mine, other = ("张某", RARE) if row.person == "P1" else (RARE, "张某")
            assert (mine in text, other in text) == (True, False), (row.kind.name, row.person)
        decisions = [row.paper().texts for row in personal if row.kind.name == "decision"]
        report = "\n".join(case_paper(session, books(), case, "report", None, today=TODAY).texts)
    assert "事实材料全文" in decisions[0]  # the report's facts are about both
    assert f"事实材料全文（李{RARE}）" in decisions[1]
    assert decisions[0][1] != decisions[1][1]
    assert "对张某的认定和证据" in report
    assert f"对李{RARE}的认定和证据" in report


def test_what_does_not_exist_is_told_by_name(engine: Engine, whole: str) -> None:
    with reading(engine) as session:
        for error, words in (
            (CaseUnknown, ("none", "decision", "P1")), (NoSuchPaper, (whole, "verdict", "P1")),
            (PersonUnknown, (whole, "decision", "P9")), (PersonToName, (whole, "decision", None)),
            (PersonToName, (whole, "report", "P1")), (PersonToName, (whole, "checkup", "P1")),
            (CaseUnknown, ("none", "checkup", None)),
        ):  # fmt: skip
            with pytest.raises(error):
                case_paper(session, books(), *words, today=TODAY)


def test_asking_how_it_stands_loads_no_heavy_library() -> None:
    code = (
        "import sys, service.usecases.cases.papers, service.api.case_papers, service.cli.papers;"
        "print(sorted({'docx', 'typst', 'openpyxl', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    before = subprocess.run(
        [sys.executable, "-c", "import sys, service.api.documents;print(sorted({'docx','typst','openpyxl','vl_convert'} & set(sys.modules)))"],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout == before.stdout


@pytest.mark.parametrize("name", OF_DECISION)
def test_no_document_served_speaks_of_the_recommendation(engine: Engine, whole: str, name: str) -> None:
    text = said(engine, whole, name)
    assert not [word for word in ("处理建议", "区间", "系统") if word in text]


@pytest.mark.parametrize("early", [False, True], ids=["never evaluated before", "evaluated before"])
def test_what_was_counted_stands_with_its_days_in_every_document_that_rests_on_it(engine: Engine, early: bool) -> None:
    at = next(at for at, one in enumerate(STEPS) if one.action == "serve_fact_material")
    asked = [step("evaluate", HEAD, "2026-05-24", person="P1")] if early else []
    case = lived(engine, (*STEPS[:at], *asked, *STEPS[at:]))
    for name in ("decision", "report", "fact-material"):
        text = said(engine, case, name)
        assert BOOK.provisions["art-8.3.3.1.b"].text in text, name
        assert all(f"2026年5月{day}日　催办（2026年5月{day}日录入）：计入。" in text for day in (4, 6, 8)), text
    assert "不计入" in said(engine, case, "fact-material")
    assert "不计入" not in said(engine, case, "decision")


def test_the_fact_material_counts_what_the_ledger_held_when_it_was_served(engine: Engine) -> None:
    case = lived(engine, before("hear"))
    text = said(engine, case, "fact-material")
    assert text.count("日录入）：计入。") == 3
    with reading(engine) as session:
        found = dossier(session, books(), case)
    served = found.last("serve_fact_material", "P1")
    assert served is not None
    earlier = replace(served, recorded_at=datetime(2020, 1, 1, tzinfo=UTC))
    then = found.by_ledger(found.case, "P1", earlier)
    assert then is None or then.aggravation == ()
    now = found.by_ledger(found.case, "P1", served)
    assert now is not None
    assert now.aggravation == ("art-8.3.3.1.b",)


@pytest.mark.parametrize("vouched", VOUCHED)
@pytest.mark.parametrize("name", KINDS)
def test_a_document_says_of_every_act_that_it_tells_who_entered_it_and_what_vouches_for_it(
    engine: Engine, whole: str, name: str, vouched: Vouched
) -> None:
    with reading(engine) as session:
        stored = dossier(session, books(), whole)
    records = tuple(_entered_by_another(one, vouched) for one in stored.case.records)
    found = replace(stored, case=case_fold.again(records, BOOK.proceedings.actions))
    evaluated = [replace(one, record=records[one.record.number - 1]) for one in stored.evaluations["P1"]]
    found = replace(found, evaluations={"P1": tuple(evaluated)})
    text = "\n".join(standing(found, KINDS[name], "P1" if KINDS[name].per_person else None).paper().texts)
    told = {one.action for one in records if entered_words(one) in text}
    assert told == TELLS.get(name, set())
    assert all((entered_words(one) in text) is (one.action in told) for one in records)
    if name == "checkup":
        on_paper = "、".join(str(one.number) for one in records)
        assert (f"据纸面材料录入的记录：第{on_paper}号" in text) is (vouched == "paper")


def _entered_by_another(record: Record, vouched: Vouched) -> Record:
    """The same, entered by somebody of its own, every other one a day late."""
    hand = replace(record.hand, entered_by=f"录入人{record.number}号", vouched=vouched, asked=1, late_reason="补记")
    return replace(record, hand=hand, recorded_at=record.recorded_at + timedelta(days=record.number % 2))


NOTED = (
    found("art-8.3.2.2.cooperated", "established", "2026-05-21"),
    found("art-8.3.2.2.assumed_responsibility", "established", "2026-05-21", reason="谈话中主动承担"),
    found("harm", "grave", "2026-05-22", reason="影响评估安排"),
)  # fmt: skip


def test_each_choice_stands_beside_the_items_that_it_rests_on_and_each_note_with_its_finding(engine: Engine) -> None:
    decide = next(one for one in STEPS if one.action == "decide")
    row = decide.details["decisions"][0]
    spared = {"id": "mitigation", "choice": "不适用", "reason": "不足以从轻"}
    steps = [with_details(one, decisions=({**row, "slots": (*row["slots"], spared)},)) if one is decide else one for one in STEPS
             if one.details.get("element") != "harm"]  # fmt: skip
    at = next(at for at, one in enumerate(steps) if one.action == "serve_fact_material")
    case = lived(engine, (*steps[:at], *NOTED, *steps[at:]))
    text = said(engine, case, "decision")
    order = ["积极配合督查督办工作：已查明", "主动承担责任：已查明", "关于“主动承担责任”的说明：谈话中主动承担。", "是否从轻或者减轻", "不足以从轻",
             "日录入）：计入。", "从重还是加重", "催办三次仍未完成", "裁量及其理由", "采取何种问责方式"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "关于“损害程度”的说明：影响评估安排。" in text
    assert all(text.count(once) == 1 for once in ("不足以从轻", "催办三次仍未完成", "谈话中主动承担", "影响评估安排"))
    for name in ("report", "fact-material"):
        assert "说明：谈话中主动承担" in said(engine, case, name), name
