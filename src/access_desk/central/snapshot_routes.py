"""Where desks fetch a snapshot: what there is, and its file in ranges (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import HeaderParameter, Parameter

from access_desk.central.asked import service_of, with_session
from access_desk.central.coded import AS_IT_IS
from access_desk.central.described import BYTES, JSON, about
from access_desk.central.sessions import bearer
from access_desk.protocol import messages as wire

_PARTIAL: Final = 206
_BYTES_RANGE: Final = r"^bytes=[0-9]{1,15}-[0-9]{1,15}$"
Facility = Annotated[str, Parameter(pattern=wire.NAME, description="The facility's id.")]
Position = Annotated[int, Parameter(ge=1, le=2**53, description="The snapshot's position in the feed.")]
Range = Annotated[str, HeaderParameter(name="Range", pattern=_BYTES_RANGE, description="Which bytes; what fits an answer comes.")]


@get(
    "/v1/facilities/{facility:str}/snapshot",
    sync_to_thread=True,
    guards=(with_session,),
    opt=about("What a desk that begins can have instead of the feed.", wire.SnapshotOffer),
)
def snapshot_offer(state: State, request: Request[Any, Any, State], facility: Facility) -> Response[bytes]:
    """What a desk can have."""
    offer = service_of(state).snapshot_offer(bearer(request.headers.get("authorization", "")), facility)
    return Response(wire.to_bytes(offer), media_type=JSON, status_code=200)


@get(
    "/v1/facilities/{facility:str}/snapshots/{position:int}",
    sync_to_thread=True,
    guards=(with_session,),
    status_code=_PARTIAL,
    opt={
        **about(
            "A range of a snapshot's file.",
            BYTES,
            problems={404: ("snapshot",), 416: ("range",)},
            status=_PARTIAL,
        ),
        # What is compressed and sealed is not compressed again: bytes of a range are those of the file.
        AS_IT_IS: True,
    },
)
def snapshot_part(
    state: State, request: Request[Any, Any, State], facility: Facility, position: Position, wanted: Range
) -> Response[bytes]:
    """A range of a snapshot's file."""
    first, last = map(int, re.findall(r"[0-9]+", wanted))
    part = service_of(state).snapshot_part(bearer(request.headers.get("authorization", "")), facility, position, first, last)
    until = part.first + len(part.content) - 1
    headers = {"Content-Range": f"bytes {part.first}-{until}/{part.size}", "Accept-Ranges": "bytes"}
    return Response(part.content, media_type=BYTES, status_code=_PARTIAL, headers=headers)
