"""A mail server for the tests: a real SMTP server on loopback that keeps what it accepted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

PASSWORD = b"secret"


@dataclass
class MailServer:
    """refused: recipients it does not take; fails: how many letters it turns away with 451 first."""

    refused: set[str] = field(default_factory=set)
    fails: int = 0
    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.fails > 0:
            self.fails -= 1
            return "451 later"
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        return "250 OK"

    def recipients(self) -> list[str]:
        return sorted(recipient for recipients, _ in self.letters for recipient in recipients)

    def to(self, recipient: str) -> EmailMessage:
        return next(letter for recipients, letter in self.letters if recipient in recipients)


class _Controller(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _log_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"wenze", PASSWORD)
    return AuthResult(success=right, handled=False)


@contextmanager
def receiving(server: MailServer, secured: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """The server in a thread of its own for the length of the block. secured: it insists on STARTTLS and a password."""
    more: dict[str, Any] = {}
    if secured is not None:
        more = {"tls_context": secured, "require_starttls": True, "auth_required": True, "authenticator": _log_in}
    controller = _Controller(server, hostname="127.0.0.1", port=0, **more)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()
