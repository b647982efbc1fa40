"""What anybody might say and do in a case, lawful or not: the material of the random histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st

from models.case.case import Case
from models.records.record import Actor
from tests.lawful_case import BOOK, EVALUATION, GROUPS, OFFICE_NAME, PERSONS, SLOTS

_BY = {"by": "学校党委", "on": "2026-01-05", "document": "党委会纪要"}
CONFIRMED = replace(BOOK, periods=tuple(
    replace(row, confirmed=_BY, mark="V") if row.id in ("admonition", "removal") else row for row in BOOK.periods
))  # fmt: skip
TWO = (*PERSONS, {**PERSONS[0], "id": "P2", "name": "李某", "unit": "乙处", "party_member": False})
MEMBERS = ({"name": "组长", "unit": OFFICE_NAME, "head": True}, {"name": "组员甲", "unit": "审计处", "head": False},
           {"name": "组员乙", "unit": OFFICE_NAME, "head": False})  # fmt: skip
ALONE, OTHERS_HEAD = MEMBERS[::2], ({**MEMBERS[1], "head": True}, MEMBERS[2])
TWICE = (MEMBERS[0], {**MEMBERS[0], "unit": "审计处", "head": False}, MEMBERS[2])
INVESTIGATED = (*MEMBERS, {"name": "张某", "unit": "丙处", "head": False})
ADVERSE = {"art-8.1.1.task_in_plan": "established", "harm": "grave", "role": "principal",
           "art-8.3.3.2.obstructed_supervision": "established"}  # fmt: skip
FAVOURABLE = "art-8.3.2.1/remedied.remedied"
FINDINGS = ((FAVOURABLE, "established"), (FAVOURABLE, "refuted"), ("conduct", "ineffective"), ("role", "other_member"),
            ("art-8.1.1.task_in_plan", "refuted"), ("art-8.1.1.task_in_plan", "open"), ("harm", "none"), *ADVERSE.items())  # fmt: skip
ACCEPTING = ((), ({"element": FAVOURABLE, "value": "established"},))
BENCHES = (("委员一", "委员二", "委员三"), ("委员四", "委员五", "委员六"), ("委员七", "委员八", "委员九"), ("委员一", "组员甲"),
           ("委员四", "张某"), ())  # fmt: skip
VOTES = ({"for": 3, "against": 0, "abstain": 0}, {"for": 2, "against": 0, "abstain": 0}, {"for": 1, "against": 2, "abstain": 0},
         {"for": 9, "against": 0, "abstain": 0})  # fmt: skip
ACTORS = {
    "office": Actor("主任", "office"), "leader": Actor("书记", "leader"), "committee": Actor("党委秘书", "committee"),
    "organisation": Actor("组织部", "organisation"), "personnel": Actor("人事处", "personnel"),
}  # fmt: skip
STRANGERS = (
    Actor("副校长", "leader"),
    Actor("张某", "leader"),
    Actor("路人", "team"),
    Actor("路人", "person"),
    Actor("丁", "unit", "丁处"),
)
ORGANISED = msgspec.structs.replace(
    EVALUATION,
    base=("organisational_measure",) * 2,
    range_mandatory=("notice_of_criticism", "organisational_measure"),
)
MEASURES = ((), ("notice_of_criticism",), ("admonition",), ("notice_of_criticism", "admonition"), ("organisational_measure",),
            ("discipline",))  # fmt: skip
FULL = (*SLOTS, {"id": "circulation_scope", "choice": "校内", "reason": "足够"},
        {"id": "organisational_kind", "choice": "免职", "reason": "不适宜"},
        {"id": "exemption", "choice": "免予问责", "reason": "探索中的失误"})  # fmt: skip
TRAIL = ("first_decision", "appeals", "consequences", "overturned_at")
ONWARD = {"": ("propose",), "proposed": ("approve",), "approved": ("form_team",), "reported": ("submit",), "submitted": ("decide",),
          "investigating": ("find", "serve_fact_material", "hear", "raise_point", "answer_point", "find", "sign", "evaluate",
                            "discuss", "report")}  # fmt: skip
"""State → what leads on from it, in the order in which it is lawful."""
PATHS = {
    "approve": ("propose",),
    "find": ("propose", "approve", "form_team"),
    "report": ("propose", "approve", "form_team", *["find"] * 4, "serve_fact_material", "hear", "raise_point", "answer_point",
               "sign", "evaluate", "discuss"),
    "decide": ("propose", "approve", "form_team", *["find"] * 4, "serve_fact_material", "hear", "raise_point", "answer_point",
               "sign", "evaluate", "discuss", "report", "submit"),
}  # fmt: skip
PATHS["after"] = (*PATHS["decide"], "decide", "issue_decision")
PATHS["served"] = (*PATHS["after"], "serve_decision", "serve_decision")
PATHS["finished"] = (
    *PATHS["served"],
    "notify_department",
    "notify_department",
    "file_decision",
    "bar_ratings",
    "execute",
)
"""From where a run starts → what has lawfully been done by then, for every person."""
Pick = Callable[..., Any]


def best(*options: Any) -> Any:
    """The pick of somebody who does everything right: the first option."""
    return options[0]


def picking(data: st.DataObject, mode: str) -> Pick:
    """Somebody who does everything right, all but one thing, or whatever comes."""
    if mode == "right":
        return best
    slip = data.draw(st.integers(0, 9))
    made = iter(range(1_000))

    def pick(*options: Any) -> Any:
        anything = mode == "wild" or next(made) == slip
        return data.draw(st.sampled_from(options)) if anything else options[0]

    return pick


def meeting(on: date, pick: Pick, bench: int = 0) -> dict[str, Any]:
    there = pick(BENCHES[bench], *BENCHES)
    return {"body": pick("党委常委会", "党委全体会议"), "held_on": on, "attendance": there, "recused": pick((), (), ("委员八",), ("委员一",)),
            "votes": pick({"for": max(1, len(there)), "against": 0, "abstain": 0}, *VOTES)}  # fmt: skip


def decision(person: str, pick: Pick) -> dict[str, Any]:
    outcome = pick("held", "held", "held", "exempted", "no_situation")
    measures = pick(("admonition",), *MEASURES) if outcome == "held" else pick((), ("admonition",))
    kind = "免职" if "organisational_measure" in measures else None
    return {"person": person, "outcome": outcome, "measures": measures, "slots": pick(FULL, FULL, SLOTS, ()),
            "organisational_kind": pick(kind, kind, "其他措施", None), "departure": pick("另有理由", None),
            "referral": pick(False, False, True), "referral_note": pick("衔接处分", None)}  # fmt: skip


def members(pick: Pick) -> Any:
    return pick(MEMBERS, MEMBERS, ALONE, OTHERS_HEAD, TWICE, INVESTIGATED)


def details(action: str, person: str, case: Case, on: date, pick: Pick) -> dict[str, Any]:
    """What somebody might say with an action; the first option of every pick is the lawful one."""
    reason, whom = pick("理由充分", "理由充分", ""), {"person": person}
    points = sorted(case.persons[person].points) if person in case.persons else []
    match action:
        case "propose":
            return {"title": "逾期", "matters": ("M1",), "situations": pick(("art-8.1.1",), ()), "reason": reason,
                    "persons": pick(TWO, PERSONS, (), (*PERSONS, *PERSONS), ({**PERSONS[0], "managed_by": "superior"},))}  # fmt: skip
        case "form_team":
            return {"members": members(pick)}
        case "add_member":
            return {"members": pick(({"name": "组员丙", "unit": "财务处", "head": False},), MEMBERS[1:2],
                                    ({"name": "组员丁", "unit": OFFICE_NAME, "head": True},), (INVESTIGATED[-1],))}  # fmt: skip
        case "recuse":
            names = (
                one.name
                for one in (*(one.name for one in case.active[::-1]), *((case.approver,) if case.approver else ()))
            )
            return {"name": pick(*names, "路人"), "ground": pick("interest", "无"), "reason": reason}
        case "propose_recusal":
            who, capacity = pick(("组员甲", "team"), ("书记", "approver"), ("组长", "team"), ("委员一", "committee"), ("路人", "office"),
                                 ("书记", "team"), ("张某", "office"))  # fmt: skip
            return {"name": who, "capacity": capacity, "ground": pick("interest", "无"), "reason": reason}
        case "decide_recusal":
            return {"proposal": pick(*case.recusals.proposed, "1"), "granted": pick(True, False), "reason": reason}
        case "lift_recusal":
            return {"name": pick(*(one.name for one in case.recused), "路人"), "reason": reason}
        case "find":
            element, value = pick(*_next_findings(case, person), *FINDINGS)
            second = pick("组员乙", "组员甲", None)
            return {**whom, "element": element, "value": value, "evidence": pick(({"kind": "document"},), ()), "reason": reason,
                    "second": second}  # fmt: skip
        case "evaluate":
            return {**whom, "receipt_id": f"R{case.version}"}
        case "hear":
            return {**whom, "present": ("组长", "组员乙"), "text": pick("全文", "全文", " ")}
        case "serve_fact_material" | "appeal":
            return {**whom, "text": pick("全文", "全文", " ")}
        case "raise_point":
            return {
                **whom,
                "kind": "mitigation",
                "step": "art-8.3.2.1",
                "text": "已经补救",
                "accepting": pick(ACCEPTING[case.version % 2], *ACCEPTING),
            }
        case "withdraw_point":
            return {**whom, "point": pick(*points, "9"), "reason": reason}
        case "answer_point":
            return {**whom, "point": pick(*_open(case, person), *points, "9"), "reason": reason,
                    "reasonable": case.version % 2 == 1, "adopted": pick(case.version % 2 == 1, False, True)}  # fmt: skip
        case "sign":
            return {**whom, "kind": pick("agrees", "differs", "refuses"), "note": pick("已作说明", None)}
        case "discuss":
            return {
                "participants": pick(_active(case), ("组长",), ("组长", "路人")),
                "minutes": pick("记录", "记录", ""),
            }
        case "report":
            return {
                "groups": pick(GROUPS, GROUPS, {"facts": "有"}),
                "signatures": pick(_active(case), ("组长",), ("组长", "路人")),
            }
        case "decide":
            named = pick(tuple(case.persons), tuple(case.persons), ("P1",), ("P9",))
            return {"meeting": meeting(on, pick), "decisions": tuple(decision(name, pick) for name in named)}
        case "issue_decision":
            return {**whom, "number": f"{case.version}号"}
        case "serve_decision":
            return {**whom, "to": pick(*_lacking(case, person, "served", ("person", "unit"))), "received_on": on,
                    "signed_by": pick("本人", "本人", None), "refusal_note": None, "witness": None}  # fmt: skip
        case "notify_department":
            return {**whom, "department": pick(*_lacking(case, person, "notified", ("organisation", "personnel")))}
        case "execute":
            return {**whom, "kind": pick(*_to_execute(case, person), *BOOK.proceedings.words["executions"])}
        case "inform_of_review":
            return {**whom, "to": pick("appellant", "unit")}
        case "review_appeal" | "correct":
            result = pick("upheld", "revoked", "changed") if action == "review_appeal" else pick("revoked", "changed")
            changed = decision(person, pick) if result == "changed" or pick(False, False, False, True) else None
            return {
                **whom,
                "meeting": meeting(on, pick, bench=1),
                "result": result,
                "reason": reason,
                "decision": changed,
                "same_body_reason": pick("规定由学校党委复查", None),
                "prepared_by": pick(("党委秘书",), (), ("组员甲",)),
            }
        case "unwind":
            owed = sorted({one.id for one in case.persons[person].owed}) if person in case.persons else []
            return {**whom, "consequence": pick(*owed, *BOOK.proceedings.consequences)}
        case _:
            return {**whom, "reason": reason}


def _next_findings(case: Case, person: str) -> list[tuple[str, str]]:
    wanted = [*list(ADVERSE.items())[:3], ("conduct", "ineffective")]
    if person not in case.persons:
        return wanted
    about = case.persons[person]
    adopted = [one for point in about.points.values() if point.adopted for one in point.accepting.items()]
    not_yet = [one for one in adopted if one[0] not in about.findings or about.findings[one[0]].value != one[1]]
    return [*not_yet, *(one for one in wanted if one[0] not in about.findings), (FAVOURABLE, "open")]


def _open(case: Case, person: str) -> list[str]:
    return [point.id for point in case.persons[person].open_points] if person in case.persons else []


def _active(case: Case) -> tuple[str, ...]:
    return tuple(member.name.name for member in case.active)


def _to_execute(case: Case, person: str) -> list[str]:
    about = case.persons.get(person)
    if about is None or about.decision is None:
        return []
    kinds = {"organisational_measure": ["organisational_measure"], "admonition": ["admonition"],
             "notice_of_criticism": ["self_examination", "rectification", "circulation"]}  # fmt: skip
    wanted = [kind for measure in about.decision.measures for kind in kinds.get(measure, ())]
    return [kind for kind in wanted if kind not in about.executed]


def _lacking(case: Case, person: str, name: str, every: tuple[str, ...]) -> tuple[str, ...]:
    known = getattr(case.persons[person], name) if person in case.persons else ()
    return (*(one for one in every if one not in known), *every)


def actor_of(action: str, person: str, case: Case, pick: Pick, taken: Mapping[str, Any]) -> Actor:
    """Somebody for whom the action is, or a stranger."""
    kind = pick(*BOOK.proceedings.actions[action].actors)
    if action == "recuse":
        own = Actor(str(taken["name"]), "leader" if taken["name"] == (case.approver and case.approver.name) else "team")
        return pick(own, *STRANGERS) if pick is not best else own
    if action in ("decide_recusal", "lift_recusal") and pick is not best:
        return pick(ACTORS["leader"], Actor("校长", "leader"), ACTORS["committee"], *STRANGERS)
    if action == "unwind":
        kind = BOOK.proceedings.consequences[str(taken["consequence"])].by
    name = case.persons[person].name.name if person in case.persons else "张某"
    if kind == "team":
        fit = Actor(pick(*(_active(case) or ("组长",))), "team")
    elif kind == "person":
        fit = Actor(name, "person")
    elif kind == "unit":
        fit = Actor("所在单位", "unit", case.persons[person].unit if person in case.persons else "甲处")
    else:
        fit = Actor("校长", "leader") if action == "approve_again" else ACTORS[kind]
    return pick(fit, *STRANGERS) if pick is not best else fit
