"""Central's door: paths, sizes and statuses. Everything that is decided is decided in `desk_service`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Final

from litestar import Litestar, Request, Response, Router, get, post, put, route
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter, RawBody
from litestar.response import ServerSentEvent

from access_desk.central.asked import service_of, with_session
from access_desk.central.coded import AS_IT_IS, packed_answers
from access_desk.central.crowd import SlowBodyError
from access_desk.central.described import BYTES, JSON, STREAM, about, document
from access_desk.central.desk_service import DeskService
from access_desk.central.lanes import CrowdedError, Lanes
from access_desk.central.limits import TooOftenError, Turnstile
from access_desk.central.metrics import CONTENT_TYPE, CentralMetrics
from access_desk.central.observed import note_problem
from access_desk.central.pokes import Pokes
from access_desk.central.problems import FORBIDDEN, UNAVAILABLE, ProblemError
from access_desk.central.sessions import bearer
from access_desk.central.snapshot_routes import snapshot_offer, snapshot_part
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.storage.event_log import Stream
from access_desk.sync.pace import EVERYBODY_SECONDS

PEM: Final = "application/x-pem-file"
_DOCUMENT: Final = "/v1/openapi.json"
_INTERNAL: Final = 500
TOO_SLOW: Final = 408
TOO_OFTEN: Final = 429
# What all desks are told alike, so that each backs off by itself.
_ALIKE_SECONDS: Final = int(EVERYBODY_SECONDS)
_REFUSED: Final = {404: "There is nothing at this address.", 413: "This is larger than any message of a desk."}
# A batch, and what surrounds its events.
_LARGEST_BATCH: Final = 2 * wire.MOST_BYTES
_LARGEST_SMALL: Final = 4096
_LARGEST_PINS: Final = 512 * wire.MOST_PINS

Facility = Annotated[str, Parameter(pattern=wire.NAME, description="The facility's id.")]
Desk = Annotated[str, Parameter(pattern=wire.NAME, description="The desk's id.")]
Epoch = Annotated[int, Parameter(ge=1, le=2**31 - 1, description="In which of the desk's installations it was recorded.")]
Sha256 = Annotated[str, Parameter(pattern=r"^[0-9a-f]{64}$", description="The SHA-256 of the content, in hex.")]
After = Annotated[int, Parameter(ge=0, le=2**53, description="The position that the desk has come to; 0 at the beginning.")]
Digest = Annotated[str, Parameter(pattern=r"^[0-9a-f]{64}$", description="The feed's digest there; 64 zeros at the beginning.")]
Known = Annotated[str, Parameter(pattern=r"^[0-9a-f]{64}$", description="The digest of the flags that the desk knows.")]
AfterFlag = Annotated[str, Parameter(pattern=wire.FLAG, description="The flag that the page follows; blank at first.")]
Limit = Annotated[int, Parameter(ge=1, le=2**31 - 1, description=f"How many events at most; {wire.MOST_EVENTS} in any case.")]
_Asked = Request[Any, Any, State]


def _turnstile(state: State) -> Turnstile:
    turnstile = state["turnstile"]
    assert isinstance(turnstile, Turnstile)  # noqa: S101 - application() put it there
    return turnstile


def _open_streams(state: State) -> Pokes:
    pokes = state["pokes"]
    assert isinstance(pokes, Pokes)  # noqa: S101 - application() put it there
    return pokes


def _address(request: _Asked) -> str:
    return request.client.host if request.client is not None else ""


def _token(request: _Asked) -> str:
    return bearer(request.headers.get("authorization", ""))


_MEMBERS: Final = (with_session,)
# Problems that several routes have.
_LIMITED: Final = {TOO_OFTEN: ("rate",)}
_OWN: Final = {FORBIDDEN: ("stream",)}


def _message(message: object) -> Response[bytes]:
    return Response(wire.to_bytes(message), media_type=JSON, status_code=200)


@post(
    "/v1/enrollments",
    request_max_body_size=_LARGEST_SMALL,
    sync_to_thread=True,
    opt=about(
        "Make a desk known that brings an enrollment code.",
        wire.Enrolled,
        wire.Enroll,
        problems={403: ("code", "desk", "signature"), **_LIMITED},
        needs_session=False,
    ),
)
def _enroll(state: State, request: _Asked, body: RawBody) -> Response[bytes]:
    _turnstile(state).enrollment(_address(request), body)
    return _message(service_of(state).enroll(body))


@get(
    "/v1/central",
    sync_to_thread=False,
    opt=about("Whether this central is for practice.", wire.CentralKind, needs_session=False),
)
def _kind(state: State) -> Response[bytes]:
    return _message(service_of(state).kind())


@post(
    "/v1/challenges",
    request_max_body_size=_LARGEST_SMALL,
    # In memory, and shorter than handing it to a thread would be.
    sync_to_thread=False,
    status_code=200,
    opt=about("Something to sign, good once and for a minute.", wire.Challenge, problems=_LIMITED, needs_session=False),
)
def _challenge(state: State, request: _Asked) -> Response[bytes]:
    _turnstile(state).challenge(_address(request))
    return _message(service_of(state).challenge())


@post(
    "/v1/sessions",
    request_max_body_size=_LARGEST_SMALL,
    sync_to_thread=True,
    opt=about(
        "A token for a desk that signed its challenge.",
        wire.Session,
        wire.OpenSession,
        problems={401: ("session",), 403: ("key", "quarantined", "revoked", "unknown_desk"), **_LIMITED},
        needs_session=False,
    ),
)
def _open_session(state: State, request: _Asked, body: RawBody) -> Response[bytes]:
    _turnstile(state).session(_address(request), body)
    return _message(service_of(state).open_session(body))


@get(
    "/v1/streams/{facility:str}/{desk:str}/{epoch:int}",
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("What central has of the desk's stream.", wire.StreamHead, problems=_OWN),
)
def _head(state: State, request: _Asked, facility: Facility, desk: Desk, epoch: Epoch) -> Response[bytes]:
    return _message(service_of(state).head(_token(request), Stream(facility, desk, epoch)))


@post(
    "/v1/streams/{facility:str}/{desk:str}/{epoch:int}/events",
    request_max_body_size=_LARGEST_BATCH,
    guards=_MEMBERS,
    opt=about(
        "Take in a batch of the desk's events durably, or nothing of it.",
        wire.Acknowledged,
        wire.Push,
        problems={
            400: ("event_id", "genesis", "signature", "wrong_stream"),
            409: ("content_missing", "fork", "sequence"),
            503: ("unknown",),
            **_OWN,
        },
    ),
)
async def _push(state: State, request: _Asked, facility: Facility, desk: Desk, epoch: Epoch, body: RawBody) -> Response[bytes]:
    lanes = state["lanes"]
    assert isinstance(lanes, Lanes)  # noqa: S101 - application() put it there
    work = partial(service_of(state).push, _token(request), Stream(facility, desk, epoch), body)
    return _message(await lanes.run(facility, body, work))


@get(
    "/v1/facilities/{facility:str}/events",
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("The facility's feed after a position.", wire.FeedPage, problems={409: ("feed_changed",)}),
)
def _page(state: State, request: _Asked, facility: Facility, after: After, digest: Digest, limit: Limit) -> Response[bytes]:
    return _message(service_of(state).page(_token(request), facility, after, digest, limit))


@get(
    "/v1/facilities/{facility:str}/sanity",
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("What central has of a facility, to compare.", wire.Sanity),
)
def _sanity(state: State, request: _Asked, facility: Facility) -> Response[bytes]:
    return _message(service_of(state).sanity(_token(request), facility))


@get(
    "/v1/facilities/{facility:str}/flags",
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("What stands out of what central took in.", wire.FlagPage),
)
def _flags(state: State, request: _Asked, facility: Facility, digest: Known, after: AfterFlag) -> Response[bytes]:
    return _message(service_of(state).flags(_token(request), facility, after, digest))


@post(
    "/v1/facilities/{facility:str}/numbers",
    request_max_body_size=_LARGEST_SMALL,
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("Lend the desk another block of numbers.", wire.LentNumbers, wire.WantNumbers),
)
def _numbers(state: State, request: _Asked, facility: Facility, body: RawBody) -> Response[bytes]:
    return _message(service_of(state).lend_numbers(_token(request), facility, body))


@post(
    "/v1/facilities/{facility:str}/pins",
    request_max_body_size=_LARGEST_PINS,
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("Exchange the PIN verifiers that the log names.", wire.ExchangedPins, wire.ExchangePins),
)
def _pins(state: State, request: _Asked, facility: Facility, body: RawBody) -> Response[bytes]:
    return _message(service_of(state).exchange_pins(_token(request), facility, body))


@get(
    "/v1/facilities/{facility:str}/contents/{sha256:str}",
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("Large content that an event names.", BYTES, problems={404: ("content",), 503: ("content",)}),
)
def _content(state: State, request: _Asked, facility: Facility, sha256: Sha256) -> Response[bytes]:
    return Response(service_of(state).content(_token(request), facility, sha256).data, media_type=BYTES)


@put(
    "/v1/facilities/{facility:str}/contents/{sha256:str}",
    request_max_body_size=wire.LARGEST_CONTENT,
    sync_to_thread=True,
    guards=_MEMBERS,
    opt=about("Keep content before the event that names it comes.", JSON, BYTES, problems={400: ("content", "malformed")}),
)
def _keep_content(state: State, request: _Asked, facility: Facility, sha256: Sha256, body: RawBody) -> Response[bytes]:
    service_of(state).keep_content(_token(request), facility, sha256, body)
    return Response(b"{}", media_type=JSON, status_code=200)


@get(
    "/v1/facilities/{facility:str}/pokes",
    guards=_MEMBERS,
    opt={AS_IT_IS: True, **about("A stream that says at once how far the facility's feed has come.", STREAM)},
)
async def _pokes(state: State, request: _Asked, facility: Facility) -> ServerSentEvent:
    pokes, service = _open_streams(state), service_of(state)
    if pokes.is_full:
        problem = wire.Problem("busy", "Too many desks listen already. Pull now and then.")
        raise ProblemError(UNAVAILABLE, problem, _ALIKE_SECONDS)
    desk_id = await sync_to_thread(service.listener, _token(request), facility)
    return pokes.answer(facility, desk_id, service.position)


@get(
    "/v1/authority",
    sync_to_thread=False,
    opt=about("The certificate of central's authority.", PEM, needs_session=False),
)
def _authority(state: State) -> Response[str]:
    return Response(str(state["authority"]), media_type=PEM)


@get(_DOCUMENT, sync_to_thread=False, opt=about("This document.", JSON, needs_session=False))
def _described(state: State) -> Response[bytes]:
    return Response(state["document"], media_type=JSON)


@get("/live", sync_to_thread=False, opt=about("Whether central runs.", JSON, needs_session=False))
def _live() -> Response[bytes]:
    return Response(b'{"live":true}', media_type=JSON)


@get("/ready", sync_to_thread=True, opt=about("Whether central reaches its databases.", JSON, needs_session=False))
def _ready(state: State) -> Response[bytes]:
    service_of(state).assert_ready()
    return Response(b'{"ready":true}', media_type=JSON)


@get("/metrics", sync_to_thread=False, opt=about("Figures for Prometheus.", CONTENT_TYPE, needs_session=False))
def _metrics(state: State) -> Response[bytes]:
    metrics = state["metrics"]
    assert isinstance(metrics, CentralMetrics)  # noqa: S101 - application() put it there
    return Response(metrics.text(), media_type=CONTENT_TYPE)


_ROUTES: Final = (
    _enroll,
    _challenge,
    _open_session,
    _head,
    _push,
    _page,
    _sanity,
    _flags,
    _numbers,
    _pins,
    _pokes,
    _content,
    _keep_content,
    snapshot_offer,
    snapshot_part,
    _authority,
    _kind,
    _described,
    _live,
    _ready,
    _metrics,
)


def interface() -> bytes:
    """Central's HTTP interface as an OpenAPI document."""
    return document(_ROUTES)


def _asked_for_methods() -> Iterator[HTTPRouteHandler]:
    """What answers OPTIONS: the library's own knows the first method of a path only."""
    methods: dict[str, set[str]] = {}
    for one in _ROUTES:
        for path in one.paths:
            methods.setdefault(path, {"OPTIONS"}).update(one.http_methods)
    for path, found in methods.items():
        yield _allowing(path, ", ".join(sorted(found)))


def _allowing(path: str, allowed: str) -> HTTPRouteHandler:
    @route(path, http_method=HttpMethod.OPTIONS, status_code=204, sync_to_thread=False)
    def answer() -> Response[None]:
        return Response(None, headers={"Allow": allowed}, status_code=204)

    return answer


def application(
    service: DeskService, authority_pem: str, metrics: CentralMetrics, turnstile: Turnstile, lanes: Lanes, pokes: Pokes
) -> Litestar:
    """The ASGI application over a service."""
    state = {
        "service": service,
        "authority": authority_pem,
        "metrics": metrics,
        "turnstile": turnstile,
        "lanes": lanes,
        "pokes": pokes,
        "document": interface(),
    }
    return Litestar(
        # One by one, the library would wrap the first of two routes on one path twice, and then answer 500 there.
        route_handlers=[Router("/", route_handlers=[*_asked_for_methods(), *_ROUTES])],
        state=State(state),
        exception_handlers={
            ProblemError: _problem,
            TooOftenError: _too_often,
            CrowdedError: _crowded,
            SlowBodyError: _slow,
            UnavailableError: _unavailable,
            HTTPException: _refused,
            Exception: _fault,
        },
        # What is worth a line is told to whoever observes the door; the library would log messages of errors.
        logging_config=None,
        compression_config=packed_answers(),
        # The library would describe its own signatures, not the messages; see `described`.
        openapi_config=None,
    )


def _problem(request: _Asked, wrong: ProblemError) -> Response[bytes]:
    return _refusal(request, wrong.status, wrong.problem, retry_after=wrong.retry_after)


def _too_often(request: _Asked, wrong: TooOftenError) -> Response[bytes]:
    problem = wire.Problem("rate", f"This was asked too often. Ask again in {wrong.seconds} seconds.")
    return _refusal(request, TOO_OFTEN, problem, retry_after=wrong.seconds)


def _crowded(request: _Asked, wrong: CrowdedError) -> Response[bytes]:
    problem = wire.Problem("busy", f"Too many desks send at once. Nothing was stored. Ask again in {wrong.seconds} seconds.")
    return _refusal(request, UNAVAILABLE, problem, retry_after=wrong.seconds)


def _slow(request: _Asked, _: SlowBodyError) -> Response[bytes]:
    problem = wire.Problem("slow", "What was announced did not come in time. Nothing was done.")
    # The rest of it would be taken for the next request.
    return _refusal(request, TOO_SLOW, problem, headers={"Connection": "close"})


def _unavailable(request: _Asked, wrong: UnavailableError) -> Response[bytes]:
    problem = wire.Problem("unavailable", "Central cannot reach its database now. Nothing was acknowledged.")
    return _refusal(request, UNAVAILABLE, problem, wrong, retry_after=_ALIKE_SECONDS)


def _refused(request: _Asked, wrong: HTTPException) -> Response[bytes]:
    # What was asked is not repeated: it may be anything.
    problem = wire.Problem("request", _REFUSED.get(wrong.status_code, f"This cannot be asked ({wrong.status_code})."))
    return _refusal(request, wrong.status_code, problem, headers=wrong.headers)


def _fault(request: _Asked, wrong: Exception) -> Response[bytes]:
    problem = wire.Problem("fault", f"Central made a mistake ({type(wrong).__name__}). Nothing was acknowledged.")
    return _refusal(request, _INTERNAL, problem, wrong)


def _refusal(
    request: _Asked,
    status: int,
    problem: wire.Problem,
    fault: Exception | None = None,
    *,
    retry_after: int = 0,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    note_problem(request.scope, problem.code, fault)
    said = {**(headers or {}), **({"Retry-After": str(retry_after)} if retry_after else {})}
    return Response(wire.to_bytes(problem), media_type=JSON, status_code=status, headers=said)
