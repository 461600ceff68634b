"""What schemathesis is told about central that no schema can say."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    """For JSON Schema 1.0 is an integer (2020-12, 6.1.1), for central it is none: numbers are sent as they are meant."""
    del context
    return whole_numbers(body)


def whole_numbers(body: Any) -> Any:
    if isinstance(body, float) and body.is_integer():
        return int(body)
    if isinstance(body, dict):
        return {name: whole_numbers(value) for name, value in body.items()}
    if isinstance(body, list):
        return [whole_numbers(value) for value in body]
    return body
