"""The daily page of the audit trail: its head on paper, to be signed and put away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from service.documents.forms import day
from service.documents.paper import Line, Paper, cell
from service.documents.paper import Table as PaperTable

_TITLE = "审计记录每日页"
_HOW = (
    "核对：把下面的锚点原样写入一个文件，执行 wenze audit verify --anchor 文件。结果为“完整”的，本页打印之前的审计记录没有被改动；"
    "不符的，第一处不符的序号由命令指出。本页应当由系统管理员以外的人保存。"
)
_WIDTHS = (40.0, 116.0)


def audit_page(on: date, number: int, algorithm: str, head: str, anchor: str) -> Paper:
    """The page of one day. number: of the last event; head: its hash; anchor: the whole as a line of a file."""
    rows: Mapping[str, str] = {
        "末条的序号": f"{number}", "散列算法": algorithm.upper(), "末条的散列值": _grouped(head), "锚点": anchor,
    }  # fmt: skip
    table = PaperTable(_WIDTHS, tuple((cell(name, "label"), cell(said, "small")) for name, said in rows.items()))
    blocks = (
        Line(_TITLE, "title"), Line(f"（{day(on)}）", "number"), table, Line(_HOW),
        Line("打印人：　　　　　　　　保存人：　　　　　　　　", "sign"), Line("　　　　年　　月　　日", "date"),
    )  # fmt: skip
    return Paper(f"{_TITLE}（{day(on)}）", blocks)


def _grouped(head: str) -> str:
    """So that two pages can be compared by eye."""
    return " ".join(head[at : at + 8] for at in range(0, len(head), 8))
