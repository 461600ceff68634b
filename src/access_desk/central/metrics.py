"""Figures for Prometheus. Labels are routes, methods, statuses and codes of the program: nothing that anybody typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from access_desk.central.observed import Answered

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PUSH_ROUTE: Final = "/v1/streams/{facility}/{desk}/{epoch}/events"
_REFUSED: Final = 400
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class CentralMetrics:
    """Counts of one central since it was started, in a registry of its own."""

    def __init__(self, sessions: Callable[[], int]) -> None:
        """``sessions`` says how many desks have an open session."""
        self._registry = CollectorRegistry()
        of_route = ("method", "route")
        self._requests = Counter(
            "access_desk_requests_total", "Requests answered.", (*of_route, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "access_desk_request_seconds", "Seconds to an answer.", of_route, buckets=_SECONDS, registry=self._registry
        )
        self._events = Counter("access_desk_events_taken_in_total", "Events that were stored.", registry=self._registry)
        self._batches = Counter(
            "access_desk_batches_rejected_total", "Batches of which nothing was stored.", ("code",), registry=self._registry
        )
        self._faults = Counter(
            "access_desk_faults_total", "Requests that failed for a reason nobody expected.", ("error",), registry=self._registry
        )
        self._ends = Gauge(
            "access_desk_certificate_ends_seconds", "When the served certificate ends, as Unix time.", registry=self._registry
        )
        Gauge("access_desk_desks_with_session", "Desks that have an open session.", registry=self._registry).set_function(
            sessions
        )
        ProcessCollector(registry=self._registry)

    def hear(self, answered: Answered) -> None:
        """Count an answer."""
        self._requests.labels(answered.method, answered.route, str(answered.status)).inc()
        self._seconds.labels(answered.method, answered.route).observe(answered.seconds)
        if answered.route == PUSH_ROUTE and answered.status >= _REFUSED:
            self._batches.labels(answered.code or ("fault" if answered.fault else "cut_off")).inc()
        if answered.fault is not None:
            self._faults.labels(type(answered.fault).__name__).inc()

    def taken_in(self, events: int) -> None:
        """Count events that were stored."""
        self._events.inc(events)

    def listening(self, streams: Callable[[], int]) -> None:
        """``streams`` says how many desks hold a stream of pokes open."""
        Gauge("access_desk_desks_listening", "Desks that hold a stream open.", registry=self._registry).set_function(streams)

    def certificate_ends(self, unix_seconds: float) -> None:
        """Say when the served certificate ends."""
        self._ends.set(unix_seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
