"""The content of an entry as a command takes it: from a file, or field by field; and which fields there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from models.schemas.fields import Block, Items
from models.schemas.reading import Unreadable, read_json, read_yaml
from service.cli.ledger_session import end


def read_entry(path: Path) -> Any:
    """A YAML or JSON file. Ends the command where it cannot be read."""
    try:
        raw = path.read_bytes()
        return read_json(raw) if path.suffix.lower() == ".json" else read_yaml(raw)
    except Unreadable as error:
        end(f"{path.name}：{error}")


def setting(text: str) -> tuple[str, Any]:
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
