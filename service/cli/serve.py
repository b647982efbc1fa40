"""``wenze serve``: the production server (gunicorn, threads), one engine for each worker."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from models.schemas.reading import read_yaml
from models.store.database import connect, writing
from rules.loading import load_rulebook
from service import config
from service.app import create_app
from service.cli.db import ready_database
from service.documents.report import Report
from service.usecases.api_tokens import create_token
from service.usecases.recommend import recommend
from service.usecases.store_receipt import store_receipt

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TOKEN_HOURS = 12


def _without_addresses(record: logging.LogRecord) -> bool:
    """The server's own lines quote what was asked for, where it could not be read: an address may hold a name or a secret."""
    said = record.getMessage()
    for beginning in ("Invalid request", "Error handling request"):
        if said.startswith(beginning):
            record.msg, record.args = beginning, ()
    return True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.url, self.options = url, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.url)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="WENZE_HOST")
@click.option("--port", default=8000, show_default=True, envvar=["WENZE_PORT", "PORT"])
@click.option("--workers", default=2, show_default=True, envvar="WENZE_WORKERS", type=click.IntRange(1, 64))
@click.option(
    "--sample",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="先打印这份案卷的处理建议并存为回执；在本机和嵌入式数据库上另给一个12小时的令牌",
)
def command(host: str, port: int, workers: int, sample: Path | None) -> None:
    """启动服务。嵌入式数据库在启动时自动升级；PostgreSQL 请先执行 wenze db upgrade。"""
    try:
        config.check()
    except config.ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    url = ready_database()
    if sample is not None:
        trusted = host in _LOOPBACK and url.startswith("sqlite")
        _show_sample(url, sample, f"http://{host}:{port}", trusted=trusted)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "loglevel": "warning",
    }
    logging.getLogger("gunicorn.error").addFilter(_without_addresses)
    _Server(url, options).run()


def _show_sample(url: str, sample: Path, address: str, *, trusted: bool) -> None:
    data, now = read_yaml(sample.read_bytes()), datetime.now(UTC)
    answer = recommend(data, sample.name)
    names = {person["id"]: person.get("name") for person in data["persons"]}
    click.echo(Report(load_rulebook()).render(answer, names))
    engine = connect(url)
    secret = None
    with writing(engine) as session:
        receipt_id, _ = store_receipt(session, data, answer, actor="示例", now=now)
        if trusted:
            secret = create_token(session, "本机试用", now=now, expires_at=now + timedelta(hours=_TOKEN_HOURS))
    engine.dispose()
    click.echo(f"服务地址 {address}　接口文档 {address}/api/docs　示例回执 {receipt_id}")
    if secret is None:
        click.echo("访问令牌由 wenze token create 生成")
        return
    click.echo(f"访问令牌（{_TOKEN_HOURS}小时内有效，只在此处显示）：{secret}")
    click.echo(f'试一试：curl -H "Authorization: Bearer {secret}" {address}/api/v1/recommendations/{receipt_id}')
