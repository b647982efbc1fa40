"""What an upgrade tells of deadlines and moves that nobody approved, on both databases."""

from __future__ import annotations

import pytest

from models.matter import act as ledger
from models.store.database import connect, reading
from service.books import books
from service.usecases.administration import review
from tests.issued import act, assigned, opened, registered, with_units


def test_records_of_before_are_told_with_where_they_stand(database_url: str) -> None:
    engine = connect(database_url)
    with_units(engine, 甲处=None, 乙处=None)
    policy = ("past_due_reasoned", "past_due_approved", "moved_overdue_approved")
    without = {**ledger.GUARDS, **dict.fromkeys(policy, lambda _: True)}
    with pytest.MonkeyPatch.context() as patch:  # as 0.1.0 was
        patch.setattr(ledger, "GUARDS", without)
        late = opened(engine, "登记时已过期", "2026-01-04")
        registered(engine, late)
        moved = assigned(engine, "逾期后改派")
        act(engine, moved, "arrange", "2026-05-06", lead_unit="乙处")
        back = assigned(engine, "逾期后以此前的日期改派")
        act(engine, back, "arrange", "2026-04-30", entered="2026-05-06", lead_unit="乙处")
        sound = assigned(engine, "没有问题", "2026-06-01")
        act(engine, sound, "arrange", "2026-04-30", lead_unit="乙处")
    with reading(engine) as session:
        found = list(review.past_deadlines(session, books()))
    assert [line.partition("：")[0] for line in found] == [
        "事项 督〔2026〕1号 记录 1（提出立项意见，2026-01-05）", "事项 督〔2026〕1号 记录 3（立项登记，2026-01-06）",
        "事项 督〔2026〕1号 记录 3（立项登记，2026-01-06）", "事项 督〔2026〕2号 记录 5（确定牵头单位、方案、分工和项目负责人，2026-05-06）",
        "事项 督〔2026〕3号 记录 5（确定牵头单位、方案、分工和项目负责人，2026-04-30）",
    ]  # fmt: skip
    assert all(line.endswith("；现无记载，请核对") for line in found)
    engine.dispose()
