"""Whether an answer is one that central's OpenAPI document says."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from access_desk.central.application import interface
from access_desk.protocol import messages as wire

Schema = dict[str, Any]


@cache
def described() -> Schema:
    """The document."""
    found: Schema = msgspec.json.decode(interface())
    return found


def resolved(part: Schema) -> Schema:
    """What a reference stands for."""
    while "$ref" in part:
        found: Any = described()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def operation(method: str, path: str) -> Schema | None:
    """What the document says of a request; None when it knows none."""
    bare = path.split("?", maxsplit=1)[0]
    for template, operations in described()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), bare):
            found: Schema | None = operations.get(method.lower())
            return found
    return None


def codes_of(answer: Schema) -> list[str]:
    """The codes that a problem may have; none for what is no problem."""
    content = resolved(answer)["content"].get("application/json", {}).get("schema", {})
    found: list[str] = content["allOf"][1]["properties"]["code"]["enum"] if "allOf" in content else []
    return found


def assert_documented(method: str, path: str, status: int, content_type: str, body: bytes) -> None:
    """The status, the kind of content and a problem's code are among those that the document names."""
    said = operation(method, path)
    if said is None:
        assert status in {404, 405}, (method, path, status)
        return
    assert str(status) in said["responses"], (said["operationId"], status, body[:300])
    answer = said["responses"][str(status)]
    assert content_type in resolved(answer)["content"], (said["operationId"], status, content_type)
    if codes := codes_of(answer):
        assert wire.read(body, wire.Problem).code in codes, (said["operationId"], status, body[:300])
