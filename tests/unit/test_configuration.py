"""Settings: what is wrong or insecure is told by its name, all at once, before anything is served."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from service import config
from service.cli import main
from tests.conftest import ROOT

REMOTE = "postgresql://u@db.example.edu.cn/wenze"
BEHIND = {"WENZE_BEHIND_TLS": "true", "WENZE_PUBLIC_URL": "https://wenze.example.edu.cn"}
CAS = {**BEHIND, "WENZE_CAS_URL": "https://cas.example.edu.cn/cas"}
OIDC = {
    **BEHIND, "WENZE_OIDC_ISSUER": "https://id.example.edu.cn", "WENZE_OIDC_CLIENT_ID": "wenze",
    "WENZE_OIDC_CLIENT_SECRET": "geheim",
}  # fmt: skip
OPEN = {"WENZE_HOST": "0.0.0.0", **BEHIND, "DATABASE_URL": f"{REMOTE}?sslmode=verify-full"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("WENZE_", "PG")) or name in ("DATABASE_URL", "PORT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))


def faults(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], *, sample: bool = False) -> tuple[str, ...]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    try:
        config.check(sample=sample)
    except config.ConfigError as error:
        return error.faults
    return ()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"WENZE_HOST": "127.0.0.2"},
        {"WENZE_HOST": "::1"},
        {"WENZE_HOST": "localhost", "DATABASE_URL": "postgresql://u@/wenze?host=/run/postgresql"},
        {"DATABASE_URL": "postgres://u@127.0.0.1,localhost/wenze"},
        {"DATABASE_URL": "postgresql:///wenze"},
        {"DATABASE_URL": f"{REMOTE}?sslmode=require"},
        {"DATABASE_URL": REMOTE, "PGSSLMODE": "verify-ca"},
        OPEN,
        {"WENZE_HOST": "0.0.0.0", **BEHIND, "WENZE_ALLOW_EMBEDDED": "true"},
        {"WENZE_PUBLIC_URL": "http://127.0.0.1:8000"},
        {"WENZE_PUBLIC_URL": "http://127.0.0.1:8000", "WENZE_CAS_URL": "http://localhost:8443/cas/"},
        CAS,
        OIDC,
        {
            **CAS,
            **OIDC,
            "WENZE_OIDC_CLAIM": "employee_number",
            "WENZE_SSO_LOGOUT_URL": "https://cas.example.edu.cn/cas/logout?a=b",
        },
    ],
    ids=str,
)
def test_what_is_secured_may_start(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    assert faults(monkeypatch, settings) == ()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({**OPEN, "WENZE_BEHIND_TLS": "false"}, "WENZE_HOST（0.0.0.0）不是本机地址"),
        ({"WENZE_PASSWORD_HISTORY": "25"}, "WENZE_PASSWORD_HISTORY 应为0至24的整数"),
        ({"WENZE_CONFIRM_MINUTES": "0"}, "WENZE_CONFIRM_MINUTES 应为1至60的整数"),
        ({"WENZE_SECOND_FACTOR": "yes"}, "WENZE_SECOND_FACTOR 只能取 nobody、case_readers 或者 everybody"),
        ({"WENZE_SECOND_FACTOR": "everybody"}, "须同时设置 WENZE_SECOND_FACTOR_KEY，至少32个字符"),
        ({"WENZE_SECOND_FACTOR_KEY": "short"}, "WENZE_SECOND_FACTOR_KEY 至少32个字符"),
        ({**OPEN, "WENZE_HOST": "::", "WENZE_BEHIND_TLS": ""}, "WENZE_HOST（::）不是本机地址"),
        ({**OPEN, "WENZE_HOST": "127.evil.cn", "WENZE_BEHIND_TLS": ""}, "WENZE_HOST（127.evil.cn）不是本机地址"),
        ({**OPEN, "WENZE_PUBLIC_URL": "http://wenze.example.edu.cn"}, "WENZE_PUBLIC_URL"),
        ({**OPEN, "WENZE_PUBLIC_URL": "https://"}, "WENZE_PUBLIC_URL"),
        ({**OPEN, "WENZE_PUBLIC_URL": "https://[1"}, "WENZE_PUBLIC_URL"),
        ({"WENZE_BEHIND_TLS": "true"}, "须在 WENZE_PUBLIC_URL 中写明"),
        ({"WENZE_PUBLIC_URL": "wenze.example.edu.cn"}, "WENZE_PUBLIC_URL 应为 https 地址"),
        ({**OPEN, "DATABASE_URL": ""}, "WENZE_ALLOW_EMBEDDED=true"),
        ({**OPEN, "DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "WENZE_ALLOW_EMBEDDED=true"),
        ({"DATABASE_URL": REMOTE}, "sslmode=require、verify-ca、verify-full"),
        ({"DATABASE_URL": f"{REMOTE}?sslmode=prefer"}, "sslmode"),
        ({"DATABASE_URL": f"{REMOTE}?sslmode=disable", "PGSSLMODE": "require"}, "sslmode"),
        ({"DATABASE_URL": "postgresql://u@/wenze?host=127.0.0.1&host=10.0.0.5"}, "sslmode"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1/wenze?hostaddr=10.0.0.5"}, "sslmode"),
        ({"DATABASE_URL": "postgresql:///wenze", "PGHOST": "db.example.edu.cn"}, "sslmode"),
        ({"DATABASE_URL": "mysql://u@127.0.0.1/wenze"}, "DATABASE_URL 应为 postgresql://"),
        ({"DATABASE_URL": "postgresql+psycopg2://u@127.0.0.1/wenze"}, "DATABASE_URL 应为 postgresql://"),
        ({"DATABASE_URL": "wenze"}, "DATABASE_URL 应为 postgresql://"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:port/wenze"}, "DATABASE_URL 应为 postgresql://"),
        ({"WENZE_BEHIND_TLS": "yes"}, "WENZE_BEHIND_TLS 只能取 true 或者 false"),
        ({"WENZE_ALLOW_EMBEDDED": "1"}, "WENZE_ALLOW_EMBEDDED 只能取 true 或者 false"),
        ({"WENZE_PORT": "0"}, "WENZE_PORT（或者 PORT）应为1至65535的整数"),
        ({"PORT": "八千"}, "WENZE_PORT（或者 PORT）应为1至65535的整数"),
        ({"WENZE_WORKERS": "65"}, "WENZE_WORKERS 应为1至64的整数"),
        ({"WENZE_BEHIND_TSL": "true"}, "不认识的设置 WENZE_BEHIND_TSL，是否为 WENZE_BEHIND_TLS"),
        ({"WENZE_甲": "乙"}, "不认识的设置 WENZE_甲；全部设置见 wenze config list"),
        ({**CAS, "WENZE_CAS_URL": "http://cas.example.edu.cn/cas"}, "WENZE_CAS_URL 应为 https 地址"),
        ({**CAS, "WENZE_CAS_URL": "https://cas.example.edu.cn/cas?x=1"}, "WENZE_CAS_URL 应为 https 地址"),
        ({**CAS, "WENZE_CAS_URL": "https://u:p@cas.example.edu.cn/cas"}, "WENZE_CAS_URL 应为 https 地址"),
        ({**CAS, "WENZE_CAS_URL": "https://cas.example.edu.cn\n/cas"}, "WENZE_CAS_URL 应为 https 地址"),
        ({"WENZE_CAS_URL": CAS["WENZE_CAS_URL"]}, "设置 WENZE_CAS_URL 的，须在 WENZE_PUBLIC_URL"),
        ({**OIDC, "WENZE_OIDC_ISSUER": "http://id.example.edu.cn"}, "WENZE_OIDC_ISSUER 应为 https 地址"),
        ({**OIDC, "WENZE_OIDC_ISSUER": ""}, "使用 OIDC 的，须设置 WENZE_OIDC_ISSUER"),
        ({**OIDC, "WENZE_OIDC_CLIENT_ID": ""}, "使用 OIDC 的，须设置 WENZE_OIDC_CLIENT_ID"),
        ({**OIDC, "WENZE_OIDC_CLIENT_SECRET": ""}, "使用 OIDC 的，须设置 WENZE_OIDC_CLIENT_SECRET"),
        ({**OIDC, "WENZE_BEHIND_TLS": "", "WENZE_PUBLIC_URL": "http://wenze.example.edu.cn"}, "设置 WENZE_OIDC_ISSUER 的，须在 WENZE_PUBLIC_URL"),
        ({**CAS, **OIDC}, "须在 WENZE_OIDC_CLAIM 中写明"),
        ({"WENZE_SSO_LOGOUT_URL": "javascript:alert(1)"}, "WENZE_SSO_LOGOUT_URL 应为 https 地址"),
        ({"WENZE_OA_URL": "http://oa.example.edu.cn", "WENZE_OA_SECRET": "足够长的密钥" * 4}, "WENZE_OA_URL 应为 https"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_secured_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    told = faults(monkeypatch, settings)
    assert len(told) == 1
    assert said in told[0]


def test_all_faults_are_told_at_once_each_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "WENZE_HOST": "10.0.0.5", "WENZE_PORT": "x", "WENZE_WORKERS": "0", "WENZE_OA_URL": "ftp://oa", "WENZE_SMTP_HOST": "m",
        "WENZE_SMTP_PORT": "0", "WENZE_SMTP_STARTTLS": "no", "WENZE_DUE_RED_DAYS": "x", "WENZE_URGE_AGAIN_DAYS": "-1",
        "WENZE_APROVERS": "甲", "WENZE_DECISION_PREFIX": "（", "WENZE_SESSION_IDLE_MINUTES": "0",
    }  # fmt: skip
    told = faults(monkeypatch, settings, sample=True)
    named = ("WENZE_HOST", "WENZE_PORT", "WENZE_WORKERS", "WENZE_OA_URL 应", "WENZE_OA_SECRET", "WENZE_SMTP_PORT",
             "WENZE_SMTP_STARTTLS", "WENZE_SMTP_FROM", "WENZE_DUE_RED_DAYS", "WENZE_URGE_AGAIN_DAYS", "WENZE_APROVERS",
             "WENZE_DECISION_PREFIX", "WENZE_SESSION_IDLE_MINUTES", "WENZE_ALLOW_EMBEDDED", "--sample")  # fmt: skip
    assert len(told) == len(named)
    assert [name for name in named if not any(name in line for line in told)] == []
    assert not any("\n" in line for line in told)


@pytest.mark.parametrize("settings", [OPEN, BEHIND, {"DATABASE_URL": "postgresql:///wenze"}], ids=str)
def test_demonstration_data_stay_on_this_machine(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    assert ["--sample" in line for line in faults(monkeypatch, settings, sample=True)] == [True]


def test_demonstration_data_may_be_shown_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(monkeypatch, {}, sample=True) == ()


def opened(monkeypatch: pytest.MonkeyPatch, folder: Path, mode: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The warnings on this machine alone, and the faults where others reach it. folder: below one that all may enter."""
    data = folder / "data"
    data.mkdir()
    data.chmod(mode)
    monkeypatch.setenv("WENZE_DATA_DIR", str(data))
    warned, refused = config.warnings(), faults(monkeypatch, OPEN)
    return warned, refused


def shared_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own folder is private; as if all above it could be entered by everybody."""
    real = Path.stat

    def as_if(self: Path, **named: bool) -> os.stat_result:
        found = real(self, **named)
        return found if self.name == "data" else os.stat_result((found.st_mode | 0o001, *found[1:]))

    monkeypatch.setattr(Path, "stat", as_if)


@pytest.mark.parametrize("mode", [0o755, 0o705, 0o701, 0o777], ids=oct)
def test_data_that_every_user_can_reach_is_warned_of_or_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int
) -> None:
    shared_root(monkeypatch)
    warned, refused = opened(monkeypatch, tmp_path, mode)
    assert warned == refused
    assert len(refused) == 1
    assert "WENZE_DATA_DIR" in refused[0]


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o770], ids=oct)
def test_data_of_its_user_and_group_are_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int) -> None:
    shared_root(monkeypatch)
    assert opened(monkeypatch, tmp_path, mode) == ((), ())


@pytest.mark.parametrize(("mode", "told"), [(0o755, 0), (0o757, 1), (0o700, 0)], ids=str)
def test_an_anchor_may_be_read_but_not_rewritten_by_every_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int, told: int
) -> None:
    shared_root(monkeypatch)
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(mode)
    monkeypatch.setenv("WENZE_AUDIT_ANCHOR", str(tmp_path / "data" / "anchor.txt"))
    assert ["WENZE_AUDIT_ANCHOR" in line for line in faults(monkeypatch, OPEN)] == [True] * told


def test_an_open_folder_below_a_closed_one_is_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert opened(monkeypatch, tmp_path, 0o755) == ((), ())


def test_the_folder_of_data_is_made_for_its_user_alone(tmp_path: Path) -> None:
    assert config.data_folder().stat().st_mode & 0o077 == 0


def test_the_values_are_listed_without_what_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {**OIDC, "DATABASE_URL": "postgresql://u:geheim1@127.0.0.1/wenze?password=geheim2", "WENZE_OA_SECRET": "geheim3-geheim3-geheim3",
               "WENZE_OA_URL": "https://u:geheim4@oa.example.edu.cn/in?key=geheim5", "WENZE_SMTP_PASSWORD": "geheim6",
               "WENZE_OIDC_CLIENT_SECRET": "geheim7"}  # fmt: skip
    for name, value in (secrets | {"WENZE_PORT": "9000", "WENZE_WORKERS": "x"}).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["config", "check"])
    assert (done.exit_code, done.stderr) == (2, "WENZE_WORKERS 应为1至64的整数\n")
    assert "geheim" not in done.output
    assert "DATABASE_URL：postgresql://***@127.0.0.1/wenze?password=***" in done.stdout
    assert "WENZE_PORT：9000\n" in done.stdout
    assert "WENZE_HOST：127.0.0.1（没有设置）\n" in done.stdout


@pytest.mark.parametrize("given", ["、", " 、 ", " "])
def test_approvers_that_name_nobody_are_no_approval_by_anybody(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("WENZE_APPROVERS", given)
    with pytest.raises(config.ConfigError, match="没有写明任何人：应为工号，以“、”分隔"):
        config.approvers()
    with pytest.raises(config.ConfigError, match="WENZE_APPROVERS"):
        config.check()
    monkeypatch.setenv("WENZE_APPROVERS", "")
    assert config.approvers() == frozenset()


def test_every_setting_that_the_code_reads_is_listed_and_documented() -> None:
    read = {name for path in (ROOT / "service").rglob("*.py") if path.name != "settings.py"
            for name in re.findall(r'"(WENZE_[A-Z_]+|DATABASE_URL)"', path.read_text(encoding="utf-8"))}  # fmt: skip
    assert read == {setting.name for setting in config.SETTINGS}
    listed = CliRunner().invoke(main, ["config", "list"]).output
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8").endswith(listed)
