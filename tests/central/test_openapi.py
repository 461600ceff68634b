"""The OpenAPI document is made from the code, lies in docs as it is served, and knows every route and every answer."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from litestar import get
from litestar.routes import HTTPRoute

from access_desk.central.application import application, interface
from access_desk.central.described import document
from access_desk.central.lanes import Lanes
from access_desk.central.limits import Turnstile
from access_desk.central.metrics import CentralMetrics
from access_desk.central.pokes import Pokes
from access_desk.sync.core import Request
from tests.central.centrals import a_central
from tests.central.documented import codes_of, described, operation, resolved
from tests.central.doors import a_door
from tests.desks import a_desk

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_file_in_docs_is_what_the_code_makes() -> None:
    assert FILE.read_bytes() == interface(), "run make openapi"


def test_central_serves_the_same() -> None:
    with a_door() as door:
        answer = door.client.get("/v1/openapi.json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.content == FILE.read_bytes()


def test_every_route_and_method_that_is_served_is_described_and_nothing_else() -> None:
    central = a_central()
    app = application(
        central.service,
        "authority",
        CentralMetrics(lambda: 0),
        Turnstile(lambda: 0.0),
        Lanes(lambda: 0.0, lambda: 0.0),
        Pokes(central.service.members),
    )
    served = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS"
    }
    central.clusters.close()
    assert served == {(path, method) for path, methods in described()["paths"].items() for method in methods}


def test_a_route_that_says_nothing_of_itself_cannot_be_served() -> None:
    @get("/v1/forgotten", sync_to_thread=False)
    def forgotten() -> bytes:
        return b""

    with pytest.raises(KeyError, match="about"):
        document([forgotten])


def test_everything_that_is_referred_to_is_there() -> None:
    names = re.findall(r'"\$ref": "([^"]+)"', interface().decode())
    assert len(set(names)) > 30
    for name in names:
        assert resolved({"$ref": name})


def test_what_needs_a_session_says_so_and_everything_else_is_meant_for_everybody() -> None:
    open_to_all = {path for path, methods in described()["paths"].items() for said in methods.values() if "security" not in said}
    assert open_to_all == {
        "/live", "/metrics", "/ready", "/v1/authority", "/v1/central", "/v1/challenges", "/v1/enrollments", "/v1/openapi.json",
        "/v1/sessions",
    }  # fmt: skip


def test_what_may_be_asked_too_often_or_in_vain_says_when_to_ask_again() -> None:
    for methods in described()["paths"].values():
        for said in methods.values():
            for status in {"429", "503"} & set(said["responses"]):
                assert "Retry-After" in resolved(said["responses"][status])["headers"]


def test_a_batch_has_every_refusal_that_the_log_knows() -> None:
    push = operation("POST", "/v1/streams/F/d/1/events")
    assert push is not None
    assert codes_of(push["responses"]["409"]) == ["content_missing", "fork", "sequence"]
    assert push["requestBody"]["description"].startswith("At most 2097152 bytes")
    assert [one["name"] for one in push["parameters"]] == ["facility", "desk", "epoch"]


def test_two_methods_on_one_path_are_both_answered() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        path = f"/v1/facilities/F/contents/{sha256(b'an image').hexdigest()}"
        token = door.session(desk)
        assert door.ask(Request("GET", path, token=token)).status == 404
        assert door.ask(Request("PUT", path, b"an image", "application/octet-stream", token)).status == 200
        assert door.ask(Request("GET", path, token=token)).body == b"an image"
