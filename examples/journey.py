"""从台账中的一个事项走到问责案件终结：经接口逐步办理，打印每一步。每一步由账号办理，三个令牌依次代表督办工作人员、
调查组组长、党委会议秘书；校领导、单位、本人、组织部在纸面上办理的，由督办工作人员上传纸面材料后据以录入。人员一律以工号或者
人员登记中的标识指明，先由人员表导入。先运行 make run，确认影响期表中诫勉的一行，再运行：

.venv/bin/wenze periods confirm 诫勉 --by 学校党委 --on 2025-01-02 --document 文件名称
.venv/bin/python examples/journey.py http://127.0.0.1:8000 \\
    $(for one in clerk team secretary; do .venv/bin/wenze token create --for $one; done)
"""

from __future__ import annotations

import sys
from typing import Any

import requests

OFFICE, HEAD, COMMITTEE = "office", "team", "committee"
PEOPLE = {"校领导甲": "S01", "王五": "S02", "张某": "S03", "经办人": "S04", "组员": "S05",
          "委员一": "S11", "委员二": "S12", "委员三": "S13", "委员四": "S14", "委员五": "S15", "委员六": "S16"}  # fmt: skip
"""姓名 → 工号；下面的办理一律写工号。"""
SUBJECT, MEMBER, RECEIVER = PEOPLE["张某"], PEOPLE["组员"], PEOPLE["王五"]
LEADER, UNIT = {"name": PEOPLE["校领导甲"], "kind": "leader"}, {"name": RECEIVER, "kind": "unit", "unit": "示例处"}
PERSON, ORGANISATION = {"name": SUBJECT, "kind": "person"}, {"name": PEOPLE["经办人"], "kind": "organisation"}
UNITS = "单位,起,止\n示例处,2020-01-01,\n"
POSTS = "工号,姓名,单位,职务,职级,干部管理,起,止\n" + "".join(
    f"{number},{name},示例处,工作人员,其他,其他,2020-01-01,\n" for name, number in PEOPLE.items()
)
ELEMENTS = ("task_in_plan", "main_task_assigned", "not_completed", "no_just_reason", "affects_overall")


class Journey:
    """One thing, a matter or a case, taken from step to step, each by the account of whoever does it."""

    def __init__(self, address: str, tokens: list[str]) -> None:
        self.address = f"{address.rstrip('/')}/api/v1"
        self.sessions = {
            kind: self.opened(token) for kind, token in zip((OFFICE, HEAD, COMMITTEE), tokens, strict=True)
        }
        self.persons = {kind: self.person(session) for kind, session in self.sessions.items()}
        self.papers: dict[str, str] = {}

    def opened(self, token: str) -> requests.Session:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        return session

    def person(self, session: requests.Session) -> str:
        """令牌所代表的人在人员登记中的标识。"""
        answer = session.get(f"{self.address}/me", timeout=30)
        if answer.status_code != 200:
            sys.exit(f"/me：{answer.status_code} {answer.json()['detail']}")
        return str(answer.json()["person"])

    def entry(self, on: str, actor: Any, details: Any) -> Any:
        """An entry; actor: the kind of whoever acts by an account of their own, or who acted on paper."""
        named = {"name": self.persons[actor], "kind": actor} if isinstance(actor, str) else actor
        return {"on": on, "late_reason": "示例：补录以往的办理", "actor": named, "details": details}

    def send(self, path: str, by: Any = OFFICE, **request: Any) -> Any:
        session = self.sessions[by if isinstance(by, str) else OFFICE]
        answer = session.post(f"{self.address}{path}", timeout=30, **request)
        if answer.status_code >= 400:
            sys.exit(f"{path}：{answer.status_code} {answer.json()['detail']} {answer.json().get('errors', '')}")
        return answer.json()

    def open(self, kind: str, on: str, actor: Any, /, **details: Any) -> Any:
        found = self.send(f"/{kind}", actor, json=self.entry(on, actor, details))
        print(f"{on}　{found['records'][-1]['label']}")
        return found

    def paper(self, kind: str, found: Any, name: str) -> str:
        """一份纸面材料的扫描件，上传一次；据以录入他人所作的，系统记下其散列值。"""
        if found["id"] not in self.papers:
            files = {"file": (name, b"%PDF-1.7 example")}
            self.papers[found["id"]] = self.send(f"/{kind}/{found['id']}/attachments", files=files)["id"]
        return self.papers[found["id"]]

    def act(self, kind: str, found: Any, action: str, on: str, actor: Any, /, **details: Any) -> Any:
        path = f"/{kind}/{found['id']}/actions/{action}"
        headers = {"If-Match": str(found["version"])}
        entry = self.entry(on, actor, details) | {"papers": [self.paper(kind, found, "签字的纸面材料.pdf")]}
        done = self.send(path, actor, json=entry, headers=headers)
        last = done["records"][-1]
        print(f"{on}　{last['label']}（{last['provision']}）")
        return done


def matter(journey: Journey) -> Any:
    """立项、交办、校领导写明时限、三次催办。"""
    for kind, table in (("units", UNITS), ("people", POSTS)):
        journey.send(f"/imports/{kind}?apply=true", files={"file": (f"{kind}.csv", table.encode())})
    found = journey.open(
        "matters", "2025-01-05", OFFICE, title="自评报告", category="plan", basis="2025年工作要点第7项", lead_unit="示例处",
        consulted_with="示例处",
    )  # fmt: skip
    steps = [
        ("approve_registration", "2025-01-06", LEADER, {"agrees": True}),
        ("register", "2025-01-06", OFFICE, {"route": "leader"}),
        ("assign", "2025-01-08", OFFICE, {"channel": "oa"}),
        ("approve_change", "2025-01-08", LEADER, {"agrees": True, "due_on": "2025-04-30"}),
        ("arrange", "2025-01-08", OFFICE, {"due_on": "2025-04-30", "reason": "示例：录入时已过的时限，由校领导写明"}),
        ("acknowledge", "2025-01-09", UNIT, {"signed_by": RECEIVER}),
        *(
            ("urge", day, OFFICE, {"channel": "oa", "message_id": f"OA-{day}"})
            for day in ("2025-05-04", "2025-05-06", "2025-05-08")
        ),
    ]
    for action, on, actor, details in steps:
        found = journey.act("matters", found, action, on, actor, **details)
    return found


def inquiry(journey: Journey, of: Any) -> Any:
    """提出、批准、组成调查组、认定、听取申辩、报告。"""
    person = {"id": "P1", "name": SUBJECT, "post": "处长", "unit": "示例处", "managed_by": "school_committee",
              "party_member": True}  # fmt: skip
    case = journey.open("cases", "2025-05-11", OFFICE, title="自评报告逾期", matters=[of["id"]], situations=["art-8.1.1"],
                        persons=[person], reason="三次催办未完成")  # fmt: skip
    evidence = [{"reference": f"{of['number']}#8", "text": "催办记录"}]
    found = [*((f"art-8.1.1.{name}", "established") for name in ELEMENTS), ("role", "principal"), ("harm", "grave"),
             ("conduct", "ineffective")]  # fmt: skip
    about, head = {"person": "P1"}, journey.persons[HEAD]
    team = [
        {"name": head, "unit": "督查督办工作办公室", "head": True},
        {"name": MEMBER, "unit": "审计处", "head": False},
    ]
    reasons = {"opinion": "建议通报", "facts": "逾期未完成", "subject": "张某，处长", "basis": "督查督办工作办法",
               "process": "2025年5月调查", "attitude": "承认逾期，认为数据迟到"}  # fmt: skip
    steps: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("approve", "2025-05-13", LEADER, {}), ("form_team", "2025-05-14", OFFICE, {"members": team}),
        *(("find", "2025-05-20", HEAD, {**about, "element": element, "value": value, "evidence": evidence})
          for element, value in found),
        ("serve_fact_material", "2025-05-25", HEAD, {**about, "text": "事实材料全文"}),
        ("hear", "2025-05-27", HEAD, {**about, "present": [head, MEMBER], "text": "数据迟到"}),
        ("raise_point", "2025-05-27", PERSON, {**about, "kind": "mitigation", "step": "art-8.3.2.1", "text": "已经补救"}),
        ("answer_point", "2025-05-28", HEAD, {**about, "point": "1", "reasonable": False, "adopted": False,
                                              "reason": "补救未见效果"}),
        ("sign", "2025-05-29", PERSON, {**about, "kind": "differs", "text": "数据确系迟到"}),
        ("sign", "2025-05-29", HEAD, {**about, "kind": "differs", "note": "迟到不影响时限，已说明"}),
        ("evaluate", "2025-05-30", HEAD, about),
        ("discuss", "2025-06-01", HEAD, {"participants": [head, MEMBER], "minutes": "讨论记录"}),
        ("report", "2025-06-03", HEAD, {"groups": reasons, "signatures": [head, MEMBER]}),
        ("submit", "2025-06-05", OFFICE, {}),
    ]  # fmt: skip
    for action, on, actor, details in steps:
        case = journey.act("cases", case, action, on, actor, **details)
    return case


def outcome(journey: Journey, case: Any) -> Any:
    """学校党委逐项选择并写明理由，印发、送达、申诉、复查，影响期满，直到终结。"""
    receipt = case["persons"][0]["evaluations"][-1]
    advice = (
        journey.sessions[OFFICE].get(f"{journey.address}/recommendations/{receipt}", timeout=30).json()["persons"]["P1"]
    )
    print(f"　　处理建议：{advice['outcome']}，区间 {advice['range_mandatory']}；须写明选择和理由："
          f"{'、'.join(slot['question'] for slot in advice['discretion'])}")  # fmt: skip
    chosen = {"aggravation": "从重", "measure": "诫勉", "combination": "单独使用", "admonition_form": "书面"}
    slots = [{"id": name, "choice": choice, "reason": "党委讨论决定的理由"} for name, choice in chosen.items()]
    meeting = {"body": "党委常委会", "held_on": "2025-06-20", "attendance": [PEOPLE[f"委员{at}"] for at in "一二三"],
               "votes": {"for": 3, "against": 0, "abstain": 0}}  # fmt: skip
    again = meeting | {"held_on": "2025-08-10", "attendance": [PEOPLE[f"委员{at}"] for at in "四五六"]}
    about = {"person": "P1"}
    decision = {**about, "outcome": "held", "measures": ["admonition"], "slots": slots}
    steps: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("decide", "2025-06-22", COMMITTEE, {"meeting": meeting, "decisions": [decision]}),
        ("issue_decision", "2025-06-23", OFFICE, about),
        ("serve_decision", "2025-06-25", OFFICE, {**about, "to": "person", "received_on": "2025-06-25", "signed_by": SUBJECT}),
        ("serve_decision", "2025-06-25", OFFICE, {**about, "to": "unit", "received_on": "2025-06-25", "signed_by": RECEIVER}),
        *(("notify_department", "2025-06-26", OFFICE, {**about, "department": name}) for name in ("organisation", "personnel")),
        ("file_decision", "2025-06-29", ORGANISATION, about), ("bar_ratings", "2025-06-29", ORGANISATION, about),
        ("appeal", "2025-07-10", PERSON, {**about, "text": "不服决定，理由如下"}),
        ("execute", "2025-07-12", ORGANISATION, {**about, "kind": "admonition", "text": "申诉期间不停止执行"}),
        ("review_appeal", "2025-08-12", COMMITTEE, {
            **about, "meeting": again, "result": "upheld", "reason": "事实清楚",
            "same_body_reason": "本办法规定由学校党委复查", "prepared_by": [journey.persons[COMMITTEE]]}),
        *(("inform_of_review", "2025-08-14", OFFICE, {**about, "to": to, "form": "书面"}) for to in ("appellant", "unit")),
        ("end_period", "2025-12-22", ORGANISATION, {**about, "note": "表现良好"}), ("close", "2025-12-24", OFFICE, {}),
    ]  # fmt: skip
    for action, on, actor, details in steps:
        case = journey.act("cases", case, action, on, actor, **details)
    return case


def main() -> None:
    if len(sys.argv) != 5:
        sys.exit(str(__doc__))
    journey = Journey(sys.argv[1], sys.argv[2:])
    done = outcome(journey, inquiry(journey, matter(journey)))
    print(f"案件 {done['id']}：{done['state']}，{done['persons'][0]['decision_number']}")


if __name__ == "__main__":
    main()
