"""Mail: plain text to one recipient a letter, over one connection a round."""

from __future__ import annotations

import contextlib
import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType

from service.config import MailSettings

_SECONDS = 20.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient is told. key: the same for every try, becomes the letter's Message-ID."""

    recipient: str
    subject: str
    text: str
    key: str


class NotSent(Exception):
    """One letter was not accepted; the message says why, in Chinese. Others may be."""


class NoServer(Exception):
    """No letter can be sent now; the message says why, in Chinese."""


def sendable(address: str) -> bool:
    """Whether an address is one plain mailbox: ASCII, no spaces, no control characters, no list, no display name."""
    return len(address) <= 200 and _ADDRESS.fullmatch(address) is not None


class MailConnection:
    """The connection to the mail server, opened with the first letter and closed when the block ends."""

    def __init__(self, settings: MailSettings, *, seconds: float = _SECONDS) -> None:
        self.settings, self.seconds = settings, seconds
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> MailConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leave()

    def send(self, letter: Letter, *, now: datetime) -> None:
        """Hand a letter over; once this returns, the server has accepted it. Raises NotSent, NoServer."""
        if not sendable(letter.recipient):
            raise NotSent("邮箱地址不能使用")
        server = self.server or self._connected()
        message = _message(letter, self.settings.sender, now)
        try:
            server.send_message(message, self.settings.sender, [letter.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            raise NotSent(f"邮件服务器拒收（{'、'.join(str(code) for code in sorted(codes))}）") from None
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._leave()
            code = f"{error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else "连接中断"
            raise NotSent(f"邮件服务器没有接收（{code}）") from None

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        if not sendable(settings.sender):
            raise NoServer("WENZE_SMTP_FROM 应为一个邮箱地址")
        try:
            self.server = server = smtplib.SMTP(settings.host, settings.port, timeout=self.seconds)
            if settings.starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, settings.password or "")
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._leave()
            raise NoServer(_reason(error)) from None
        return server

    def _leave(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "邮件服务器的证书没有通过验证"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "邮件服务器不支持 STARTTLS 或者所需的登录方式"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "邮件服务器不接受 WENZE_SMTP_USER 和 WENZE_SMTP_PASSWORD"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器没有接受连接（{error.smtp_code}）"
    return "无法连接邮件服务器"


def _message(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter as it goes over the wire. A line break in the subject becomes a space: it cannot begin a header."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = letter.recipient
    made["Subject"] = _CONTROL.sub(" ", letter.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text, charset="utf-8", cte="base64")
    return made
