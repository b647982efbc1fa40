"""Many cases at once: copies of a lawful history at each of its stages, put into the tables past the use cases."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Engine, Table, func, insert, select
from sqlalchemy.orm import Session

from models.case.case import Case
from models.case.cases import CaseMatter, CaseRecordRow, CaseRow
from models.case.involvement import Involvement, involvements
from models.case.involvements import InvolvementRow
from models.case.waiting import look
from models.matter.matters import MatterRow
from models.records.stored import values_of
from tests.lawful_case import BOOK, LAWFUL, lived, until

STAGES = ("approve", "find", "submit", "decide", "file_decision", None)
"""Each case stands before this step of its history; None: it is closed."""


def many(engine: Engine, number: int, *, of_team: tuple[str, int] = ("", 0), waiting: int | None = None) -> None:
    """So many more cases, each about an archived matter of its own.

    of_team: a name that is in the team of the first so many. waiting: how many of them are decided and have duties left, so that the
    others have none; None: as many as come.
    """
    kept = {stage: lived(*(LAWFUL if stage is None else until(stage))) for stage in STAGES}
    records = {stage: [values_of(one, request_key=None) for one in case.records] for stage, case in kept.items()}
    with Session(engine) as session:
        first = (session.scalar(select(func.max(CaseRow.position))) or 0) + 1
        last = (session.scalar(select(func.max(MatterRow.position))) or 0) + 1
    rows: dict[Table | Any, list[dict[str, Any]]] = {
        row.__table__: [] for row in (MatterRow, CaseRow, CaseRecordRow, CaseMatter, InvolvementRow)
    }
    for at in range(number):
        stage = STAGES[at % len(STAGES)]
        if waiting is not None and stage == "file_decision" and at // len(STAGES) >= waiting:
            stage = None
        _put(rows, kept[stage], records[stage], first + at, last + at, of_team[0] if at < of_team[1] else None)
    with engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)
        if engine.dialect.name == "postgresql":
            for table, value in (("cases", first + number), ("matters", last + number)):
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'position'), {value})")


def _put(rows: Any, case: Case, records: list[dict[str, Any]], position: int, matter: int, member: str | None) -> None:
    case_id, matter_id = str(uuid.uuid4()), str(uuid.uuid4())
    until_, since = look(case, BOOK)
    rows[MatterRow.__table__].append({"position": matter, "id": matter_id, "title": "已归档事项", "category": "plan",
                                      "state": "archived", "version": 1, "known": b"{}"})  # fmt: skip
    rows[CaseRow.__table__].append({"position": position, "id": case_id, "title": case.title, "state": case.state,
                                    "version": case.version, "involved": case.version, "known": b"{}", "look_until": until_,
                                    "look_on": since})  # fmt: skip
    rows[CaseRecordRow.__table__] += [{**one, "case_id": case_id} for one in records]
    rows[CaseMatter.__table__].append({"case_id": case_id, "matter_id": matter_id})
    parts = involvements(case)
    if member is not None:
        parts[Involvement("assigned", member)] = 1
    rows[InvolvementRow.__table__] += [
        {"case_position": position, "relation": one.relation, "who": one.who, "person": one.person, "since": since}
        for one, since in parts.items()
    ]
