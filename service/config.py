"""Configuration from the environment."""

from __future__ import annotations

import os
from pathlib import Path


def database_url() -> str:
    """DATABASE_URL, or the embedded SQLite in WENZE_DATA_DIR (default ./var), made ready."""
    url = os.environ.get("DATABASE_URL")
    if url:
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url
    folder = Path(os.environ.get("WENZE_DATA_DIR", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'wenze.sqlite3'}"
