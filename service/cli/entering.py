"""Entries on the command line: their content from a file or field by field, which fields there are, and the records that they make."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from models.records.record import Record
from models.schemas.fields import Block, Items
from models.schemas.reading import Unreadable, read_json, read_yaml
from rules.book.actions import Action
from rules.book.rulebook import Rulebook
from service.cli.options import DAY, FILE, end, today
from service.documents.writing.hand_words import entered_words

_OF_ENTRIES = (
    click.argument("action", metavar="办理"),
    click.argument("details", required=False, type=FILE, metavar="[内容.yaml]"),
    click.option("--set", "settings", multiple=True, metavar="字段=值", help="内容的一个字段，可以写多次"),
    click.option("--on", type=DAY, default=today, help="办理日期（默认今天，北京时间）"),
    click.option("--by", required=True, help="办理人姓名"),
    click.option("--paper", "papers", multiple=True, metavar="附件编号", help="所依据的纸面材料，可以写多次"),
    click.option("--late-reason", help="补录理由；办理日期早于今天的必须填写"),
)
version_option = click.option("--version", type=click.IntRange(0), help="所见的版本；他人已先行办理的，不再办理")


def entry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The action, its content, its day, and who did it."""
    for option in reversed(_OF_ENTRIES):
        command = option(command)
    return command


def read_entry(path: Path) -> Any:
    """A YAML or JSON file. Ends the command where it cannot be read."""
    try:
        raw = path.read_bytes()
        return read_json(raw) if path.suffix.lower() == ".json" else read_yaml(raw)
    except Unreadable as error:
        end(f"{path.name}：{error}")


def entered(
    details: Path | None,
    settings: tuple[str, ...],
    on: date,
    papers: tuple[str, ...],
    late_reason: str | None,
    **actor: str | None,
) -> dict[str, Any]:
    """An entry as it was typed. actor: what is told of who did it."""
    content = (read_entry(details) if details else {}) | dict(_setting(text) for text in settings)
    who = {name: told for name, told in actor.items() if told}
    beside = ({"papers": list(papers)} if papers else {}) | ({"late_reason": late_reason} if late_reason else {})
    return {"on": on.isoformat(), "actor": who, "details": content, **beside}


def _setting(text: str) -> tuple[str, Any]:
    """``granted=true`` → a truth value; lists and objects as JSON; anything else is text."""
    name, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(f"应为 字段=值，现为“{text}”")
    if value in ("true", "false", "null") or value[:1] in ("[", "{"):
        try:
            return name, read_json(value.encode())
        except Unreadable as error:
            raise click.BadParameter(f"{name}：{error}") from None
    return name, value


def action_of(given: str, actions: Mapping[str, Action], hidden: Container[str], where: str) -> str:
    """The action of this id or Chinese name. hidden: those that cannot be asked for here; where: what lists them."""
    for found in actions.values():
        if given in (found.id, found.label) and found.id not in hidden:
            return found.id
    raise click.BadParameter(f"没有“{given}”这项办理；见 {where}")


def record_line(record: Record, action: Action, book: Rulebook) -> str:
    """A record in one line."""
    cited = book.provisions[action.provision].citation
    return f"{record.number:>4}　{record.on}　{action.label}　{record.actor.name}（{cited}）　{entered_words(record)}"


def described(entry: Block) -> Iterator[str]:
    """A line for each field of an entry's details, those of the objects in it below it."""
    details = entry.fields["details"]
    assert isinstance(details, Block)
    yield from _described(details, "")


def _described(block: Block, indent: str) -> Iterator[str]:
    for name, field in block.fields.items():
        must = "必填，" if field.required else ""
        inner = field.item if isinstance(field, Items) else field
        each = f"；每项{inner.allowed()}" if isinstance(field, Items) else ""
        yield f"{indent}{name}　{field.label}：{must}{field.allowed()}{each}"
        if isinstance(inner, Block):
            yield from _described(inner, indent + "　　")
