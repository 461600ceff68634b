"""A desk keeps its key in every epoch: whoever carries events cannot begin another stream of it under a key of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.facility.events import DeskEnrolled
from access_desk.protocol.chain import GENESIS, hash_of
from access_desk.protocol.encoding import decode, encode
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import Stream, every_row
from access_desk.storage.received import Arrived, Flaw, RejectedEventError, take_in
from tests.central.centrals import a_central, drive, round_of
from tests.desks import TestDesk, a_desk


def beginning(desk: TestDesk, signer: Ed25519PrivateKey) -> Arrived:
    """A second epoch of a desk's begins, signed with this key."""
    with read_transaction(desk.desk.journal.engine) as connection:
        first = decode(next(every_row(connection)).data)[0]
    assert isinstance(first.body, DeskEnrolled)
    body = replace(first.body, public_key=signer.public_key().public_bytes_raw().hex())
    data = encode(replace(first, stream_epoch=2, event_id="again", body=body), GENESIS)
    return Arrived(data, signer.sign(hash_of(data)))


def test_a_stream_under_another_key_is_not_taken_in() -> None:
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central()
        for desk in (north, south):
            central.enroll(desk)
        for desk in (north, south):
            drive(round_of(desk).run(), central.ask)
        database, again = south.desk.journal.engine, Stream("F", "north", 2)
        forged = beginning(north, Ed25519PrivateKey.generate())
        with pytest.raises(RejectedEventError) as refused, write_transaction(database) as connection:
            take_in(connection, again, [forged], None)
        assert refused.value.flaw is Flaw.GENESIS
        with write_transaction(database) as connection:
            assert take_in(connection, again, [beginning(north, north.signer)], None).stored
