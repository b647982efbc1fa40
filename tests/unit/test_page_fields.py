"""The fields of a page's form: what is wrong is told at its field, in the words of the page, never in codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from models.schemas.entries import case_entries, matter_entries
from models.schemas.errors import CaseFileError, flatten
from models.schemas.fields import Block, Items, KnownWord, StrictField
from models.schemas.office_entries import office_entries
from models.schemas.periods import CONFIRM
from rules.book.loading import load_rulebook
from service.web.fields import Filled, Shown, posted, shown

FORMS = {
    **case_entries(load_rulebook()).blocks,
    **matter_entries(load_rulebook()).blocks,
    **office_entries(load_rulebook()),
    "Period": CONFIRM,
}
CODE = re.compile("[a-z]{3,}")


def told(field: Shown) -> Iterator[str]:
    yield from field.errors
    for part in (*field.parts, *(one for row in field.rows for one in row)):
        yield from told(part)


def at_fields(block: Block, form: MultiDict[str, str]) -> tuple[list[str], int]:
    """What the form tells, as it is sent; and how many faults there are."""
    data = {name: posted(name, field, form) for name, field in block.fields.items()}
    with pytest.raises(ValidationError) as found:
        block.deserialize({name: value for name, value in data.items() if value is not None})
    faults = CaseFileError(list(flatten(found.value.messages)))
    filled = Filled(form, {}, faults.by_path())
    fields = [shown(name, field, filled) for name, field in block.fields.items()]
    return [one for field in fields for one in told(field)], len(faults.errors)


def tampered(path: str, field: StrictField, form: MultiDict[str, str]) -> None:
    """A value that no form offers, wherever there is something to choose."""
    if isinstance(field, Block):
        for name, one in field.fields.items():
            tampered(f"{path}.{name}", one, form)
    elif isinstance(field, Items) and isinstance(field.item, Block):
        tampered(f"{path}[0]", field.item, form)
    elif isinstance(field, KnownWord) or (isinstance(field, Items) and isinstance(field.item, KnownWord)):
        form[path] = "没有的"


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("fill", [False, True], ids=["left empty", "with values that are not offered"])
def test_every_fault_of_a_form_is_told_at_its_field_without_codes(name: str, fill: bool) -> None:
    block, form = FORMS[name], MultiDict[str, str]()
    if fill:
        for field_name, field in block.fields.items():
            tampered(field_name, field, form)
    if fill and not form:
        return
    said, faults = at_fields(block, form)
    assert len(said) == faults > 0
    assert [one for one in said if CODE.search(one.replace("YYYY-MM-DD", ""))] == []


def test_what_may_be_chosen_is_told_by_its_words() -> None:
    filled = Filled(
        MultiDict(),
        {},
        {"form": ["缺少必填字段“督查形式”；" + office_entries(load_rulebook())["Inspection"].fields["form"].allowed()]},
    )
    field = shown("form", office_entries(load_rulebook())["Inspection"].fields["form"], filled)
    words = "、".join(word for _, word in field.options)
    assert field.errors == (f"缺少必填字段“督查形式”；可以选择：{words}",)


def test_a_value_that_the_element_cannot_have_is_named_by_its_word() -> None:
    details = {"person": "P1", "element": "harm", "value": "established", "evidence": "会议纪要"}
    data = {"on": "2026-05-01", "actor": {"name": "组长", "kind": "team"}, "details": details}
    with pytest.raises(CaseFileError) as found:
        case_entries(load_rulebook()).load("find", data)
    options = {"value": (("established", "已查明"), ("grave", "危害严重"))}
    filled = Filled(MultiDict({"details.value": "established"}), options, found.value.by_path())
    (said,) = shown("details.value", case_entries(load_rulebook()).fields["find"]["value"], filled).errors
    assert said.startswith("“认定”只能取：")
    assert said.endswith("；现为“已查明”")
    assert not CODE.search(said)
