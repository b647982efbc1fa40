"""Every setting there is: what it is for, what is allowed, what holds where it is not set."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_PREFIX = "WENZE_"
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable. usual: what holds where it is not set, in words; shown: how much of its value may be repeated."""

    name: str
    about: str
    allowed: str
    usual: str = "不用"
    shown: Literal["whole", "address", "never"] = "whole"


_WHETHER = "true 或者 false"
SETTINGS = (
    Setting("DATABASE_URL", "数据库", "postgresql://用户@主机/库；主机不是本机的须有 sslmode=require、verify-ca 或者 verify-full",
            "WENZE_DATA_DIR 下的 SQLite", "address"),
    Setting("WENZE_DATA_DIR", "数据、附件所在的文件夹", "文件夹，本机其他用户不得进入", "./var"),
    Setting("WENZE_HOST", "监听地址", "本机地址；设了 WENZE_BEHIND_TLS=true 的可以是其他地址", "127.0.0.1"),
    Setting("WENZE_PORT", "监听端口（也认 PORT）", "1至65535的整数", "8000"),
    Setting("WENZE_WORKERS", "服务进程数", "1至64的整数", "2"),
    Setting("WENZE_BEHIND_TLS", "前面有终止 TLS 的反向代理，采信它的 X-Forwarded-For、-Proto、-Host", _WHETHER, "false"),
    Setting("WENZE_PUBLIC_URL", "用户打开的地址", "https 地址；设了 WENZE_BEHIND_TLS=true 的必填"),
    Setting("WENZE_ALLOW_EMBEDDED", "准许用嵌入式数据库对外服务", _WHETHER, "false"),
    Setting("WENZE_SESSION_IDLE_MINUTES", "登录后多久没有操作即须重新登录（分钟）", "1至720的整数", "30"),
    Setting("WENZE_PASSWORD_HISTORY", "最近用过的几个密码不得再用", "0至24的整数", "5"),
    Setting("WENZE_CONFIRM_MINUTES", "作出决定、授予角色前，最近几分钟内填过密码或者动态验证码的不再要求填写", "1至60的整数", "5"),
    Setting("WENZE_SECOND_FACTOR", "要求谁用动态验证码登录：无人（由本人自愿）、可以查阅案件的、所有账号", "nobody、case_readers 或者 everybody", "nobody"),
    Setting("WENZE_SECOND_FACTOR_KEY", "加密动态验证码密钥的口令，不得丢失", "至少32个字符；WENZE_SECOND_FACTOR 不是 nobody 的必填", "不加密", "never"),
    Setting("WENZE_CAS_URL", "统一身份认证：CAS 服务器", "https 地址（本机可以用 http）；须设 WENZE_PUBLIC_URL"),
    Setting("WENZE_OIDC_ISSUER", "统一身份认证：OIDC 的签发者", "https 地址（本机可以用 http）；须设 WENZE_PUBLIC_URL"),
    Setting("WENZE_OIDC_CLIENT_ID", "在 OIDC 登记的客户端标识", "文字；设了 WENZE_OIDC_ISSUER 的必填"),
    Setting("WENZE_OIDC_CLIENT_SECRET", "在 OIDC 登记的客户端密钥", "文字；设了 WENZE_OIDC_ISSUER 的必填", "不用", "never"),
    Setting("WENZE_OIDC_CLAIM", "以 ID 令牌的哪一项声明为统一身份", "声明的名称；同时设了 WENZE_CAS_URL 的必填", "sub"),
    Setting("WENZE_SSO_LOGOUT_URL", "退出统一身份认证的地址，显示在登录页", "https 地址（本机可以用 http）"),
    Setting("WENZE_APPROVERS", "有权批准启动调查的校领导", "工号，以“、”分隔", "不限"),
    Setting("WENZE_DECISION_PREFIX", "《问责决定书》文号的字头", "1至20个汉字或者字母", "问责决定"),
    Setting("WENZE_DUE_YELLOW_DAYS", "离到期几天内提示黄色", "0至365的整数", "7"),
    Setting("WENZE_DUE_RED_DAYS", "离到期几天内提示红色", "0至365的整数，不大于 WENZE_DUE_YELLOW_DAYS", "3"),
    Setting("WENZE_URGE_AGAIN_DAYS", "催办后几天没有答复即再提示", "0至365的整数", "7"),
    Setting("WENZE_OA_URL", "OA 的网络地址", "https 地址（本机可以用 http）；与 WENZE_OA_FOLDER 只设一个", "不用", "address"),
    Setting("WENZE_OA_SECRET", "与 OA 共有的签名密钥", "至少16个字符；设了 WENZE_OA_URL 的必填", "不用", "never"),
    Setting("WENZE_OA_FOLDER", "与 OA 共享的文件夹", "文件夹，本机其他用户不得进入"),
    Setting("WENZE_SMTP_HOST", "邮件服务器", "主机名或者地址"),
    Setting("WENZE_SMTP_PORT", "邮件服务器端口", "1至65535的整数", "587"),
    Setting("WENZE_SMTP_FROM", "发件地址", "邮箱地址；设了 WENZE_SMTP_HOST 的必填"),
    Setting("WENZE_SMTP_USER", "邮件服务器的用户名", "文字"),
    Setting("WENZE_SMTP_PASSWORD", "邮件服务器的密码", "文字", "不用", "never"),
    Setting("WENZE_SMTP_STARTTLS", "发信前先加密连接", f"{_WHETHER}；有用户名的须为 true", "true"),
    Setting("WENZE_OFFICE_EMAIL", "办公室的邮箱", "邮箱地址"),
    Setting("WENZE_AUDIT_HASH", "审计记录的散列算法", "sha256 或者 sm3", "sha256"),
    Setting("WENZE_AUDIT_ANCHOR", "审计锚点的文件", "WENZE_DATA_DIR 之外的文件，最好在另一台机器上"),
    Setting("WENZE_AUDIT_MAIL", "每日接收审计锚点的邮箱", "邮箱地址；须设 WENZE_SMTP_HOST"),
)  # fmt: skip


def as_shown(setting: Setting) -> str | None:
    """The value that is set, without what is secret in it; None where it is not set."""
    value = os.environ.get(setting.name)
    if not value:
        return None
    if setting.shown == "never":
        return _HIDDEN
    if setting.shown == "whole":
        return value
    address, mark, query = re.sub(r"//[^/]*@", f"//{_HIDDEN}@", value).partition("?")
    return address + mark + re.sub(r"=[^&]*", f"={_HIDDEN}", query)


def unknown() -> Iterator[str]:
    """A sentence for each variable of ours that does not exist."""
    known = [setting.name.removeprefix(_PREFIX) for setting in SETTINGS]
    given = sorted(name.removeprefix(_PREFIX) for name in os.environ if name.startswith(_PREFIX))
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            told = f"，是否为 {_PREFIX}{near[0]}" if near else "；全部设置见 wenze config list"
            yield f"不认识的设置 {_PREFIX}{name}{told}"
