"""Figures for Prometheus: what is counted, and that nothing that anybody typed is in them."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from tests.central.centrals import drive, round_of
from tests.central.doors import a_door, events_of
from tests.desks import a_desk

ROUTE = "/v1/streams/{facility}/{desk}/{epoch}/events"


def test_a_round_is_counted_by_route_and_its_events_once() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        assert door.figure("access_desk_desks_with_session") == 0
        for _ in range(2):
            drive(round_of(desk).run(), door.ask)
        assert door.figure("access_desk_events_taken_in_total") == desk.desk.journal.head.seq > 0
        assert door.figure("access_desk_desks_with_session") == 1
        assert door.figure(f'access_desk_requests_total{{method="POST",route="{ROUTE}",status="200"}}') == 1
        assert door.figure(f'access_desk_request_seconds_count{{method="POST",route="{ROUTE}"}}') == 1
        door.central.seconds += 601
        assert door.figure("access_desk_desks_with_session") == 0


def test_a_rejected_batch_is_counted_by_its_code() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        token, events = door.session(desk), events_of(desk)
        assert door.send(b"{}", token).status == 400
        assert door.push(events[3:], token).status == 409
        assert door.push(events, "nobody's").status == 401
        for code in ("malformed", "sequence", "session"):
            assert door.figure(f'access_desk_batches_rejected_total{{code="{code}"}}') == 1
        assert door.figure("access_desk_events_taken_in_total") == 0


def test_nothing_that_was_asked_for_becomes_a_label() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        drive(round_of(desk).run(), door.ask)
        for method, path in (("GET", "/Dolores-Sample"), ("PURGE", "/v1/central"), ("GET", "/v1/facilities/Sample/sanity")):
            door.client.request(method, path)
        text = door.client.get("/metrics").text
        labels = {
            value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            for name, value in sample.labels.items()
            if name in {"route", "method", "code", "error"}
        }
        assert {"other", "/v1/facilities/{facility}/sanity"} <= labels
        assert not re.search("Sample|PURGE|north", text)
