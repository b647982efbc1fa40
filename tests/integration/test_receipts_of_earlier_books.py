"""A receipt is told and proved by the rulebook that made it, whatever book is in use later, and by no other one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.receipts import receipts
from models.receipts.proofs import Proof
from models.receipts.rulebooks import KeptRulebook
from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from models.store.database import connect, reading, upgrade
from rules.book.loading import load_rulebook
from rules.latitude.view import LatitudeView
from rules.reasoning.editions import Books
from rules.reasoning.recommendation import Recommender
from service.books import books
from service.cli import main
from service.usecases.cases.papers import case_paper, dossier
from service.usecases.cases.prove import prove
from service.usecases.cases.weigh_points import weigh_points
from service.usecases.recommending import kept_receipts
from service.usecases.recommending.kept_receipts import RulebookChanged, receipt_latitude
from service.usecases.recommending.proof_parts import Parts
from tests.conftest import ROOT, example
from tests.integration.case_office import proposed, take, taken
from tests.integration.other_books import WORD, amended, first_release, in_use, put, stored
from tests.integration.page_case import ALONE, browser, entering
from tests.integration.test_api import PATH, post
from tests.integration.test_nothing_accountable import serious
from tests.lawful_case import with_details

CASE = ROOT / "examples" / "urged-and-supervised-four-times.yaml"
NOWHERE = "0" * 64
SEED = bytes(32)
ACCEPTING = ({"element": "art-8.1.1.affects_overall", "value": "refuted"},)
STAMPED = re.compile(r'name="(?:csrf|key)" value="[^"]*"|nonce="[^"]*"|\d{4}-\d\d-\d\d \d\d:\d\d')
"""What differs each time that a page is asked for."""


def test_a_receipt_is_told_and_proved_by_its_own_book_though_another_one_is_in_use(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda _: SEED)
    case = read_yaml(CASE.read_bytes())
    made = post(client, case)
    place = made.headers["Location"]
    asked = [
        place + tail
        for tail in ("", "/admissible", f"/admissible?disputed={case['matter']['acts'][-1]['date']}", "/proof")
    ]
    before = [client.get(one) for one in asked]
    assert [answer.status_code for answer in before] == [200] * 4
    with in_use(amended()):
        again = post(client, case).json
        assert again["persons"]["P1"]["base"] != made.json["persons"]["P1"]["base"]
        assert [client.get(one).data for one in asked] == [answer.data for answer in before]
        assert client.get(f"{PATH}/{again['id']}/admissible").json["rulebook"]["sha256"] == amended().sha256


def test_a_receipt_of_a_book_that_is_kept_nowhere_is_read_and_not_told_by_another(
    app: Flask, client: FlaskClient
) -> None:
    body = stored(
        app.extensions["database"], "lost", replace(load_rulebook(), sha256=NOWHERE), example("plan-task-missed")
    )
    assert client.get(f"{PATH}/lost").data == body
    for tail in ("admissible", "proof"):
        answer = client.get(f"{PATH}/lost/{tail}")
        assert (answer.status_code, answer.json["title"]) == (409, "rulebook-changed")
        assert "没有留存" in answer.json["detail"]


def test_a_case_is_shown_weighed_and_decided_by_the_book_of_its_recommendation(embedded: Flask) -> None:
    clerk = entering(embedded)
    at = [one.action for one in ALONE].index("decide")
    steps = [with_details(one, accepting=ACCEPTING) if one.action == "raise_point" else one for one in ALONE[1:at]]
    case = taken(clerk, proposed(clerk).json, *steps)
    secretary = browser(embedded, "secretary", "党委秘书", "committee_secretary")
    places = [
        f"/cases/{case['id']}/committee",
        f"/cases/{case['id']}/recommendations/{case['persons'][0]['evaluations'][-1]}",
    ]

    def shown() -> list[str]:
        pages = [secretary.get(place) for place in places]
        assert [page.status_code for page in pages] == [200, 200]
        with reading(embedded.extensions["database"]) as session:
            paper = case_paper(session, books(), case["id"], "review-material", "P1", today=date(2026, 12, 31))
            effects = weigh_points(session, books(), dossier(session, books(), case["id"]))
        return [*(STAMPED.sub("", page.text) for page in pages), str(paper), str([one.changes for one in effects])]

    before = shown()
    with in_use(amended()):
        assert shown() == before
        assert (any(WORD in text for text in before), "'now'" in before[-1]) == (False, True)
        assert (
            take(clerk, case, ALONE[at]).status_code == 200
        )  # outside the range of the amended policy, within that of the receipt


@pytest.fixture
def earlier(bare_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """A database of 0.1.0: a receipt of its own book, two of an operator's amended one, one of a book that nobody has."""
    upgrade(bare_url, "0011")
    made = connect(bare_url)
    monkeypatch.setenv("DATABASE_URL", bare_url)
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    for name, book in BOOKS.items():
        stored(made, name, book(), example("plan-task-missed"))
    yield made
    made.dispose()


BOOKS = {"old": first_release, "own-1": amended, "own-2": amended, "lost": lambda: replace(amended(), sha256=NOWHERE)}


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def kept(engine: Engine) -> tuple[set[str], set[str]]:
    """The rulebooks, and the receipts whose proofs are kept."""
    with reading(engine) as session:
        return set(session.scalars(select(KeptRulebook.sha256))), set(session.scalars(select(Proof.receipt_id)))


def test_an_upgrade_keeps_the_books_and_proofs_of_stored_receipts_and_leaves_their_bytes(earlier: Engine) -> None:
    with reading(earlier) as session:
        before = receipts.answers(session, BOOKS)
    with in_use(amended()):
        said = run("db", "upgrade")
    assert kept(earlier) == ({first_release().sha256, amended().sha256}, {"old", "own-1", "own-2"})
    assert f"1 份回执所依的规则库（{NOWHERE[:16]}）" in said
    assert f"{amended().sha256[:16]}" not in said
    run("db", "upgrade")
    assert len(kept(earlier)[1]) == 3
    with in_use(load_rulebook()), reading(earlier) as session:  # the program without the operator's amendment
        assert receipts.answers(session, BOOKS) == before
        for name in ("old", "own-1"):
            case = load_case(example("plan-task-missed"), load_rulebook())
            told = LatitudeView(Recommender(BOOKS[name]())).tell(case)
            assert receipt_latitude(session, books(), name) == msgspec.structs.replace(told, receipt=name)
            package = prove(session, books(), name, seed=SEED)
            assert package is not None
            assert {leaf["value"] for leaf in package["leaves"] if leaf["path"] == "rulebook/vocabulary"} == {
                BOOKS[name]().sources["vocabulary"]
            }
        with pytest.raises(RulebookChanged, match="没有留存"):
            receipt_latitude(session, books(), "lost")


def test_receipts_to_look_at_are_listed_with_where_they_stand(earlier: Engine) -> None:
    stored(earlier, "named", first_release(), serious("no_situation"))
    with in_use(amended()):
        run("db", "upgrade")
        stored(earlier, "late", amended(), example("plan-task-missed"))
        put(earlier, "matters", id="m", title="事项", category="plan", state="registered", version=1, known=b"{}")
        put(earlier, "evaluations", receipt_id="named", matter_id="m", version=1)
        listed = [line for line in run("db", "review").splitlines() if "回执" in line]
    assert listed == [
        f"回执 lost：所依的规则库（{NOWHERE[:16]}）没有留存，原文照常可查，不能推算裁量空间、制作证明包",
        "事项 m 回执 named 人员 P1：结论为“未发现应予问责的情形”，却列有“纪律处分衔接：应当移送纪检监察机构研判”，请核对据此作出的决定和移送",
        "回执 late：没有留存证明材料，请先执行 wenze db upgrade；仍然列出的，案卷不符合现在的格式",
    ]


def test_an_upgrade_that_was_broken_off_goes_on_where_it_stopped(
    earlier: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_receipts, "_BATCH", 1)
    made = kept_receipts._made
    asked: list[str] = []

    def interrupted(session: Session, books: Books, receipt_id: str) -> Parts:
        asked.append(receipt_id)
        if receipt_id == "own-2":
            raise KeyboardInterrupt
        return made(session, books, receipt_id)

    with in_use(amended()):
        with monkeypatch.context() as patch:
            patch.setattr(kept_receipts, "_made", interrupted)
            assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code != 0
        assert (asked, kept(earlier)[1]) == (["old", "own-1", "own-2"], {"old", "own-1"})
        run("db", "upgrade")
    assert kept(earlier)[1] == {"old", "own-1", "own-2"}


def test_what_is_kept_is_told_without_any_reasoning(earlier: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_use(amended()):
        run("db", "upgrade")
    monkeypatch.setattr(kept_receipts, "_asked", None)
    with reading(earlier) as session:
        assert receipt_latitude(session, books(), "own-1") is not None
        assert prove(session, books(), "old", seed=SEED) is not None
