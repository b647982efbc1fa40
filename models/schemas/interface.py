"""What the interface answers beside cases and matters: the rulebook, how it is, and what was wrong with a request."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, UnsetType

from rules.answering import Citation, Day, Provision, Value, Words, about


class RulebookRow(Value, frozen=True):
    id: Annotated[str, about("规则库")]
    title: Annotated[str, about("名称")]
    number: Annotated[str, about("文号")]
    in_force_from: Annotated[Day, about("施行日期")]
    sha256: Annotated[str, about("散列值")]
    policy: Annotated[str, about("策略表")]


class ProvisionRow(Value, frozen=True):
    """A provision as it is served; ``id`` is its address."""

    id: Provision
    citation: Citation
    text: Words
    kind: Annotated[str, about("性质")]
    modality: Annotated[str, about("应当、可以或者说明", "shall", "may", "declaratory")]
    bearer: Annotated[str, about("义务人")]
    treatment: Annotated[str, about("处理方式")]
    note: Annotated[str, about("说明")]


class Health(Value, frozen=True):
    status: Annotated[str, about("状态", "ok")]


class Refusal(Value, frozen=True):
    guard: Annotated[str, about("限制")]
    reason: Annotated[str, about("理由")]
    provision: Provision
    citation: Citation
    text: Words
    policy: Annotated[bool, about("本校的管理要求，不是规章的规定；条款仅供参照")] = False


class Problem(Value, frozen=True):
    """RFC 9457 problem details. errors, provisions: by the path of a field; since: the records that somebody else added."""

    type: Annotated[str, about("种类", format="uri")]
    title: Annotated[str, about("名称")]
    status: Annotated[int, about("状态码")]
    detail: Annotated[str, about("说明")]
    request_id: Annotated[str, about("请求编号")]
    refusals: Annotated[tuple[Refusal, ...] | UnsetType, about("不允许的理由和条款")] = UNSET
    errors: Annotated[dict[str, list[str]] | UnsetType, about("按字段路径列出的错误")] = UNSET
    provisions: Annotated[dict[str, list[str]] | UnsetType, about("禁止该值的条款，按字段路径")] = UNSET
    version: Annotated[int | UnsetType, about("事项现在的版本")] = UNSET
    since: Annotated[list[dict[str, Any]] | UnsetType, about("其间的新记录")] = UNSET
    rows: Annotated[list[dict[str, Any]] | UnsetType, about("导入的表逐行的结果")] = UNSET
