"""A receipt that OA writes into the watched folder: who signed for an assignment or an urging, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from models.schemas.errors import load
from models.schemas.fields import Block, Day, KnownWord, Name, Text

_KINDS = {"acknowledge": "签收交办", "urging": "签收催办"}


@dataclass(frozen=True, slots=True)
class OaReceipt:
    """matter: its id or its number, both of which were sent to OA; on: the local day of the signature."""

    matter: str
    unit: str
    signed_by: str
    on: date
    kind: Literal["acknowledge", "urging"]


_RECEIPT = Block(
    "回执", OaReceipt,
    {"matter": Text("事项", 36, required=True), "unit": Text("单位", 200, required=True),
     "signed_by": Name("签收人", required=True), "on": Day("签收日期", required=True),
     "kind": KnownWord("种类", _KINDS, required=True)},
)  # fmt: skip


def load_oa_receipt(data: Any) -> OaReceipt:
    """The receipt. Raises CaseFileError with every fault at once."""
    found: OaReceipt = load(_RECEIPT, data)
    return found
