"""``wenze patrol``: the daily round, for cron or systemd."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
import orjson

from models.store.database import connect, reading
from service.cli.db import ready_database
from service.usecases.patrol import Finding, patrol


@click.command("patrol")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天（默认今天，北京时间）")
@click.option("--unit", help="只看一个牵头单位")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(today: datetime | None, unit: str | None, form: str) -> None:
    """每日巡查：到期、逾期、未答复、应督查的事项。只提示，不代为办理；重复运行结果相同。"""
    day = today.date() if today else datetime.now(ZoneInfo("Asia/Shanghai")).date()
    with reading(connect(ready_database())) as session:
        for finding in patrol(session, today=day, unit=unit):
            click.echo(_line(finding, day) if form == "text" else orjson.dumps(finding).decode())


def _line(finding: Finding, today: date) -> str:
    ends = f"，时限 {finding.due_on}" if finding.due_on else ""
    late = f"，已超 {-finding.days} 天" if finding.days is not None and finding.days < 0 else ""
    who = finding.unit or "督查督办工作办公室"
    return f"【{finding.label}】{who}：{finding.number or ''}{finding.title}{ends}{late}"
