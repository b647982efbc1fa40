"""What may be done to each person, as it is answered: marshmallow schemas, against which the tests hold the answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from models.schemas.recommendation import Cited, ReadingUsed, RulebookUsed, Slot
from rules.loading import load_rulebook

_BOOK = load_rulebook()
_WORDS = _BOOK.latitude


class _Exact(Schema):
    """Every field is always there."""


def _text(label: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"title": label}, **options)


def _one_of(label: str, values: Any) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(list(values)), metadata={"title": label})


def _several(schema: type[Schema], label: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, metadata={"title": label})


def _words(label: str, values: Any) -> fields.List[Any]:
    word = fields.String(validate=validate.OneOf(list(values)))
    return fields.List(word, required=True, metadata={"title": label})


def _ways(schema: type[Schema], label: str) -> fields.List[Any]:
    about = {"title": label, "description": "逐项都要具备；每项列出若干办法，任取其一；每个办法所列的变化全部作出"}
    return fields.List(fields.List(fields.List(fields.Nested(schema))), required=True, metadata=about)


def _yes(label: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"title": label})


class PossibleResult(_Exact):
    """One thing that may be done: a kind, a set of measures, and the effects used."""

    kind = _one_of("处理的种类", [kind.id for kind in _WORDS.kinds])
    measures = _words("问责方式，由轻到重", _BOOK.ladder)
    effects = _words("从轻、减轻、从重、加重", [effect.id for effect in _WORDS.effects])
    label = _text("中文名称")
    slots = _words("所用的裁量，均须写明理由", [choice.id for choice, _ in _BOOK.discretion])


class ResultGround(Cited):
    """What excludes a result, or why it cannot be told yet."""

    ground = _text("理由的编号")
    basis = _one_of("依据：规章、解释或者策略表，后两者不是规章内容", ["law", "reading", "policy"])
    why = _text("理由")
    readings = _several(ReadingUsed, "所采用的解释")


class GroundedResults(_Exact):
    grounds = _several(ResultGround, "理由")
    results = _several(PossibleResult, "因此被排除或者不能确定的处理")


class FactChanged(_Exact):
    fact = _text("认定、事项的字段或者解释")
    label = _text("名称")
    from_ = fields.Raw(required=True, allow_none=True, data_key="from", metadata={"title": "现在"})
    to = fields.Raw(required=True, metadata={"title": "变为"})
    to_label = _text("变为（中文）")


class FactFound(FactChanged):
    work = _one_of("查明所需的工作（本项目的分类，不是规章内容）", _WORDS.work)
    work_label = _text("查明所需的工作")


class OpenFact(_Exact):
    fact = _text("未查明的认定")
    label = _text("名称")
    work = _one_of("查明所需的工作（本项目的分类，不是规章内容）", _WORDS.work)
    work_label = _text("查明所需的工作")


_STATES = list(_WORDS.state_labels)


class AlteringChanges(_Exact):
    """A smallest set of changes that alters what may be done."""

    changes = _ways(FactChanged, "变化")
    size = fields.Integer(required=True, metadata={"title": "变化的数量"})
    state = _one_of("变化之后的状态", _STATES)
    admits = _several(PossibleResult, "增加的处理")
    withdraws = _several(PossibleResult, "减少的处理")
    undetermined = _yes("变化之后是否有处理尚不能确定")


class DecidingFindings(_Exact):
    """A smallest set of findings that settles what may be done, whatever else turns out."""

    findings = _ways(FactFound, "认定")
    size = fields.Integer(required=True, metadata={"title": "认定的数量"})
    state = _one_of("查明之后的状态", _STATES)
    state_label = _text("查明之后的状态（中文）")
    admits = _several(PossibleResult, "查明之后可以作出的处理")


class UnderUncertainty(_Exact):
    open = _several(OpenFact, "未查明的认定")
    counts = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Integer(), validate=validate.Length(equal=2)), required=True,
        metadata={"title": "督办次数的区间：扣除全部有争议的行为之后，和全部计入"},
    )  # fmt: skip
    decided = _yes("无论如何查明，裁量空间都相同")
    contradictory = _yes("是否有的查明结果互相矛盾或者不一致（不计入以下各项）")
    robust = _several(PossibleResult, "无论如何查明都可以作出的处理")
    possible = _several(PossibleResult, "依查明结果而定的处理")
    never = fields.Integer(required=True, metadata={"title": "无论如何查明都不能作出的处理的数量"})
    deciding = _several(DecidingFindings, "足以确定裁量空间的最小的认定，由易到难")


class PersonLatitude(_Exact):
    outcome = _one_of("结论", _BOOK.vocabulary.enumerations["outcome"])
    state = _one_of("裁量空间的状态", _STATES)
    state_label = _text("裁量空间的状态（中文）")
    admitted = _several(PossibleResult, "可以作出的处理")
    undetermined = _several(GroundedResults, "尚不能确定的处理")
    excluded = _several(GroundedResults, "被排除的处理，各依何条款")
    slots = _several(Slot, "须写明理由的裁量")
    alterations = _several(AlteringChanges, "会改变裁量空间的最小的变化")
    uncertain = fields.Nested(UnderUncertainty, required=True, metadata={"title": "未查明的认定之下"})


class Admissible(_Exact):
    """The exact set of what may be done to each person, from a receipt."""

    receipt = fields.UUID(required=True, metadata={"title": "回执编号"})
    rulebook = fields.Nested(RulebookUsed, required=True)
    persons = fields.Dict(keys=fields.String(), values=fields.Nested(PersonLatitude), required=True)
    notice = _text("声明")
