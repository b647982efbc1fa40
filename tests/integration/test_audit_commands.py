"""``wenze audit`` and what other commands leave in the trail."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text, update

from models.audit.events import AuditEvent
from models.store.database import connect, reading, upgrade, writing
from service.audit import COMMANDS, Shows
from service.cli import main
from tests.audit_trail import cut, tampered
from tests.integration.case_office import entry
from tests.issued import opened, with_units
from tests.lawful_case import EVERYBODY, LAWFUL, first
from tests.mail_server import MailServer, receiving
from tests.registered import register

CANARY = "金丝雀甲7391"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def engine(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database that the commands use, on each in turn."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return engine


def events(engine: Engine) -> list[AuditEvent]:
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))


def told(engine: Engine) -> list[tuple[str, str]]:
    return [(event.action, event.outcome) for event in events(engine)]


def a_case(engine: Engine, tmp_path: Path) -> str:
    """A case whose matter was in the ledger before the trail began."""
    with_units(engine, 甲处=None)
    matter = opened(engine)
    run("db", "upgrade")
    with writing(engine) as session:
        register(session, EVERYBODY)
    body = entry(LAWFUL[0])
    body["details"] |= {"matters": [matter.id], "title": CANARY}
    (tmp_path / "提出.json").write_bytes(orjson.dumps(body))
    return run("case", "open", str(tmp_path / "提出.json")).stdout.split("　")[0]


def test_commands_leave_one_event_for_each_change_and_each_sensitive_read(engine: Engine, tmp_path: Path) -> None:
    case = a_case(engine, tmp_path)
    (tmp_path / "记录.txt").write_text(CANARY, encoding="utf-8")
    attachment = run("case", "attach", case, str(tmp_path / "记录.txt")).stdout.strip()
    already = len(events(engine))
    shown = {
        ("case", "show", case): CANARY, ("case", "list"): CANARY, ("case", "duties", case): "",
        ("case", "checkup", case): CANARY, ("case", "points", case): "",
        ("case", "attachments", case, attachment, "--out", str(tmp_path / "x")): "", ("case-paper", case): "审批表",
        ("case", "package", case, "--out", str(tmp_path / "x.zip")): "", ("case", "history", case): "第1号记录",
        ("ledger", "export", "--out", str(tmp_path / "x.jsonl")): "", ("audit", "list"): "case " + case,
    }  # fmt: skip
    for words, said in shown.items():
        done = run(*words)
        assert (done.exit_code, said in done.output) == (0, True), (words, done.output, done.exception)
    left = events(engine)[already:]
    names = [" ".join(words[: 1 if words[0] == "case-paper" else 2]) for words in shown]
    assert [(event.action, event.outcome) for event in left] == [(name, "read") for name in names]
    assert {event.subject_id for event in left if event.action.startswith("case") and event.action != "case list"} == {
        case
    }
    assert all(event.actor.startswith("命令行（") and event.actor_kind == "command" for event in left)
    assert CANARY not in "".join(str(vars(event)) for event in events(engine))


def test_what_is_refused_or_not_sensitive_leaves_none(engine: Engine, tmp_path: Path) -> None:
    case = a_case(engine, tmp_path)
    already = len(events(engine))
    assert run("case", "show", "nobody").exit_code == 2
    assert run("case", "act", case, first("submit").action, "--by", "主任").exit_code == 2
    assert run("case", "attachments", case, "nothing").exit_code == 2
    assert run("token", "revoke", "nothing").exit_code == 2
    for words in (("matter", "list"), ("token", "list"), ("org", "list"), ("periods", "list"), ("audit", "page")):
        assert run(*words).exit_code == 0
    assert len(events(engine)) == already


def test_tokens_and_tables_leave_their_events(engine: Engine, tmp_path: Path) -> None:
    run("db", "upgrade")
    already = len(events(engine))
    (tmp_path / "单位.csv").write_text("单位,起,止\n甲处,2020-01-01,\n", encoding="utf-8")
    for words in (("token", "create"), ("org", "import", str(tmp_path / "单位.csv")),
                  ("org", "import", str(tmp_path / "单位.csv"), "--apply")):  # fmt: skip
        assert run(*words).exit_code == 0
    token = events(engine)[already].subject_id
    assert run("token", "revoke", str(token)).exit_code == 0
    assert told(engine)[already:] == [
        ("token create", "done"), ("org import", "tried"), ("org import", "done"), ("token revoke", "done")
    ]  # fmt: skip
    assert events(engine)[-1].subject_id == token


def _commands(group: click.Group, before: str = "") -> list[str]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found += _commands(command, f"{before}{name} ") if isinstance(command, click.Group) else [f"{before}{name}"]
    return found


def test_every_command_that_is_declared_sensitive_exists() -> None:
    assert isinstance(main, click.Group)
    declared = {name for name, audit in COMMANDS.items() if isinstance(audit, Shows)}
    assert declared <= set(_commands(main))
    assert {name for name in _commands(main) if name.startswith("case ")} - declared <= {
        "case actions", "case open", "case act", "case attach"
    }  # fmt: skip


def test_verify_says_whole_and_that_an_anchor_is_missing(engine: Engine, tmp_path: Path) -> None:
    a_case(engine, tmp_path)
    said = run("audit", "verify")
    assert (said.exit_code, said.stderr.count("\n")) == (0, 1)  # the database
    assert said.stdout.startswith(f"审计记录完整：共{len(events(engine))}条")
    assert "没有锚点，不能发现整体重写" in said.stdout.partition("未核对：")[2]
    anchored = run("audit", "anchor", "--out", str(tmp_path / "锚点"))
    assert anchored.stdout == (tmp_path / "锚点").read_text("utf-8")
    held = run("audit", "verify", "--anchor", str(tmp_path / "锚点"))
    assert (held.exit_code, held.stderr.count("\n"), "与1个锚点相符" in held.stdout) == (0, 1, True)
    assert "没有锚点" not in held.stdout


@pytest.mark.parametrize("content", ["", "\n"], ids=["empty", "blank"])
def test_a_given_anchor_that_holds_none_is_a_failure(engine: Engine, tmp_path: Path, content: str) -> None:
    a_case(engine, tmp_path)
    sound, none = tmp_path / "锚点", tmp_path / "空"
    run("audit", "anchor", "--out", str(sound))
    none.write_text(content, encoding="utf-8")
    for files in ((none,), (sound, none), (none, sound)):
        said = run("audit", "verify", *(word for path in files for word in ("--anchor", str(path))))
        assert (said.exit_code, "没有锚点" in said.stdout) == (1, True), said.output


def test_verify_reads_the_attached_files(engine: Engine, tmp_path: Path) -> None:
    case = a_case(engine, tmp_path)
    (tmp_path / "记录.txt").write_text(CANARY, encoding="utf-8")
    attachment = run("case", "attach", case, str(tmp_path / "记录.txt")).stdout.strip()
    assert run("audit", "verify").exit_code == 0
    (place,) = (path for path in (tmp_path / "var" / "attachments").rglob("*") if path.is_file())
    place.unlink()
    said = run("audit", "verify")
    assert (said.exit_code, f"附件 {attachment}的文件内容缺失" in said.stdout) == (1, True)


def test_verify_names_the_first_broken_link_and_fails(engine: Engine, tmp_path: Path) -> None:
    a_case(engine, tmp_path)
    run("audit", "anchor", "--out", str(tmp_path / "锚点"))
    with tampered(engine) as session:
        session.execute(update(AuditEvent).where(AuditEvent.number == 2).values(actor="别人"))
        session.commit()
    said = run("audit", "verify")
    assert (said.exit_code, said.stdout) == (1, "审计记录不完整：第2条：内容被改动\n")
    with tampered(engine) as session:
        cut(session, 1, head=True)
        session.commit()
    said = run("audit", "verify", "--anchor", str(tmp_path / "锚点"))
    assert said.exit_code == 1
    assert said.stdout.startswith("审计记录不完整：第2条：末尾被截断：锚点（第1行）为第")


@pytest.mark.parametrize("content", [None, "", "\n"], ids=["absent", "empty", "blank"])
def test_an_anchor_that_is_set_and_not_there_is_a_failure(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    a_case(engine, tmp_path)
    monkeypatch.setenv("WENZE_AUDIT_ANCHOR", str(tmp_path / "锚点"))
    if content is not None:
        (tmp_path / "锚点").write_text(content, "utf-8")
    said = run("audit", "verify")
    assert (said.exit_code, said.stdout) == (1, "审计记录不完整：设定的锚点文件不存在，或者没有锚点\n")


def test_the_patrol_anchors_once_a_day_in_a_file_and_by_mail(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(MailServer()) as server:
        settings = {
            "WENZE_AUDIT_ANCHOR": str(tmp_path / "锚点"), "WENZE_AUDIT_MAIL": "keeper@example.edu.cn", "WENZE_SMTP_HOST": "127.0.0.1",
            "WENZE_SMTP_PORT": str(server.port), "WENZE_SMTP_FROM": "wenze@example.edu.cn", "WENZE_SMTP_STARTTLS": "false",
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        assert [run("patrol").exit_code for _ in range(2)] == [0, 0]
        kept = (tmp_path / "锚点").read_text("utf-8").splitlines()
        assert (len(kept), server.recipients()) == (1, ["keeper@example.edu.cn"])
        assert kept[0] in server.to("keeper@example.edu.cn").get_content()
        assert run("audit", "anchor").exit_code == 0
        assert len((tmp_path / "锚点").read_text("utf-8").splitlines()) == 2
        assert len(server.letters) == 2
    assert run("audit", "verify").stderr.count("\n") == 1  # the database


def test_an_anchor_that_cannot_be_kept_is_told(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "锚点").mkdir()
    monkeypatch.setenv("WENZE_AUDIT_ANCHOR", str(tmp_path / "锚点"))
    said = run("patrol")
    assert (said.exit_code, "锚点文件" in said.stderr or "锚点没有写入" in said.stderr) == (1, True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"WENZE_AUDIT_ANCHOR": "var/锚点"}, "应在 WENZE_DATA_DIR 之外"),
        ({"WENZE_AUDIT_ANCHOR": "没有/锚点"}, "不存在"),
        ({"WENZE_AUDIT_MAIL": "a@b.cn"}, "WENZE_SMTP_HOST"),
        ({"WENZE_AUDIT_MAIL": "无"}, "WENZE_AUDIT_MAIL 应为一个邮箱地址"),
    ],
    ids=["inside", "no folder", "no server", "no address"],
)
def test_a_wrong_setting_is_told_by_its_name(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for words in (("patrol",), ("audit", "anchor")):
        done = run(*words)
        assert (done.exit_code != 0, said in done.stderr) == (True, True), done.stderr


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_daily_page_is_a_file(engine: Engine, tmp_path: Path, kind: str) -> None:
    run("token", "create")
    assert run("audit", "page", "--format", kind, "--out", str(tmp_path / f"x.{kind}")).exit_code == 0
    raw = (tmp_path / f"x.{kind}").read_bytes()
    assert raw.startswith(b"PK" if kind == "docx" else b"%PDF")


def test_an_embedded_ledger_from_before_the_trail_is_taken_in_when_it_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'wenze.sqlite3'}"
    upgrade(url, "0008")
    engine = connect(url)
    with engine.begin() as connection:
        row = "'m1', '事项', 'plan', 'proposed', 1"
        connection.execute(text(f"INSERT INTO matters (id, title, category, state, version) VALUES ({row})"))
        said = '{"title":"事项","category":"plan","basis":"要点","lead_unit":"甲处"}'.encode()
        columns = "matter_id, number, action, done_on, actor_name, actor_kind, details, recorded_at, entered_by"
        row = "'m1', 1, 'propose', '2026-01-05', '李四', 'office', :said, '2026-01-05 08:00:00', '测试'"
        connection.execute(text(f"INSERT INTO records ({columns}) VALUES ({row})"), {"said": said})
    done = run("audit", "verify")
    assert (done.exit_code, "共1条" in done.stdout) == (0, True), done.stdout
    assert told(engine) == [("db upgrade", "done")]
