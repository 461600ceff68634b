"""Bugs in the log, its clock and its tables."""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from access_desk.domain.cash_drawer.events import CustodyOpened
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.errors import UnavailableError
from access_desk.domain.events import Recorded
from access_desk.domain.patients.events import PatientAmended
from access_desk.domain.payments.events import PaymentReceived, PaymentVoided
from access_desk.protocol.stamps import Stamper
from access_desk.services import journal
from access_desk.services.journal import Journal
from access_desk.services.states import _EVOLVE
from access_desk.storage import caps, event_log, received
from access_desk.storage.engine import write_transaction
from access_desk.storage.event_log import Head
from access_desk.storage.local_tables import setting
from access_desk.storage.projections import money as money_rows
from tests.simulation.planted.planting import planted


@planted("a command is never looked up: every click is another one", (journal, "events_of_command"))
def every_click_is_new(real: Any) -> Any:
    del real
    return lambda connection, stream, command_id: []


@planted("an error at COMMIT is swallowed", (Journal, "_resolve"))
def commit_errors_are_swallowed(real: Any) -> Any:
    del real
    return lambda self, stored, failed: None


@planted("after an error at COMMIT people are told to try again, without a look", (Journal, "_resolve"))
def try_again(real: Any) -> Any:
    def wrong(self: Journal, stored: Any, failed: Any) -> None:
        with suppress(UnavailableError):
            real(self, stored, failed)
        self.cache.forget()
        self._open()
        raise UnavailableError("Try again.") from failed

    return wrong


@planted("a payment is said to be recorded before it is", (Journal, "perform"))
def said_before_it_is_durable(real: Any) -> Any:
    def wrong(self: Journal, by: Any, action: Any, decide: Any) -> Any:
        told: list[Any] = []
        keep = self._store

        def store(*given: Any) -> Any:
            stored = keep(*given)
            told[:] = [one.event for one in stored]
            return stored

        setattr(self, "_store", store)  # noqa: B010
        try:
            return real(self, by, action, decide)
        except UnavailableError:
            return list(told)
        finally:
            setattr(self, "_store", keep)  # noqa: B010

    return wrong


@planted("the chain goes on from the head that was read at the start", (Journal, "_commit_done"))
def stale_head(real: Any) -> Any:
    def wrong(self: Journal, stored: Any) -> None:
        before = self.head
        real(self, stored)
        if len(stored) > 1:
            self.head = Head(self.head.seq, before.hash)

    return wrong


@planted("the hash covers the envelope and not the amounts", (journal, "hash_of"), (received, "hash_of"))
def hash_of_ids(real: Any) -> Any:
    return lambda data: real(data.split(b'"body":')[0])


@planted("stamps are the wall clock", (Stamper, "stamp"))
def wall_clock_stamps(real: Any) -> Any:
    del real
    return lambda self, now: f"{int(now.timestamp() * 1000):013d}-00000-{self._desk_id}"


@planted("central's clock alone says what a stamp counts as", (caps, "capped"))
def order_of_centrals_clock(real: Any) -> Any:
    return lambda stamp, latest, behind, desk_id, desk_seq: real(stamp, latest, "", desk_id, desk_seq)


@planted("a desk does not stamp later than what it has received", (Stamper, "observe"))
def stamps_ignore_others(real: Any) -> Any:
    del real
    return lambda self, stamp: None


@planted("what is received is not folded into the states", (Journal, "take_in_others"), hours=12.0)
def stale_states(real: Any) -> Any:
    del real
    return lambda self, stamp: None


@planted("a void changes no table at the desk that made it", (event_log, "project"))
def voids_are_not_projected(real: Any) -> Any:
    return lambda event: [] if isinstance(event.body, PaymentVoided) else real(event)


@planted("two payments of one amount in a custody are one", (money_rows, "posting_rows"))
def equal_amounts_are_one(real: Any) -> Any:
    def wrong(event: Recorded, postings: Any) -> Any:
        seen: set[int] = set()
        kept = [one for one in postings if not (abs(one.amount.cents) in seen or seen.add(abs(one.amount.cents)))]  # type: ignore[func-returns-value]
        return real(event, tuple(kept)) if isinstance(event.body, PaymentReceived) else real(event, postings)

    return wrong


@planted("a field has the value that arrived last, not the one said last", (received, "project"))
def last_to_arrive(real: Any) -> Any:
    def wrong(event: Recorded) -> Any:
        late = replace(event, stamp="9" + event.stamp[1:]) if isinstance(event.body, PatientAmended) else event
        return real(late)

    return wrong


@planted("what cannot be projected is dropped without a word", (received, "project"))
def silently_dropped(real: Any) -> Any:
    numbers = itertools.count(1)
    return lambda event: [] if isinstance(event.body, PaymentReceived) and not next(numbers) % 7 else real(event)


@planted("the time that is stored is that of the wall clock", (journal, "encode"))
def local_time_is_stored(real: Any) -> Any:
    zone = ZoneInfo("America/Chicago")
    return lambda event, prev_hash: real(replace(event, recorded_at=event.recorded_at.astimezone(zone)), prev_hash)


@planted("it is winter all year: business dates leave daylight saving time out", (journal, "ZoneInfo"), hours=9.0)
def winter_all_year(real: Any) -> Any:
    del real
    return lambda key: timezone(timedelta(hours=-6))


@planted("what was not sent is cleared away when the program starts", (Journal, "_open"))
def unsent_is_cleared(real: Any) -> Any:
    def wrong(self: Journal) -> None:
        with write_transaction(self.engine) as connection:
            name = f"sync.acknowledged.{self.stream.desk_id}.{self.stream.epoch}"
            kept = setting(connection, self.facility_id, name)
            if kept:
                sql = "DELETE FROM events WHERE desk_id = ? AND desk_seq > ?"
                connection.exec_driver_sql(sql, (self.stream.desk_id, int(kept)))
        real(self)

    return wrong


@planted("payments that bear a time before their drawer was opened are left out", (_EVOLVE, CustodyState), hours=12.0)
def earlier_times_are_left_out(real: Any) -> Any:
    opened: dict[str, datetime] = {}

    def wrong(state: Any, event: Recorded) -> Any:
        if isinstance(event.body, CustodyOpened):
            opened[event.body.custody_id] = event.recorded_at
        if isinstance(event.body, PaymentReceived) and event.recorded_at < opened.get(event.subject_id, event.recorded_at):
            return replace(state, next_receipt=event.body.receipt_number + 1)
        return real(state, event)

    return wrong
