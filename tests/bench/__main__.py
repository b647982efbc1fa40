"""Run every measure, print a table, and write build/bench.json."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator

from tests.bench import (
    auditing,
    cases_at_large,
    columns,
    growth,
    lines,
    people,
    recommending,
    rules_in_turn,
    serving,
    starting,
)
from tests.bench.measure import Measure
from tests.conftest import ROOT


def every(quick: bool) -> Iterator[Measure]:
    rounds = 3 if quick else 9
    yield from rules_in_turn.measures(100 if quick else 2_000, rounds)
    yield from recommending.measures(100 if quick else 2_000, rounds)
    yield from serving.measures(1.0 if quick else 4.0, rounds)
    yield from starting.measures(2 if quick else 15)
    yield from growth.measures((2_000, 20_000) if quick else (10_000, 1_000_000), rounds)
    yield from cases_at_large.measures((20, 200) if quick else (100, 10_000), rounds)
    yield from auditing.measures(10_000 if quick else 100_000, rounds)
    yield from people.measures(10 if quick else 120, 9 if quick else 30)
    yield from columns.measures(20_000 if quick else 1_000_000, 2 if quick else 7)
    yield from lines.measures(100 if quick else 10_000, 2 if quick else 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="速度测量：同一次运行中轮流比较，取中位数")
    parser.add_argument("--quick", action="store_true", help="只试运行，数字不作数")
    found = []
    print(f"处理器 {os.cpu_count()} 核")
    for measure in every(parser.parse_args().quick):
        found.append(row := measure.row())
        goal = (
            ""
            if row["target"] is None
            else f"目标{'不低于' if row['direction'] == 'at_least' else '不高于'} {row['target']}"
        )
        state = {True: "达到", False: "未达到", None: ""}[measure.met()]
        print(
            f"{row['id']:<36}{row['ratio']:>10.3f}  [{row['spread'][0]:.3f}, {row['spread'][1]:.3f}]  {goal} {state}\n    {row['what']}"
        )
    target = ROOT / "build/bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"已写入 {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
