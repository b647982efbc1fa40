"""What a question costs when the ledger grows a hundredfold, on PostgreSQL: most matters are archived, as many run as before."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from models.matter import matters
from models.store.database import connect
from service.books import books
from service.usecases.exchange.patrol import patrol
from service.usecases.matters.act_on_matter import read_matter
from tests import postgres
from tests.bench.measure import Measure

_RUNNING, _UNITS, _ASKED = 2_000, 40, 30
_TODAY = date(2026, 5, 18)
_MATTERS = """
INSERT INTO matters (position, id, number_year, number, title, category, lead_unit, state, due_on, look_on, version)
SELECT n, md5(n::text)::uuid::text, 2000 + n / 40000, n, '事项' || n, 'plan', '第' || (n % :units) || '单位',
       CASE WHEN n > :all - :running THEN 'assigned' ELSE 'archived' END, date '2026-05-01' + (n % 60)::int,
       date '2026-05-01' + (n % 60)::int, 3
FROM generate_series(1, :all) n"""
_DESKS = "INSERT INTO desk (unit, matter_id) SELECT lead_unit, id FROM matters WHERE state = 'assigned'"
_RECORDS = """
INSERT INTO records (matter_id, number, action, done_on, actor_name, actor_kind, actor_unit, details, recorded_at, entered_by)
SELECT m.id, r.number, r.action, date '2026-01-05', '李四', 'office', NULL, convert_to(r.details, 'UTF8'), now(), '测量'
FROM matters m, (VALUES (1, 'propose', '{"title":"事项","category":"plan","basis":"要点","lead_unit":"第1单位","due_on":"2026-05-01"}'),
                        (2, 'register', '{"route":"direct"}'), (3, 'assign', '{"channel":"oa"}')) r(number, action, details)"""


def filled(server: postgres.Server, size: int) -> Engine:
    """A ledger of that size."""
    engine = connect(server.database())
    with engine.begin() as connection:
        connection.execute(text(_MATTERS), {"all": size, "running": _RUNNING, "units": _UNITS})
        connection.execute(text(_DESKS))
        connection.execute(text(_RECORDS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return engine


def questions(size: int) -> dict[str, Callable[[Session], object]]:
    """What is asked of it."""
    middle = f"第{size // 2 % _UNITS}单位"

    def listed(session: Session) -> object:
        return matters.page(session, state="assigned", unit=middle, due_before=None, after=0, limit=50)

    def one(session: Session) -> object:
        row = matters.page(session, state=None, unit=None, due_before=None, after=size // 2, limit=1)[0]
        return read_matter(session, books(), row.id)

    def round_of_unit(session: Session) -> object:
        return list(patrol(session, books(), today=_TODAY, unit=middle))

    return {"list": listed, "matter": one, "patrol": round_of_unit}


def seconds(engine: Engine, question: Callable[[Session], object]) -> float:
    start = time.perf_counter()
    for _ in range(_ASKED):
        with Session(engine) as session:
            question(session)
    return time.perf_counter() - start


def measures(sizes: tuple[int, int], rounds: int) -> Iterator[Measure]:
    """Time with many over time with few, in turn; then one whole round of the patrol over all of them."""
    labels = {"list": "带筛选的一览", "matter": "一个事项的数据", "patrol": "一个单位的巡查"}
    with postgres.running() as server:
        few, many = (filled(server, size) for size in sizes)
        for name, label in labels.items():
            small, large = questions(sizes[0])[name], questions(sizes[1])[name]
            seconds(few, small), seconds(many, large)
            ratios = [seconds(many, large) / seconds(few, small) for _ in range(rounds)]
            yield Measure(f"growth_{name}", f"{label}：{sizes[1]} 件与 {sizes[0]} 件的用时之比", ratios, 1.5, "at_most")
        yield _memory(few, many, sizes[1])
        few.dispose()
        many.dispose()


def _memory(few: Engine, many: Engine, size: int) -> Measure:
    """Peak memory after one pass over a ledger of which every fifth matter runs, over the peak after a pass over the small one."""
    with many.begin() as connection:
        connection.execute(text("UPDATE matters SET state = 'assigned' WHERE position % 5 = 0"))
    found = []
    peaks = []
    for engine in (few, many):
        with Session(engine) as session:
            found.append(sum(1 for _ in patrol(session, books(), today=_TODAY)))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    about = f"巡查 {size} 件（其中在办 {size // 5} 件，提示 {found[1]} 条）与巡查 {found[0]} 条之后的内存峰值之比"
    return Measure("patrol_memory", about, [peaks[1] / peaks[0]], 1.2, "at_most")
