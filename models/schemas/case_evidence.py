"""Evidence in a case: as in a case file, or a piece that names a file, a ledger record or a hearing which the system knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from models.schemas.fields import StrictField, Text, listing
from models.schemas.finding_fields import EvidenceList
from models.schemas.whole_number import WholeNumber

_KNOWN = {"attachment": "附件编号", "ledger_record": "台账记录", "hearing": "谈话记录的序号"}
REFERENCES: Mapping[str, StrictField] = {
    "attachment": Text(_KNOWN["attachment"], 36),
    "ledger_record": Text(_KNOWN["ledger_record"], 100),
    "hearing": WholeNumber(_KNOWN["hearing"], 10**6),
}
"""Field of a piece of evidence → what it may be; a piece without any of them is a free reference."""


class CaseEvidence(EvidenceList):
    """Pieces of evidence, each of which names one thing of the system at most."""

    def entry_schema(self) -> dict[str, Any]:
        named = {name: field.json_schema() for name, field in REFERENCES.items()}
        return {**super().entry_schema(), "properties": named}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        pieces = super()._deserialize(value, attr, data, **kwargs)
        faults = {at: wrong for at, piece in enumerate(pieces) if (wrong := _faults(piece))}
        if faults:
            raise ValidationError(faults)
        return pieces


def reference_of(piece: Any) -> str | None:
    """The field by which a piece names something of the system."""
    return next((name for name in REFERENCES if isinstance(piece, Mapping) and name in piece), None)


def _faults(piece: Any) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    first = reference_of(piece)
    for name, field in REFERENCES.items():
        if first is None or name not in piece:
            continue
        try:
            field.deserialize(piece[name])
        except ValidationError as error:
            faults[name] = error.messages
        if name != first:
            faults[name] = [f"一项证据只能写明其中一种：{listing(_KNOWN)}"]
    return faults
