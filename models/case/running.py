"""The running cases in which somebody has a hand: whatever they evaluate belongs to one of these.

A case runs until the committee has decided it, and again while an appeal waits for its review. A hand in it has whoever proposed,
approved, did or wrote down anything in it, whoever is or was of the team, attended a meeting on it, and, while it lies before the
committee, whoever serves there; nobody who is investigated or recused in it. A name that is compared here only restricts.
Source: art-2.d, art-9.0, art-9.1, art-9.2.2.d, art-9.4.c.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, false, func, or_, select
from sqlalchemy.orm import Session

from models.case.case import Case
from models.case.cases import CaseMatter, CaseRecordRow, CaseRow, load_many
from models.case.involvement import HANDS
from models.case.sight import Reader, involved, relation
from models.people.identity import may_meet
from rules.book.contract.case_effects import AppealReviewed, Decided
from rules.book.contract.people import PersonRef
from rules.book.procedure import Proceedings


def running_cases(session: Session, reader: Reader, proceedings: Proceedings, *, of_committee: bool) -> tuple[str, ...]:
    """The running cases in which somebody has a hand, the oldest first; a token of no person has none.

    of_committee: whether they serve the committee. A case that is damaged is taken for one that runs.
    """
    person = reader.person
    if person is None:
        return ()
    undecided, decided = proceedings.states_towards(Decided), proceedings.states_for(AppealReviewed)
    before_committee = proceedings.states_for(Decided) | decided
    names = [one.name for one in reader.known_as]
    wrote = select(CaseRecordRow.number).where(
        CaseRecordRow.case_id == CaseRow.id,
        or_(CaseRecordRow.entered_by.in_(names), CaseRecordRow.actor_name.in_(names)),
    )
    firm = or_(
        involved("assigned", *HANDS, who=reader.keys),
        CaseRow.state.in_(before_committee) if of_committee else false(),
    )
    hand = or_(exists(wrote.correlate(CaseRow)), firm)
    away = func.coalesce(relation(reader), "").in_(("subject", "recused"))
    wanted = select(CaseRow, firm).where(CaseRow.state.in_(undecided | decided), hand, ~away).order_by(CaseRow.position)
    rows = [(row, bool(known)) for row, known in session.execute(wanted)]
    unsure = [row for row, known in rows if not known or row.state not in undecided]
    loaded = {row.id: case for row, case in load_many(session, unsure, proceedings.actions)}

    def over(row: CaseRow, known: bool) -> bool:
        case = loaded.get(row.id)
        if not isinstance(case, Case):
            return False
        return (row.state not in undecided and not _appealed(case)) or not (known or _wrote(case, reader.known_as))

    return tuple(row.id for row, known in rows if not over(row, known))


def _wrote(case: Case, known_as: Collection[PersonRef]) -> bool:
    """Whether they did or wrote down something in it: a namesake of whoever did has no hand."""
    enterers = (PersonRef(record.entered_by, record.hand.enterer) for record in case.records)
    return may_meet(enterers, known_as) or may_meet((record.actor.person for record in case.records), known_as)


def _appealed(case: Case) -> bool:
    return any(person.pending_appeal is not None for person in case.persons.values())


def about_matter(session: Session, case_ids: tuple[str, ...], matter_id: str) -> tuple[str, ...]:
    """Those of these cases that are about a matter."""
    wanted = select(CaseMatter.case_id).where(CaseMatter.matter_id == matter_id, CaseMatter.case_id.in_(case_ids))
    found = set(session.scalars(wanted))
    return tuple(one for one in case_ids if one in found)
