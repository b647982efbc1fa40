"""``wenze serve``: the settings are checked, the database is made ready, the server runs."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from models.schemas.errors import CaseFileError
from models.schemas.reading import Unreadable, read_yaml
from models.store.database import connect, reading, writing
from rules.reasoning.answer import Recommendation
from service import config
from service.books import books
from service.cli.db import make_first_administrators, ready_database, unknown_approvers
from service.cli.options import FILE, end
from service.cli.server import serve
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.administration.demonstration import CLERK, is_demonstration
from service.usecases.people.api_tokens import create_token
from service.usecases.recommending.kept_receipts import to_be_kept
from service.usecases.recommending.recommend import book_of, recommend
from service.usecases.recommending.store_receipt import store_receipt

_TOKEN_HOURS = 12


@click.command("serve")
@click.option("--host", help="监听地址，默认 WENZE_HOST，没有设置的为 127.0.0.1")
@click.option("--port", type=click.IntRange(1, 65535), help="监听端口，默认 WENZE_PORT，没有设置的为 8000")
@click.option("--workers", type=click.IntRange(1, 64), help="服务进程数，默认 WENZE_WORKERS，没有设置的为 2")
@click.option(
    "--sample",
    type=FILE,
    help="先打印这份案卷的处理建议，存为回执，另给一个12小时的令牌（有示范数据的，代表其中的 clerk）；只能用于本机地址和嵌入式数据库",
)
def command(host: str | None, port: int | None, workers: int | None, sample: Path | None) -> None:
    """启动服务。嵌入式数据库在启动时自动升级；PostgreSQL 请先执行 wenze db upgrade。"""
    try:
        config.check(host, sample=sample is not None)
        place = config.listening(host, port, workers)
    except config.ConfigError as error:
        end(str(error))
    asked = _read_sample(sample) if sample is not None else None
    os.umask(0o077)
    url = ready_database(new=True)
    marked = _is_demonstration(url, host)
    make_first_administrators(url)
    for line in (*config.warnings(host), *unknown_approvers(url)):
        click.echo(line, err=True)
    if asked is not None:
        _show_sample(url, *asked, f"http://{place.bind}", login=CLERK if marked else None)
    serve(url, bind=place.bind, workers=place.workers, demonstration=marked)


def _is_demonstration(url: str, host: str | None) -> bool:
    """Whether the database holds a demonstration, which is never served to others."""
    engine = connect(url)
    with reading(engine) as session:
        found = is_demonstration(session)
    engine.dispose()
    try:
        config.check(host, sample=found)
    except config.ConfigError as error:
        end(str(error))
    return found


def _read_sample(sample: Path) -> tuple[Any, Recommendation]:
    """The case and its recommendation; a fault of it ends the command before anything is made."""
    try:
        data = read_yaml(sample.read_bytes())
        return data, recommend(data, sample.name, books())
    except Unreadable as error:
        end(f"{sample.name}：{error}")
    except CaseFileError as error:
        end(*(f"{sample.name}：{fault}" for fault in error.errors))


def _show_sample(url: str, data: Any, answer: Recommendation, address: str, *, login: str | None) -> None:
    """login: of the account that the token acts for; without one it acts for nobody."""
    now = datetime.now(UTC)
    names = {person["id"]: person.get("name") for person in data["persons"]}
    click.echo(RecommendationInWords(book_of(answer, books())).render(answer, names))
    engine = connect(url)
    with writing(engine) as session:
        receipt_id, _ = store_receipt(session, books(), data, answer, to_be_kept(data, books()), actor="示例", now=now)
        ends = now + timedelta(hours=_TOKEN_HOURS)
        secret = create_token(session, "本机试用", now=now, expires_at=ends, login=login)
    engine.dispose()
    click.echo(f"服务地址 {address}　接口文档 {address}/api/docs　示例回执 {receipt_id}")
    hands = f"代表账号 {login}" if login is not None else "不代表任何账号，不能办理"
    click.echo(f"访问令牌（{hands}，{_TOKEN_HOURS}小时内有效，只在此处显示）：{secret}")
    click.echo(f'试一试：curl -H "Authorization: Bearer {secret}" {address}/api/v1/recommendations/{receipt_id}')
