"""What central's HTTP interface takes and answers, as an OpenAPI 3.1 document that is made from the routes themselves.

A route says in its options what it asks for and what it answers (`about`). Parameters, sizes and message schemas are read
from what the route and the messages really are, so that the document cannot say something else. A route that says nothing
of itself cannot be served: making the document fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args, get_type_hints

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, ParameterKwarg

from access_desk.protocol import coding
from access_desk.protocol import messages as wire
from access_desk.protocol.encoding import Wire

JSON: Final = "application/json"
BYTES: Final = "application/octet-stream"
STREAM: Final = "text/event-stream; charset=utf-8"
_ABOUT: Final = "about"
_SCHEMAS: Final = "#/components/schemas/"
_RESPONSES: Final = "#/components/responses/"
_HEADERS: Final = "#/components/headers/"
Schema = dict[str, Any]
_TYPES: Final[Mapping[type, str]] = {str: "string", int: "integer"}
_RULES: Final[Mapping[str, str]] = {"pattern": "pattern", "ge": "minimum", "le": "maximum"}
_PLACED: Final = re.compile(r"{(\w+):\w+}")
_WAITS: Final = frozenset({429, 503})

# What a route answers besides what is its own.
_ALWAYS: Final = {500: ("fault",), 503: ("unavailable", "busy")}
_WITH_PARAMETERS: Final = {400: ("request",), 404: ("request",)}
_WITH_BODY: Final = {400: ("request",), 408: ("slow",), 413: ("request",), 415: ("coding",)}
_WITH_MESSAGE: Final = {400: ("malformed", "protocol")}
_WITH_SESSION: Final = {401: ("session",), 403: ("facility", "quarantined", "revoked")}

_MEANINGS: Final[Mapping[str, str]] = {
    "busy": "central has too much to do at once",
    "chain": "an event does not follow the one before it",
    "code": "the enrollment code is not good, was used or is too old",
    "coding": "the body is in a coding that central does not read",
    "content": "the content is not what its hash says, is not here or is damaged",
    "content_missing": "the content named in `missing` has to be sent first",
    "desk": "the desk was revoked, or its name is another desk's",
    "event_id": "an event has the id of another one",
    "facility": "the desk is not one of this facility",
    "fault": "central made a mistake; nothing was acknowledged",
    "feed_changed": "the feed at that position is another than the desk believes; it is to be followed from its beginning",
    "fork": "central has another event under this number; both are kept",
    "genesis": "the stream does not begin with the enrollment of this desk",
    "key": "the desk has another key than the one it was enrolled with",
    "malformed": "the body is not the message, goes too deep, repeats a name, or is not in the coding that it names",
    "protocol": "central speaks another version of the protocol",
    "quarantined": "two histories of this desk have come; it gets nothing until somebody has looked",
    "range": "the range is none, or the file does not have these bytes",
    "rate": "this was asked too often",
    "request": "a parameter is missing or out of range, the path names nothing, or the body is larger than any such message",
    "revoked": "the desk was revoked",
    "sequence": "the event `expected` has to come next",
    "session": "there is no session, it ended, or the challenge was not signed by this desk in time",
    "signature": "an event or the message was not signed with the desk's key",
    "slow": "the body did not come in time",
    "snapshot": "there is no such snapshot, or not any more",
    "stream": "the stream is another desk's",
    "unavailable": "central cannot reach its database",
    "unknown": "whether it was stored could not be found out; ask again",
    "unknown_desk": "central does not know the desk",
    "wrong_stream": "an event is of another desk, facility or epoch than the path says",
}
_STATUSES: Final[Mapping[int, str]] = {
    400: "This cannot be taken in.",
    401: "A session is needed.",
    403: "This desk may not.",
    404: "There is nothing here.",
    408: "The body did not come in time.",
    409: "Desk and central have to agree first.",
    413: "The body is larger than any such message.",
    415: "The body is in a coding that central does not read.",
    416: "The file does not have these bytes.",
    429: "This was asked too often.",
    500: "Central made a mistake.",
    503: "Central cannot answer now.",
}


@dataclass(frozen=True)
class About:
    """What a route says of itself.

    ``asks`` and ``answers`` are a message's class, or a media type. ``problems`` are the codes that are its own, by status.
    """

    summary: str
    answers: type | str
    asks: type | str | None = None
    problems: Mapping[int, Sequence[str]] = field(default_factory=dict)
    needs_session: bool = True
    status: int = 200


def about(
    summary: str,
    answers: type | str,
    asks: type | str | None = None,
    *,
    problems: Mapping[int, Sequence[str]] | None = None,
    needs_session: bool = True,
    status: int = 200,
) -> dict[str, About]:
    """The option with which a route says what it is; see `About`."""
    return {_ABOUT: About(summary, answers, asks, problems or {}, needs_session, status)}


def document(routes: Iterable[HTTPRouteHandler]) -> bytes:
    """The OpenAPI document of these routes.

    Raises:
        KeyError: a route says nothing of itself, or names a problem that has no meaning here.
    """
    paths: dict[str, Schema] = {}
    refused: dict[str, Schema] = {}
    for route in routes:
        for path in sorted(route.paths):
            operations = paths.setdefault(_PLACED.sub(r"{\1}", path), {})
            for method in sorted(route.http_methods):
                operations[method.lower()] = _operation(route, refused)
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "access_desk central",
            "version": str(wire.PROTOCOL),
            "summary": "What desks and their central say to each other. docs/sync-protocol.md says what it means.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(routes),
            "responses": dict(sorted(refused.items())),
            "headers": _headers(),
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "A token of POST /v1/sessions."},
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n"


def _operation(route: HTTPRouteHandler, refused: dict[str, Schema]) -> Schema:
    said: About = route.opt[_ABOUT]
    parameters = _parameters(route)
    operation: Schema = {"operationId": route.fn.__name__.strip("_"), "summary": said.summary}
    if parameters:
        operation["parameters"] = parameters
    if said.asks is not None:
        operation["requestBody"] = {
            "required": True,
            "description": f"At most {route.request_max_body_size} bytes once it is unpacked. It may be in one of the codings "
            f"{coding.ACCEPTED} that `Content-Encoding` names.",
            "content": _content(said.asks),
        }
    done = {"description": "Done.", "headers": _sent(said.status), "content": _content(said.answers)}
    operation["responses"] = {str(said.status): done}
    for status, codes in sorted(_problems(said, parameters).items()):
        name = "-".join((str(status), *codes))
        refused[name] = _problem(status, codes)
        operation["responses"][str(status)] = {"$ref": _RESPONSES + name}
    if said.needs_session:
        operation["security"] = [{"session": []}]
    return operation


def _parameters(route: HTTPRouteHandler) -> list[Schema]:
    placed = _PLACED.findall("".join(route.paths))
    found: list[Schema] = []
    for name, hint in get_type_hints(route.fn, include_extras=True).items():
        kind, *rules = get_args(hint) or (hint,)
        rule = next((one for one in rules if isinstance(one, ParameterKwarg)), None)
        if rule is None:
            continue
        schema: Schema = {"type": _TYPES[kind]}
        schema |= {said: getattr(rule, one) for one, said in _RULES.items() if getattr(rule, one) is not None}
        where = "header" if isinstance(rule, HeaderParameter) else "path" if name in placed else "query"
        found.append(
            {"name": rule.name or name, "in": where, "required": True, "description": rule.description, "schema": schema}
        )
    return found


def _problems(said: About, parameters: list[Schema]) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = {}
    groups: list[tuple[bool, Mapping[int, Sequence[str]]]] = [
        (True, _ALWAYS),
        (bool(parameters), _WITH_PARAMETERS),
        (said.asks is not None, _WITH_BODY),
        (isinstance(said.asks, type), _WITH_MESSAGE),
        (said.needs_session, _WITH_SESSION),
        (True, said.problems),
    ]
    for is_so, group in groups:
        for status, named in group.items() if is_so else ():
            codes[status] = sorted({*codes.get(status, ()), *named})
    return codes


def _problem(status: int, codes: list[str]) -> Schema:
    meanings = "".join(f"\n- `{code}`: {_MEANINGS[code]}" for code in codes)
    schema = {"allOf": [{"$ref": f"{_SCHEMAS}Problem"}, {"properties": {"code": {"enum": codes}}}]}
    return {"description": _STATUSES[status] + "\n" + meanings, "headers": _sent(status), "content": {JSON: {"schema": schema}}}


def _sent(status: int) -> Schema:
    names = ["Accept-Encoding", *(["Retry-After"] if status in _WAITS else [])]
    return {name: {"$ref": _HEADERS + name} for name in names}


def _headers() -> Schema:
    return {
        "Accept-Encoding": {
            "description": "The codings that central reads (RFC 9110, 12.5.3).",
            "required": True,
            "schema": {"type": "string", "const": coding.ACCEPTED},
        },
        "Retry-After": {
            "description": "How many seconds central wants to be left alone.",
            "schema": {"type": "string", "pattern": "^[0-9]{1,6}$"},
        },
    }


def _content(what: type | str) -> Schema:
    if isinstance(what, type):
        return {JSON: {"schema": {"$ref": _SCHEMAS + what.__name__}}}
    if what == JSON:
        return {JSON: {"schema": {"type": "object"}}}
    if what == STREAM:
        return {what: {"schema": {"$ref": _SCHEMAS + "PokeEvent"}}}
    return {what: {"schema": {"type": "string", **({"format": "binary"} if what == BYTES else {})}}}


def _schemas(routes: Iterable[HTTPRouteHandler]) -> Schema:
    said: list[About] = [route.opt[_ABOUT] for route in routes]
    messages = {one for about in said for one in (about.asks, about.answers) if isinstance(one, type)}
    ordered = sorted(messages | {wire.Poke, wire.Problem, Wire}, key=lambda one: one.__name__)
    _, schemas = msgspec.json.schema_components(ordered, ref_template=_SCHEMAS + "{name}")
    schemas["Event"] = schemas.pop("Wire")
    # What is inside travels as bytes that nobody re-encodes; here it is said what these bytes hold.
    for name in ("WireEvent", "FeedEvent"):
        if name in schemas:
            schemas[name]["properties"]["event"] = {"$ref": _SCHEMAS + "Event"}
    schemas["Event"]["properties"]["body"] = {
        "type": "object",
        "description": "What the kind and version say; the repository keeps a recorded sample of every one in tests/samples.",
    }
    schemas["PokeEvent"] = {
        "type": "object",
        "description": "One event of the stream. Lines that begin with a colon say only that it lives.",
        "properties": {
            "event": {"const": wire.POKED},
            "data": {"type": "string", "contentMediaType": JSON, "contentSchema": {"$ref": _SCHEMAS + "Poke"}},
        },
        "required": ["event", "data"],
    }
    for schema in schemas.values():
        if "protocol" in schema["properties"]:
            schema["properties"]["protocol"]["const"] = wire.PROTOCOL
    return {name: _tidied(schema) for name, schema in sorted(schemas.items())}


def _tidied(schema: Schema) -> Schema:
    if "description" in schema:
        schema["description"] = re.sub(r"\n +", "\n", schema["description"])
    return schema
