"""A fleet of desks that were away: one desk's outage is recorded once, and given to every desk of the fleet under its own
names, chained and signed with its own key."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from access_desk.protocol import messages as wire
from access_desk.protocol.chain import GENESIS, hash_of
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import every_row
from tests.desks import a_desk

_FACILITY, _DESK = "F", "desk"


@dataclass(frozen=True)
class Away:
    """A desk that comes back: whose it is, its key, and its events as they are sent, oldest first."""

    facility_id: str
    desk_id: str
    signer: Ed25519PrivateKey
    events: tuple[wire.WireEvent, ...]
    head: str

    @property
    def public_key(self) -> str:
        return self.signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def batches(self, most: int = wire.MOST_EVENTS) -> list[bytes]:
        """Its events as bodies of requests."""
        return [
            wire.to_bytes(wire.Push(wire.PROTOCOL, list(self.events[at : at + most]))) for at in range(0, len(self.events), most)
        ]


@dataclass(frozen=True)
class Outage:
    """What one desk recorded while it was away."""

    recorded: tuple[bytes, ...]
    public_key: str
    desk_id: str = _DESK

    def of(self, facility_id: str, desk_id: str, signer: Ed25519PrivateKey | None = None) -> Away:
        """The same, as another desk in another facility would have recorded it."""
        signer = signer or Ed25519PrivateKey.generate()
        key = signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        events: list[wire.WireEvent] = []
        before, now = GENESIS, GENESIS
        for data in self.recorded:
            renamed = (
                data.replace(f'"facility_id":"{_FACILITY}"'.encode(), f'"facility_id":"{facility_id}"'.encode())
                .replace(f'"desk_id":"{self.desk_id}"'.encode(), f'"desk_id":"{desk_id}"'.encode())
                .replace(f'"subject_id":"{_FACILITY}"'.encode(), f'"subject_id":"{facility_id}"'.encode())
                .replace(self.public_key.encode(), key.encode())
                .replace(before.encode(), now.encode(), 1)
            )
            before, now = hash_of(data).hex(), hash_of(renamed).hex()
            events.append(wire.WireEvent(msgspec.Raw(renamed), signer.sign(bytes.fromhex(now)).hex()))
        return Away(facility_id, desk_id, signer, tuple(events), now)


def outage(events: int, desk_id: str = _DESK, number: int = 1) -> Outage:
    """A desk without a network: a drawer is opened, then patients are registered and pay, until there are enough events.

    Desks of one facility need a name and a number each, so that their ids and numbers are their own.
    """
    with a_desk(desk_id, number) as desk:
        desk.open()
        people = 0
        while desk.desk.journal.head.seq < events:
            people += 1
            desk.pay(desk.register(family=f"Whitlock{people}", given="Grace"), 2_500)
        with read_transaction(desk.desk.journal.engine) as connection:
            recorded = tuple(bytes(row.data) for row in every_row(connection))
        return Outage(recorded[:events], desk.public_key, desk_id)
