"""A second entry of somebody parts them from themselves nowhere: it may be chosen only when another person has said that they are two."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.people import persons, posts
from models.people.organisation import Post
from models.people.units import Unit
from models.schemas.errors import CaseFileError
from models.store.database import writing
from service.usecases.people.registry import register_outsider, register_person, tell_apart

NOW = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
SPELLINGS = ("沈言", "沈言（甲处）", "沈言2", "沈言·", "沈　言")
POST = ("甲处", "处长", "正职", "school_committee", date(2020, 1, 1))


@pytest.fixture
def known(engine: Engine) -> Engine:
    with writing(engine) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
        session.flush()
        persons.add(session, "沈言", number="1001", by="升级", now=NOW)
    return engine


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_second_entry_may_be_chosen_only_when_another_says_that_they_are_two(known: Engine, written: str) -> None:
    with writing(known) as session:
        second = persons.add(session, written, by="周清", now=NOW)
        assert persons.named(session, {str(second.id)}) == {}
        with pytest.raises(CaseFileError, match="须由另一人核实"):
            tell_apart(session, str(second.id), by="周清")
        assert persons.named(session, {str(second.id)}) == {}
        tell_apart(session, str(second.id), by="程远")
        assert persons.named(session, {str(second.id)}) == {str(second.id): second}
        assert persons.named(session, {"1001"})["1001"].name == "沈言"


def test_every_way_to_a_second_entry_is_held_so(known: Engine) -> None:
    with writing(known) as session:
        made = [
            register_outsider(session, "沈言", "某校", by="周清", now=NOW).id,
            register_person(session, {"name": "沈言", "number": "9001"}, by="周清", now=NOW).id,
        ]
        posts.write(session, Post("9002", "沈言", *POST), by="周清", now=NOW)
        other = persons.add(session, "李四", number="9003", by="周清", now=NOW)
        row = persons.find(session, str(other.id))
        assert row is not None
        assert set(persons.named(session, {"9003"})) == {"9003"}
        persons.rename(session, row, "沈言", date(2026, 5, 2))
        assert persons.named(session, {*map(str, made), "9001", "9002", "9003"}) == {}


def test_who_bore_the_name_before_counts_too(known: Engine) -> None:
    with writing(known) as session:
        row = persons.by_number(session, "1001")
        assert row is not None
        persons.rename(session, row, "沈严", date(2026, 5, 2))
        assert persons.named(session, {"1001"}) != {}
        again = persons.add(session, "沈言", by="周清", now=NOW)
        assert persons.named(session, {str(again.id)}) == {}
