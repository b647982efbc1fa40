"""What a request may hold is bounded before anything of it is understood."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

PATH = "/api/v1/recommendations"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400), (b'{"a":' * 500 + b"1" + b"}" * 500, 400), (b'{"a":1,"a":2}', 400), (b'{"a":NaN}', 400),
        (b'{"a":' + b"9" * 5000 + b"}", 400), (b'{"a":"\\ud800"}', 422), (b'{"a":"' + b"x" * (1 << 20) + b'"}', 413),
    ],
    ids=["lists", "objects", "a key twice", "no number", "a long number", "half a character", "a long body"],
)  # fmt: skip
def test_json_beyond_bounds_is_refused(user: FlaskClient, body: bytes, status: int) -> None:
    answer = user.post(PATH, data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_form_of_many_parts_is_refused_though_it_is_small(user: FlaskClient) -> None:
    form = {"file": (io.BytesIO(b"a"), "a.csv"), **{f"x{number}": "1" for number in range(20)}}
    assert user.post("/api/v1/imports/units", data=form).status_code == 413


def test_a_form_of_few_parts_is_read_and_each_unknown_one_is_named(user: FlaskClient) -> None:
    form = {"file": (io.BytesIO(b"a"), "a.csv"), **{f"x{number}": "1" for number in range(3)}}
    answer = user.post("/api/v1/imports/units", data=form)
    assert (answer.status_code, sorted(answer.json["errors"])) == (422, ["x0", "x1", "x2"])


def test_a_boundary_that_never_comes_is_bounded_like_a_field(user: FlaskClient) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
    answer = user.post(
        "/api/v1/imports/units", data=head + b"x" * (3 << 20), content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 413
