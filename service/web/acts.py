"""Carrying out an entry from a page: its form, filled in again with every fault at its place where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.datastructures import MultiDict

from models.schemas.errors import CaseFileError
from models.schemas.fields import Block
from models.store.database import writing
from rules.book.actions import Action
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import LOCAL
from service import config
from service.auth import NotThisActor, check_decider, entry_of
from service.request_context import context
from service.usecases.cases.act_on_case import CaseOutcome, act_on_case
from service.usecases.entry import Entry
from service.usecases.people.principals import Principal
from service.usecases.refusals import REFUSALS, explained
from service.web.choosing import find, only_choosing, outsider_entered
from service.web.fields import Filled, Options, posted, shown
from service.web.pages import form_key, number, page, see_other

_BESIDE = ("papers", "late_reason")
"""What stands below the details of an entry, where it can be filled in."""
Load = Callable[[str, Any], dict[str, Any]]


def entry_page(
    template: str,
    schema: Block,
    *,
    kinds: tuple[str, ...],
    options: Mapping[str, Options],
    said: str = "",
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The form of an entry. kinds: the actors that it is for; options: words for fields by their last name."""
    principal: Principal = g.principal
    own = acting_kinds(principal, kinds)
    form = MultiDict(request.form) if request.method == "POST" else known(principal, own, request.args)
    words = {**options, "kind": tuple((kind, context().book.actors[kind]) for kind in own)}
    errors = {**(errors or {}), **outsider_entered(form)}
    filled = Filled(form, options, errors, request.form.get("more", ""), find)
    fields = [
        shown(name, schema.fields[name], replace(filled, options=words) if name == "actor" else filled)
        for name in _shown(schema, options)
    ]
    return page(template, status, fields=fields, said=said, errors=errors, **values)


def _shown(schema: Block, options: Mapping[str, Options]) -> list[str]:
    """The fields of an entry in their order: papers where there is one to be chosen."""
    last = [name for name in _BESIDE if name in schema.fields and (name != "papers" or options.get(name))]
    return [*(name for name in schema.fields if name not in _BESIDE), *last]


def entry_form(
    rule: Action,
    schema: Block,
    book: Rulebook,
    do: Callable[[], str],
    *,
    kinds: tuple[str, ...],
    version: int = 0,
    **values: Any,
) -> Response:
    """The form of an action; where it was filled in, what ``do`` makes of it. version: that of what it is done to."""
    cited, seen = book.provisions[rule.provision].citation, request.form.get("version") or version

    def again(**told: Any) -> Response:
        shown = {"title": rule.label, "citation": cited, "version": seen, **values, **told}
        return entry_page("entry.html", schema, kinds=kinds, **shown)

    return again() if request.method == "GET" else carried_out(do, again)


def acting_kinds(principal: Principal, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """As what whoever asks may carry out something that is for these actors, in the order of the procedure."""
    return tuple(
        kind for kind in kinds if any(kind in (*held.role.acts_as, *held.role.enters_for) for held in principal.roles)
    )


def known(principal: Principal, kinds: tuple[str, ...], given: Mapping[str, str]) -> MultiDict[str, str]:
    """What is known before anything is filled in: today, and who acts, where that can only be one; and what a link names."""
    form: MultiDict[str, str] = MultiDict({f"details.{name}": value for name, value in given.items()})
    form["on"] = datetime.now(LOCAL).date().isoformat()
    own = [held for held in principal.roles if set(held.role.acts_as) & set(kinds)]
    if own and len(kinds) == 1:
        form["actor.name"], form["actor.kind"] = (principal.person and principal.person.id) or "", kinds[0]
        if own[0].unit is not None:
            form["actor.unit"] = own[0].unit
    return form


def entered(action: str, schema: Block, load: Load) -> Entry:
    """The entry that was posted. Raises CaseFileError, NotThisActor."""
    data = {name: posted(name, one, request.form) for name, one in schema.fields.items()}
    loaded = load(action, {name: value for name, value in data.items() if value is not None})
    return entry_of(action, loaded, form_key())


def act_as_posted(case_id: str, entry: Entry) -> CaseOutcome:
    """Carry out an entry on a case that whoever filled in the form had seen with so many records."""
    check_decider(context().book.proceedings.actions[entry.action])
    approvers, prefix, now = config.approvers(), config.decision_prefix(), datetime.now(UTC)
    with writing(current_app.extensions["database"]) as session:
        return act_on_case(
            session,
            context().books,
            case_id,
            entry,
            expected=expected(),
            now=now,
            approvers=approvers,
            decision_prefix=prefix,
        )


def expected() -> int:
    """How many records whoever filled in the form had seen; 0 where the form does not say so."""
    return number(request.form.get("version", ""))


def not_allowed(error: NotThisActor) -> dict[str, list[str]]:
    """What is said at the field of the actor."""
    return {"actor": [f"您不能以“{context().book.actors[error.actor.kind]}”的身份，或者以他人的姓名办理"]}


def carried_out(do: Callable[[], str], again: Callable[..., Response]) -> Response:
    """Where ``do`` succeeds, on to the address that it tells; where it is refused, the form again with the reasons."""
    if request.form.get("more") or only_choosing():
        return again()
    try:
        return see_other(do())
    except CaseFileError as error:
        return again(errors=error.by_path(), said=f"所填内容有{len(error.errors)}处错误，没有保存", status=422)
    except NotThisActor as error:
        return again(errors=not_allowed(error), said="没有保存", status=403)
    except REFUSALS as error:
        return again(said=f"没有保存：{explained(error, context().books)}", status=409)
