"""Where the service listens."""

from __future__ import annotations

import os
from dataclasses import dataclass

from service.config.values import ConfigError, is_whole

_HOST, _PORT, _WORKERS = "127.0.0.1", "8000", "2"


@dataclass(frozen=True, slots=True)
class Listening:
    """host: an address or a name of this machine; workers: processes."""

    host: str
    port: int
    workers: int

    @property
    def bind(self) -> str:
        """As the server takes it: an address of IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"{host}:{self.port}"


def host_name(given: str | None = None) -> str:
    """``given``, or WENZE_HOST (default 127.0.0.1)."""
    return given or os.environ.get("WENZE_HOST") or _HOST


def listening(host: str | None = None, port: int | None = None, workers: int | None = None) -> Listening:
    """WENZE_HOST, WENZE_PORT (or PORT) and WENZE_WORKERS, each unless it is given. Raises ConfigError."""
    port_text = str(port or os.environ.get("WENZE_PORT") or os.environ.get("PORT") or _PORT)
    workers_text = str(workers or os.environ.get("WENZE_WORKERS") or _WORKERS)
    faults = []
    if not is_whole(port_text, 1, 65535):
        faults.append("WENZE_PORT（或者 PORT）应为1至65535的整数")
    if not is_whole(workers_text, 1, 64):
        faults.append("WENZE_WORKERS 应为1至64的整数")
    if faults:
        raise ConfigError(*faults)
    return Listening(host_name(host), int(port_text), int(workers_text))
