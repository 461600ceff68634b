"""Runs central: HTTPS by uvicorn, until it is told to stop; then it finishes what it answers and closes the database."""

from __future__ import annotations

import gc
import random
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import uvicorn

from access_desk.central.application import application
from access_desk.central.coded import Coded
from access_desk.central.crowd import MOST_AT_ONCE, Arrival, Crowd
from access_desk.central.desk_service import DeskService
from access_desk.central.heads import BoundedHeads
from access_desk.central.lanes import Lanes, Widths
from access_desk.central.limits import Limits, Turnstile
from access_desk.central.logs import CentralLog
from access_desk.central.metrics import CentralMetrics
from access_desk.central.observed import Observed
from access_desk.central.place import CentralPlace
from access_desk.central.pokes import MOST_STREAMS, Pokes
from access_desk.central.sessions import Sessions
from access_desk.central.workers import Workers, handing_on
from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock

# A client that keeps its connection open does not keep central from stopping.
GRACE_SECONDS: Final = 5
# Desks that listen, and desks between two requests; how many requests are worked on at once is counted elsewhere.
_MOST_CONNECTIONS: Final = MOST_STREAMS + 4 * MOST_AT_ONCE
# How long a thread that takes in a long batch keeps the interpreter from one that answers a registration; of Python's own 5 ms
# a short answer would lose several, each time that it waited for the database.
_TURN_SECONDS: Final = 0.0005
# Shorter than what central renews its own certificate before its end: only the hospital's own is complained about.
_WARNED: Final = timedelta(days=30)


class Server(uvicorn.Server):
    """Says when desks can come, and ends the streams before it waits for connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._ending = ready, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in good order."""
        # Before connections are waited for: a stream would not end by itself.
        self._ending()
        await super().shutdown(sockets)


def door(
    service: DeskService,
    sessions: Sessions,
    authority_pem: str,
    log: CentralLog,
    metrics: CentralMetrics,
    *,
    seconds: Callable[[], float] = time.monotonic,
    limits: Limits | None = None,
    pokes: Pokes | None = None,
    widths: Widths | None = None,
    arrival: Arrival | None = None,
) -> Observed:
    """What answers desks: limited, counted and logged."""
    pokes = pokes or Pokes(service.members)
    service.taken_in, service.reached = metrics.taken_in, pokes.reached
    lanes = Lanes(seconds, random.SystemRandom().random, widths)
    inside = application(service, authority_pem, metrics, Turnstile(seconds, limits), lanes, pokes)
    return Observed(Coded(Crowd(inside, arrival=arrival)), sessions.desk_of, seconds, (metrics.hear, log.hear))


def serve(place: CentralPlace, clock: Clock, host: str, port: int, ready: Callable[[str], None], log: CentralLog) -> None:
    """Serve until a signal; ``ready`` is told the URL when desks can come.

    Raises:
        UnavailableError: the address cannot be listened at, or there is no certificate to serve with.
    """
    made = place.certificates
    ends = made.ends()
    sessions = Sessions(made.fingerprint, time.monotonic)
    service = DeskService(place.clusters, clock, sessions, place.pepper, practice=place.practice)
    service.snapshots = place.snapshots
    metrics = CentralMetrics(sessions.desks)
    metrics.certificate_ends(ends.timestamp())
    log.take_over_libraries()
    if ends - clock.now() < _WARNED:
        log.warning("the certificate ends soon", seconds=int((ends - clock.now()).total_seconds()))
    widths = Widths()
    sys.setswitchinterval(_TURN_SECONDS)
    # What was loaded stays: looking through it would hold every desk up for a tenth of a second now and then.
    gc.collect()
    gc.freeze()
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"https://{shown}:{listening.getsockname()[1]}"
    pokes = Pokes(service.members)
    metrics.listening(lambda: pokes.count)
    config = uvicorn.Config(
        door(service, sessions, made.authority_pem, log, metrics, pokes=pokes, widths=widths),
        log_config=None,
        access_log=False,
        # Nothing that ends TLS may stand between desk and central, so nobody else can say which address asks.
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        http=BoundedHeads,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=made.served,
        ssl_keyfile=made.served_key,
        ssl_context_factory=_modern,
    )
    workers = Workers(place.urls, widths.long) if place.urls else None
    if workers is not None:
        service.taking = handing_on(workers, place.clusters)
    # The server stops in good order at these, and then raises them again for whoever handled them before.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)
    try:
        Server(config, lambda: ready(url), pokes.end).run(sockets=[listening])
    finally:
        listening.close()
        if workers is not None:
            workers.close()


def _modern(config: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    del config
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _listen(host: str, port: int) -> socket.socket:
    try:
        found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # Named, because the event loop sends at once only on sockets that say so themselves: otherwise the body of every answer
        # waits until the desk has acknowledged its head, which desks put off for 40 ms.
        listening = socket.socket(found[0][0], socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(found[0][4])
    except OSError as wrong:
        raise UnavailableError(f"Central cannot listen at {host} port {port} ({wrong.strerror or wrong}).") from wrong
    return listening
