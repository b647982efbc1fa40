"""What may be done to each person, as it is served, kept beside a receipt and read back: the exact set, what excludes the rest."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from rules.answering import Citation, Measure, Provision, ReadingUsed, RulebookUsed, Slot, Value, Words, about

_WAYS = {"description": "逐项都要具备；每项列出若干办法，任取其一；每个办法所列的变化全部作出"}
_WORK = about("查明所需的工作（本项目的分类，不是规章内容）", of="work")
SlotName = Annotated[str, Meta(extra_json_schema={"x-of": "slot"})]
EffectName = Annotated[str, Meta(extra_json_schema={"x-of": "effect"})]


class PossibleResult(Value, frozen=True):
    """One thing that may be done: a kind, a set of measures, and the effects used."""

    kind: Annotated[str, about("处理的种类", of="kind")]
    measures: Annotated[tuple[Measure, ...], about("问责方式，由轻到重")]
    effects: Annotated[tuple[EffectName, ...], about("从轻、减轻、从重、加重")]
    label: Annotated[str, about("中文名称")]
    slots: Annotated[tuple[SlotName, ...], about("所用的裁量，均须写明理由")]


class ResultGround(Value, frozen=True):
    """What excludes a result, or why it cannot be told yet."""

    ground: Annotated[str, about("理由的编号")]
    basis: Annotated[str, about("依据：规章、解释或者策略表，后两者不是规章内容", "law", "reading", "policy")]
    why: Annotated[str, about("理由")]
    provision: Provision
    citation: Citation
    text: Words
    readings: Annotated[tuple[ReadingUsed, ...], about("所采用的解释")]


class GroundedResults(Value, frozen=True):
    grounds: Annotated[tuple[ResultGround, ...], about("理由")]
    results: Annotated[tuple[PossibleResult, ...], about("因此被排除或者不能确定的处理")]


class FactChanged(Value, frozen=True):
    fact: Annotated[str, about("认定、事项的字段或者解释")]
    label: Annotated[str, about("名称")]
    from_: Annotated[Any, about("现在")]
    to: Annotated[Any, about("变为")]
    to_label: Annotated[str, about("变为（中文）")]


class FactFound(FactChanged, frozen=True):
    work: Annotated[str, _WORK]
    work_label: Annotated[str, about("查明所需的工作")]


class OpenFact(Value, frozen=True):
    fact: Annotated[str, about("未查明的认定")]
    label: Annotated[str, about("名称")]
    work: Annotated[str, _WORK]
    work_label: Annotated[str, about("查明所需的工作")]


class AlteringChanges(Value, frozen=True):
    """A smallest set of changes that alters what may be done: every part is needed, and of the ways of a part any one."""

    changes: Annotated[tuple[tuple[tuple[FactChanged, ...], ...], ...], about("变化", **_WAYS)]
    size: Annotated[int, about("变化的数量")]
    state: Annotated[str, about("变化之后的状态", of="state")]
    admits: Annotated[tuple[PossibleResult, ...], about("增加的处理")]
    withdraws: Annotated[tuple[PossibleResult, ...], about("减少的处理")]
    undetermined: Annotated[bool, about("变化之后是否有处理尚不能确定")]


class DecidingFindings(Value, frozen=True):
    """A smallest set of findings that settles what may be done, whatever else turns out."""

    findings: Annotated[tuple[tuple[tuple[FactFound, ...], ...], ...], about("认定", **_WAYS)]
    size: Annotated[int, about("认定的数量")]
    state: Annotated[str, about("查明之后的状态", of="state")]
    state_label: Annotated[str, about("查明之后的状态（中文）")]
    admits: Annotated[tuple[PossibleResult, ...], about("查明之后可以作出的处理")]


class UnderUncertainty(Value, frozen=True):
    open: Annotated[tuple[OpenFact, ...], about("未查明的认定")]
    counts: Annotated[dict[str, tuple[int, int]], about("督办次数的区间：扣除全部有争议的行为之后，和全部计入")]
    decided: Annotated[bool, about("无论如何查明，裁量空间都相同")]
    contradictory: Annotated[bool, about("是否有的查明结果互相矛盾或者不一致（不计入以下各项）")]
    robust: Annotated[tuple[PossibleResult, ...], about("无论如何查明都可以作出的处理")]
    possible: Annotated[tuple[PossibleResult, ...], about("依查明结果而定的处理")]
    never: Annotated[int, about("无论如何查明都不能作出的处理的数量")]
    deciding: Annotated[tuple[DecidingFindings, ...], about("足以确定裁量空间的最小的认定，由易到难")]


class PersonLatitude(Value, frozen=True):
    outcome: Annotated[str, about("结论", of="outcome")]
    state: Annotated[str, about("裁量空间的状态", of="state")]
    state_label: Annotated[str, about("裁量空间的状态（中文）")]
    admitted: Annotated[tuple[PossibleResult, ...], about("可以作出的处理")]
    undetermined: Annotated[tuple[GroundedResults, ...], about("尚不能确定的处理")]
    excluded: Annotated[tuple[GroundedResults, ...], about("被排除的处理，各依何条款")]
    slots: Annotated[tuple[Slot, ...], about("须写明理由的裁量")]
    alterations: Annotated[tuple[AlteringChanges, ...], about("会改变裁量空间的最小的变化")]
    uncertain: Annotated[UnderUncertainty, about("未查明的认定之下")]


class Admissible(Value, frozen=True, kw_only=True):
    """The exact set of what may be done to each person. case: of a case file; receipt: of a stored recommendation."""

    case: Annotated[str | UnsetType, about("案件")] = UNSET
    receipt: Annotated[str | UnsetType, about("回执编号", format="uuid")] = UNSET
    rulebook: RulebookUsed
    persons: dict[str, PersonLatitude]
    notice: Annotated[str, about("声明")]
