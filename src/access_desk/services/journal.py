"""The journal: the one way in which anything is recorded at a desk.

A command is looked up first (it may have been carried out before), then decided on the states of the same transaction,
then appended with its projections. A refusal is recorded too, in a transaction of its own, after the first was rolled
back. An error at COMMIT means *unknown*: the event is looked up on a fresh connection before anybody is told anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

from access_desk.domain.cash_drawer.decide import Acting
from access_desk.domain.errors import DeskError, Refusal, UnavailableError, UnknownOutcomeError
from access_desk.domain.events import Fact, Recorded, kind_of, version_of
from access_desk.domain.facility.events import ActionRefused, DrawerLeased, NoteAdded, SignedIn
from access_desk.domain.permissions import Action
from access_desk.domain.ports import Clock, IdSource, Signer
from access_desk.protocol.chain import hash_of
from access_desk.protocol.encoding import encode
from access_desk.protocol.stamps import Stamper
from access_desk.services.pins import PinJudge, PinKeeper
from access_desk.services.states import StateCache, States
from access_desk.storage.engine import CommitFailed, read_transaction, write_transaction
from access_desk.storage.event_log import (
    Head,
    StoredEvent,
    Stream,
    append,
    events_of_command,
    head_of,
    is_recorded,
    last_stamp,
)
from access_desk.storage.handles import Connection, Engine

SYSTEM_ACTOR = "system"


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, under which idempotency key; the same key is never carried out twice."""

    actor_id: str
    command_id: str
    note: str = ""


@dataclass(slots=True)
class Unit:
    """One transaction's view: the states, who acts, what time it is at the facility, and ids derived from the command."""

    states: States
    acting: Acting
    now: datetime
    command_id: str
    desk_id: str
    _made: dict[str, int] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.states.connection

    @property
    def today(self) -> date:
        """The local date at the facility."""
        return self.acting.local.date()

    def derived_id(self, what: str) -> str:
        """An id for something this command makes: the same command at this desk always makes the same one."""
        return made_id(self.desk_id, self.command_id, what)


def made_id(desk_id: str, command_id: str, what: str) -> str:
    """The id of what a command makes at a desk."""
    return derived_id(f"{desk_id} {command_id}", what)


def derived_id(command_id: str, what: str) -> str:
    """A 32-digit id from a command and what it makes."""
    return sha256(f"{command_id}/{what}".encode()).hexdigest()[:32]


_Answer = TypeVar("_Answer")
Decide = Callable[[Unit], Sequence[Fact]]


class Journal:
    """Records what happens at one desk for one facility."""

    def __init__(self, engine: Engine, stream: Stream, clock: Clock, ids: IdSource, signer: Signer, pins: PinKeeper) -> None:
        self.engine = engine
        self.stream = stream
        self.clock = clock
        self.ids = ids
        self.pins = pins
        self.cache = StateCache(stream.facility_id)
        self.signed_in: str | None = None
        # Told after something was recorded here, such as a synchronization that should carry it away.
        self.recorded: Callable[[], object] = lambda: None
        # How far this clock was ahead of central's at the last contact: stamps are made without it, times are not changed.
        self.ahead = timedelta(0)
        self._signer = signer
        self._lock = threading.RLock()
        self._open()

    def _open(self) -> None:
        with read_transaction(self.engine) as connection:
            self.head = head_of(connection, self.stream)
            self._stamper = Stamper(self.stream.desk_id, last_stamp(connection, self.stream.facility_id, self.stream.desk_id))

    @property
    def facility_id(self) -> str:
        """The facility this journal records for."""
        return self.stream.facility_id

    def perform(self, by: By, action: Action, decide: Decide) -> list[Recorded]:
        """Carry out a command once.

        Returns:
            The events it made, now or when it was carried out before.

        Raises:
            DeskError: the command was refused, now or before; the refusal is in the log.
            UnavailableError: it was not recorded. UnknownOutcomeError: that could not be found out.
        """
        with self._lock:
            judge = PinJudge(self.pins, self.facility_id, self.clock.now())
            stored: list[StoredEvent] = []
            before: list[Recorded] = []
            try:
                with write_transaction(self.engine) as connection:
                    before = events_of_command(connection, self.stream, by.command_id)
                    if before:
                        return _as_before(before)
                    states = States(connection, self.cache)
                    judge.connection = connection
                    unit = self._unit(states, by, judge)
                    decided = decide(unit)
                    self._check_leases(states, decided)
                    facts = [*self._sign_in_first(by), *_with_note(decided, by.note)]
                    judge.write()
                    stored = self._store(connection, by, facts, states)
            except DeskError as refusal:
                self._record_refusal(by, action, refusal, judge)
                raise
            except CommitFailed as failed:
                if before:
                    # Nothing was written: what an earlier time recorded stands, whatever became of this transaction.
                    return _as_before(before)
                self._resolve(stored, failed)
            self._commit_done(stored)
            return [one.event for one in stored]

    def refuse(self, by: By, action: Action, refusal: DeskError) -> None:
        """Keep a refusal that was found before anything was looked up, such as an amount that cannot be read."""
        with self._lock:
            self._record_refusal(by, action, refusal, PinJudge(self.pins, self.facility_id, self.clock.now()))

    def record_wrong_pin(self, person_id: str, purpose: str) -> None:
        """Keep in the audit trail that a wrong PIN was typed for a person."""
        body = ActionRefused(purpose, Refusal.PIN_WRONG.value, "The PIN does not match, or was wrong too often.")
        self.record(person_id, [Fact(person_id, body)])

    def record(self, actor_id: str, facts: Sequence[Fact], command_id: str | None = None) -> list[Recorded]:
        """Record facts that need no decision, such as a sign-in or a printed paper."""
        return self.record_made(actor_id, lambda _: facts, command_id)

    def record_made(
        self, actor_id: str, make: Callable[[Connection], Sequence[Fact]], command_id: str | None = None
    ) -> list[Recorded]:
        """Record facts that are made inside the transaction, such as those that name content kept in it."""
        with self._lock:
            by = By(actor_id, command_id or "")
            stored: list[StoredEvent] = []
            try:
                with write_transaction(self.engine) as connection:
                    states = States(connection, self.cache)
                    stored = self._store(connection, by, make(connection), states)
            except CommitFailed as failed:
                self._resolve(stored, failed)
            self._commit_done(stored)
            return [one.event for one in stored]

    def read(self, question: Callable[[States], _Answer]) -> _Answer:
        """Ask something of one consistent view of the desk."""
        with self._lock, read_transaction(self.engine) as connection:
            return question(States(connection, self.cache))

    def today(self) -> date:
        """The local date at the facility."""
        return self.read(lambda states: self.local_now(states).date())

    def local_now(self, states: States) -> datetime:
        """The facility's wall clock."""
        return self.clock.now().astimezone(ZoneInfo(states.facility().timezone))

    def _unit(self, states: States, by: By, judge: PinJudge) -> Unit:
        person = states.facility().person(by.actor_id)
        now = self.clock.now()
        local = now.astimezone(ZoneInfo(states.facility().timezone))
        return Unit(states, Acting(person, local, judge), now, by.command_id, self.stream.desk_id)

    def _sign_in_first(self, by: By) -> list[Fact]:
        if by.actor_id in (self.signed_in, SYSTEM_ACTOR):
            return []
        return [Fact(by.actor_id, SignedIn(by.actor_id))]

    def _check_leases(self, states: States, facts: Sequence[Fact]) -> None:
        """Raises ``not_permitted`` when money would move in another desk's drawer: each has one desk that writes it."""
        drawers = states.facility().drawers
        for fact in facts:
            drawer = drawers.get(getattr(fact.body, "drawer_id", ""))
            if isinstance(fact.body, DrawerLeased):
                continue
            if drawer is not None and drawer.desk_id != self.stream.desk_id:
                text = f"Drawer {drawer.key} belongs to another desk, {drawer.desk_label}. Use it there. Nothing was recorded."
                raise DeskError(Refusal.NOT_PERMITTED, text)

    def take_in_others(self, stamp: str) -> None:
        """Events of other desks are in the file now, the latest with that stamp: states are folded again when asked for.

        A blank stamp says that some that were there count otherwise now: their stamps lay in the future.
        """
        with self._lock:
            self.cache.forget()
            self._stamper.observe(stamp)

    def _store(self, connection: Connection, by: By, facts: Sequence[Fact], states: States) -> list[StoredEvent]:
        now = self.clock.now()
        facility = states.facility()
        business_date = facility.policy.business_date_at(now.astimezone(ZoneInfo(facility.timezone)))
        head = self.head
        stored: list[StoredEvent] = []
        for fact in facts:
            kind = kind_of(fact.body)
            event = Recorded(
                self.ids.new_id(),
                self.stream.facility_id,
                self.stream.desk_id,
                self.stream.epoch,
                head.seq + 1,
                now,
                self._stamper.stamp(now - self.ahead),
                business_date,
                by.actor_id,
                fact.approver_id,
                by.command_id or None,
                kind,
                version_of(kind),
                fact.subject_id,
                fact.also,
                fact.body,
            )
            data = encode(event, head.hash)
            digest = hash_of(data)
            # Every one, not only those of money: an edited event under a recomputed chain is then named itself.
            stored.append(StoredEvent(event, data, digest, self._signer.sign(digest)))
            head = Head(event.desk_seq, digest.hex())
        append(connection, stored)
        return stored

    def _commit_done(self, stored: list[StoredEvent]) -> None:
        if not stored:
            return
        self.head = Head(stored[-1].event.desk_seq, stored[-1].hash.hex())
        events = [one.event for one in stored]
        self.cache.take_in(events)
        self.recorded()
        for event in events:
            if isinstance(event.body, SignedIn):
                self.signed_in = event.body.person_id

    def _record_refusal(self, by: By, action: Action, refusal: DeskError, judge: PinJudge) -> None:
        """Keep the refusal in the audit trail, and wrong-PIN counters with it."""
        body = ActionRefused(action.value, refusal.code.value, refusal.text)
        facts = [*self._sign_in_first(by), Fact(by.actor_id, body)]
        stored: list[StoredEvent] = []
        try:
            with write_transaction(self.engine) as connection:
                judge.connection = connection
                judge.write()
                if events_of_command(connection, self.stream, by.command_id):
                    return
                stored = self._store(connection, by, facts, States(connection, self.cache))
        except CommitFailed as failed:
            self._resolve(stored, failed)
        self._commit_done(stored)

    def _resolve(self, stored: list[StoredEvent], failed: CommitFailed) -> None:
        """After an error at COMMIT: return when the events are in the log after all, else say what is true."""
        self.cache.forget()
        try:
            with read_transaction(self.engine) as connection:
                recorded = all(is_recorded(connection, self.facility_id, one.event.event_id) for one in stored)
        except UnavailableError as unknown:
            raise UnknownOutcomeError(
                "The disk reported an error while saving, and the desk cannot find out whether this was recorded. "
                "Do not enter it again. Start the program again: it will show what was recorded."
            ) from unknown
        if not recorded:
            self._open()
            raise UnavailableError(
                "This was not recorded: the disk reported an error while saving. Nothing has changed and nothing is "
                "lost. Free some space or check the disk, then try again."
            ) from failed


def _with_note(facts: Sequence[Fact], note: str) -> list[Fact]:
    if not note or not facts:
        return list(facts)
    return [*facts, Fact(facts[0].subject_id, NoteAdded(note))]


def _as_before(events: list[Recorded]) -> list[Recorded]:
    for event in events:
        if isinstance(event.body, ActionRefused):
            raise event.body.as_error()
    return events
