"""A paper as PDF: pages to print and sign. The same paper makes the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
import typst

from rules.packaged import packaged
from service.documents.parts.charts import as_svg
from service.documents.parts.paper import MARK_GREY, STYLES, TALLEST, Block, Paper, Picture

_TEMPLATE = packaged("service/documents/templates/paper.typ")


def as_pdf(paper: Paper) -> bytes:
    """The pages, with the Chinese fonts of the system."""
    found = {
        "subject": paper.description,
        "mark": paper.mark,
        "head": paper.head,
        "grey": MARK_GREY,
        "landscape": paper.landscape,
        "styles": STYLES,
        "tallest": TALLEST,
        "blocks": [_block(block) for block in paper.blocks],
    }
    made: bytes = typst.compile(
        str(_TEMPLATE), sys_inputs={"data": orjson.dumps(found, default=dict).decode()}, timestamp=0
    )
    return made


def _block(block: Block) -> Any:
    if isinstance(block, Picture):
        return {"kind": block.kind, "width": block.width, "about": block.about, "svg": as_svg(block.spec)}
    return asdict(block)
