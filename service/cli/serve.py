"""``wenze serve``: the production server (gunicorn, threads), one engine for each worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from models.schemas.reading import read_yaml
from models.store.database import upgrade
from rules.loading import load_rulebook
from service.app import create_app
from service.config import database_url
from service.documents.report import Report
from service.usecases.recommend import recommend


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
@click.option("--sample", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="先打印这份案卷的处理建议")
def command(host: str, port: int, workers: int, sample: Path | None) -> None:
    """启动服务。嵌入式数据库在启动时自动升级；PostgreSQL 请先执行 wenze db upgrade。"""
    url = database_url()
    if url.startswith("sqlite"):
        upgrade(url)
    if sample is not None:
        data = read_yaml(sample.read_bytes())
        names = {person["id"]: person.get("name") for person in data["persons"]}
        click.echo(Report(load_rulebook()).render(recommend(data, sample.name), names))
        click.echo(f"服务地址 http://{host}:{port}；访问令牌由 wenze token create 生成")
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "loglevel": "warning",
    }
    _Server(url, options).run()
