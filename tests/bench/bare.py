"""A bare Flask endpoint that parses a body and returns the same recommendation: what the web costs without us."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, jsonify, request


def create() -> Flask:
    """The answer is read once from the file that ``WENZE_BARE_ANSWER`` names."""
    app = Flask("bare")
    answer = app.json.loads(Path(os.environ["WENZE_BARE_ANSWER"]).read_text(encoding="utf-8"))

    @app.post("/")
    def echo() -> Response:
        assert request.get_json()["persons"]
        return jsonify(answer)

    return app
