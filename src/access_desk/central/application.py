"""Central's door: paths, sizes and statuses. Everything that is decided is decided in `desk_service`."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Litestar, Request, Response, get, post, put
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.params import Parameter, RawBody

from access_desk.central.desk_service import UNAVAILABLE, DeskService, ProblemError
from access_desk.central.limits import TooOftenError, Turnstile
from access_desk.central.metrics import CONTENT_TYPE, CentralMetrics
from access_desk.central.observed import note_problem
from access_desk.central.sessions import bearer
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.storage.event_log import Stream

_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"
_INTERNAL: Final = 500
TOO_OFTEN: Final = 429
_DATABASE_SECONDS: Final = 5
_REFUSED: Final = {404: "There is nothing at this address.", 413: "This is larger than any message of a desk."}
# A batch, and what surrounds its events.
_LARGEST_BATCH: Final = 2 * wire.MOST_BYTES
_LARGEST_SMALL: Final = 4096
_LARGEST_PINS: Final = 512 * wire.MOST_PINS
_SMALLEST_GZIP: Final = 1024

Named = Annotated[str, Parameter(pattern=wire.NAME)]
Hashed = Annotated[str, Parameter(pattern=r"^[0-9a-f]{64}$")]
Flag = Annotated[str, Parameter(pattern=wire.FLAG)]
Counted = Annotated[int, Parameter(ge=0, le=2**53)]
Numbered = Annotated[int, Parameter(ge=1, le=2**31 - 1)]
_Asked = Request[Any, Any, State]


def application(service: DeskService, authority_pem: str, metrics: CentralMetrics, turnstile: Turnstile) -> Litestar:
    """The ASGI application over a service."""
    routes = [
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
        _content,
        _keep_content,
        _authority,
        _kind,
        _live,
        _ready,
        _metrics,
    ]
    return Litestar(
        route_handlers=routes,
        state=State({"service": service, "authority": authority_pem, "metrics": metrics, "turnstile": turnstile}),
        exception_handlers={
            ProblemError: _problem,
            TooOftenError: _too_often,
            UnavailableError: _unavailable,
            HTTPException: _refused,
            Exception: _fault,
        },
        # What is worth a line is told to whoever observes the door; the library would log messages of errors.
        logging_config=None,
        compression_config=CompressionConfig(backend="gzip", minimum_size=_SMALLEST_GZIP),
        openapi_config=None,
    )


def _service(state: State) -> DeskService:
    service = state["service"]
    assert isinstance(service, DeskService)  # noqa: S101 - application() put it there
    return service


def _turnstile(state: State) -> Turnstile:
    turnstile = state["turnstile"]
    assert isinstance(turnstile, Turnstile)  # noqa: S101 - application() put it there
    return turnstile


def _address(request: _Asked) -> str:
    return request.client.host if request.client is not None else ""


def _token(request: _Asked) -> str:
    return bearer(request.headers.get("authorization", ""))


def _message(message: object) -> Response[bytes]:
    return Response(wire.to_bytes(message), media_type=_JSON, status_code=200)


@post("/v1/enrollments", request_max_body_size=_LARGEST_SMALL, sync_to_thread=True)
def _enroll(state: State, request: _Asked, body: RawBody) -> Response[bytes]:
    _turnstile(state).enrollment(_address(request), body)
    return _message(_service(state).enroll(body))


@get("/v1/central", sync_to_thread=False)
def _kind(state: State) -> Response[bytes]:
    return _message(_service(state).kind())


@post("/v1/challenges", request_max_body_size=_LARGEST_SMALL, sync_to_thread=True)
def _challenge(state: State, request: _Asked) -> Response[bytes]:
    _turnstile(state).challenge(_address(request))
    return _message(_service(state).challenge())


@post("/v1/sessions", request_max_body_size=_LARGEST_SMALL, sync_to_thread=True)
def _open_session(state: State, request: _Asked, body: RawBody) -> Response[bytes]:
    _turnstile(state).session(_address(request), body)
    return _message(_service(state).open_session(body))


@get("/v1/streams/{facility:str}/{desk:str}/{epoch:int}", sync_to_thread=True)
def _head(state: State, request: _Asked, facility: Named, desk: Named, epoch: Numbered) -> Response[bytes]:
    return _message(_service(state).head(_token(request), Stream(facility, desk, epoch)))


@post("/v1/streams/{facility:str}/{desk:str}/{epoch:int}/events", request_max_body_size=_LARGEST_BATCH, sync_to_thread=True)
def _push(state: State, request: _Asked, facility: Named, desk: Named, epoch: Numbered, body: RawBody) -> Response[bytes]:
    return _message(_service(state).push(_token(request), Stream(facility, desk, epoch), body))


@get("/v1/facilities/{facility:str}/events", sync_to_thread=True)
def _page(state: State, request: _Asked, facility: Named, after: Counted, digest: Hashed, limit: Numbered) -> Response[bytes]:
    return _message(_service(state).page(_token(request), facility, after, digest, limit))


@get("/v1/facilities/{facility:str}/sanity", sync_to_thread=True)
def _sanity(state: State, request: _Asked, facility: Named) -> Response[bytes]:
    return _message(_service(state).sanity(_token(request), facility))


@get("/v1/facilities/{facility:str}/flags", sync_to_thread=True)
def _flags(state: State, request: _Asked, facility: Named, digest: Hashed, after: Flag = "") -> Response[bytes]:
    return _message(_service(state).flags(_token(request), facility, after, digest))


@post("/v1/facilities/{facility:str}/numbers", request_max_body_size=_LARGEST_SMALL, sync_to_thread=True)
def _numbers(state: State, request: _Asked, facility: Named, body: RawBody) -> Response[bytes]:
    return _message(_service(state).lend_numbers(_token(request), facility, body))


@post("/v1/facilities/{facility:str}/pins", request_max_body_size=_LARGEST_PINS, sync_to_thread=True)
def _pins(state: State, request: _Asked, facility: Named, body: RawBody) -> Response[bytes]:
    return _message(_service(state).exchange_pins(_token(request), facility, body))


@get("/v1/facilities/{facility:str}/contents/{sha256:str}", sync_to_thread=True)
def _content(state: State, request: _Asked, facility: Named, sha256: Hashed) -> Response[bytes]:
    return Response(_service(state).content(_token(request), facility, sha256).data, media_type=_BYTES)


@put("/v1/facilities/{facility:str}/contents/{sha256:str}", request_max_body_size=wire.LARGEST_CONTENT, sync_to_thread=True)
def _keep_content(state: State, request: _Asked, facility: Named, sha256: Hashed, body: RawBody) -> Response[bytes]:
    _service(state).keep_content(_token(request), facility, sha256, body)
    return Response(b"{}", media_type=_JSON, status_code=200)


@get("/v1/authority", sync_to_thread=False)
def _authority(state: State) -> Response[str]:
    return Response(str(state["authority"]), media_type="application/x-pem-file")


@get("/live", sync_to_thread=False)
def _live() -> Response[bytes]:
    return Response(b'{"live":true}', media_type=_JSON)


@get("/ready", sync_to_thread=True)
def _ready(state: State) -> Response[bytes]:
    _service(state).assert_ready()
    return Response(b'{"ready":true}', media_type=_JSON)


@get("/metrics", sync_to_thread=False)
def _metrics(state: State) -> Response[bytes]:
    metrics = state["metrics"]
    assert isinstance(metrics, CentralMetrics)  # noqa: S101 - application() put it there
    return Response(metrics.text(), media_type=CONTENT_TYPE)


def _problem(request: _Asked, wrong: ProblemError) -> Response[bytes]:
    return _refusal(request, wrong.status, wrong.problem)


def _too_often(request: _Asked, wrong: TooOftenError) -> Response[bytes]:
    problem = wire.Problem("rate", f"This was asked too often. Ask again in {wrong.seconds} seconds.")
    return _refusal(request, TOO_OFTEN, problem, retry_after=wrong.seconds)


def _unavailable(request: _Asked, wrong: UnavailableError) -> Response[bytes]:
    problem = wire.Problem("unavailable", "Central cannot reach its database now. Nothing was acknowledged.")
    return _refusal(request, UNAVAILABLE, problem, wrong, retry_after=_DATABASE_SECONDS)


def _refused(request: _Asked, wrong: HTTPException) -> Response[bytes]:
    # What was asked is not repeated: it may be anything.
    problem = wire.Problem("request", _REFUSED.get(wrong.status_code, f"This cannot be asked ({wrong.status_code})."))
    return _refusal(request, wrong.status_code, problem)


def _fault(request: _Asked, wrong: Exception) -> Response[bytes]:
    problem = wire.Problem("fault", f"Central made a mistake ({type(wrong).__name__}). Nothing was acknowledged.")
    return _refusal(request, _INTERNAL, problem, wrong)


def _refusal(
    request: _Asked, status: int, problem: wire.Problem, fault: Exception | None = None, *, retry_after: int = 0
) -> Response[bytes]:
    note_problem(request.scope, problem.code, fault)
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return Response(wire.to_bytes(problem), media_type=_JSON, status_code=status, headers=headers)
