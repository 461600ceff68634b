"""The ways of tampering. Each changes something and says which event is the first that is not as it was; 0 when none is."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.storage.engine import Database, write_transaction
from access_desk.storage.event_log import Head, Stream
from access_desk.storage.handles import Connection
from access_desk.storage.replay import project_again
from access_desk.system.heads import HEADS_FILE, KeptHeads
from access_desk.system.home import Home
from access_desk.system.secrets import PRACTICE_FILE, SIGNING_KEY
from access_desk.system.signing import DeskSigner
from tests.tamper import rows
from tests.tamper.stage import CARD, FACILITY, NORTH, Base, opened

OnLog = Callable[[Connection, Base, random.Random], int]
OnHome = Callable[[Path, Base, random.Random], int]


def _signer(chance: random.Random) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))


def _money(connection: Connection) -> list[int]:
    return [row.desk_seq for row in rows.stream_of(connection, NORTH) if row.kind == "payment.received"]


# ---------------------------------------------------------------------------------- rows of the log, on either side


def flip_a_bit(connection: Connection, base: Base, chance: random.Random) -> int:
    """Of an event's bytes, hash or signature."""
    seq, column = chance.randint(1, base.last), chance.choice(("data", "hash", "signature"))
    row = rows.stream_of(connection, NORTH)[seq - 1]
    value = rows.flipped(getattr(row, column), chance)
    connection.exec_driver_sql(f"UPDATE events SET {column} = ? WHERE desk_id = ? AND desk_seq = ?", (value, NORTH, seq))  # noqa: S608
    return seq


def change_a_column(connection: Connection, base: Base, chance: random.Random) -> int:
    """What a row says beside its bytes."""
    seq, column = chance.randint(1, base.last), chance.choice(("kind", "command_id", "event_id"))
    connection.exec_driver_sql(f"UPDATE events SET {column} = ? WHERE desk_id = ? AND desk_seq = ?", ("another", NORTH, seq))  # noqa: S608
    return seq


def delete_an_event(connection: Connection, base: Base, chance: random.Random) -> int:
    """From the middle."""
    seq = chance.randint(1, base.last - 1)
    connection.exec_driver_sql("DELETE FROM events WHERE desk_id = ? AND desk_seq = ?", (NORTH, seq))
    return seq


def swap_two_events(connection: Connection, base: Base, chance: random.Random) -> int:
    """Each in the other's place."""
    one, other = sorted(chance.sample(range(1, base.last + 1), 2))
    log = rows.stream_of(connection, NORTH)
    log[one - 1], log[other - 1] = replace(log[other - 1], desk_seq=one), replace(log[one - 1], desk_seq=other)
    rows.put(connection, NORTH, log)
    return one


def more_money(connection: Connection, base: Base, chance: random.Random) -> int:
    """A payment is a dollar more, in its bytes."""
    seq = chance.choice(_money(connection))
    log = rows.stream_of(connection, NORTH)
    log[seq - 1] = rows.more_money(log[seq - 1])
    rows.put(connection, NORTH, log)
    return seq


def another_actor(connection: Connection, base: Base, chance: random.Random) -> int:
    """Somebody else did it."""
    seq = chance.randint(2, base.last)
    log = rows.stream_of(connection, NORTH)
    log[seq - 1] = rows.another_actor(log[seq - 1], "somebody")
    rows.put(connection, NORTH, log)
    return seq


def _recomputed(connection: Connection, chance: random.Random, key: Ed25519PrivateKey | None) -> int:
    seq = chance.choice(_money(connection))
    log = rows.stream_of(connection, NORTH)
    log[seq - 1] = rows.more_money(log[seq - 1])
    rows.put(connection, NORTH, rows.relinked(log, seq, key))
    return seq


def recompute_the_chain(connection: Connection, base: Base, chance: random.Random) -> int:
    """More money, every hash after it recomputed, the old signatures left."""
    return _recomputed(connection, chance, None)


def recompute_and_sign(connection: Connection, base: Base, chance: random.Random) -> int:
    """The same, signed with another key."""
    return _recomputed(connection, chance, _signer(chance))


def swap_the_key_in_the_log(connection: Connection, base: Base, chance: random.Random) -> int:
    """The whole stream under another key, which its first event names."""
    rows.put(connection, NORTH, rows.under_another_key(rows.stream_of(connection, NORTH), base.key, _signer(chance)))
    return 1


def change_what_is_shown(connection: Connection, base: Base, chance: random.Random) -> int:
    """A row of a table that screens and reports read; the log stays."""
    table = rows.some_table(connection, chance)
    connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    return 0


def more_money_on_screen(connection: Connection, base: Base, chance: random.Random) -> int:
    """Postings and payments by hand; the log stays."""
    table = chance.choice(("payments", "postings"))
    connection.exec_driver_sql(f"UPDATE {table} SET amount_cents = amount_cents + 1")  # noqa: S608
    return 0


def hide_a_payment(connection: Connection, base: Base, chance: random.Random) -> int:
    """It is marked as set aside, and the tables are made again without it."""
    seq = chance.choice(_money(connection))
    connection.exec_driver_sql(
        "INSERT INTO local_parked (facility_id, desk_id, stream_epoch, desk_seq, kind, reason) VALUES (?, ?, 1, ?, ?, ?)",
        (FACILITY, NORTH, seq, "payment.received", "IntegrityError"),
    )
    paid = json.loads(rows.stream_of(connection, NORTH)[seq - 1].data)
    connection.exec_driver_sql("DELETE FROM postings WHERE event_id = ?", (paid["event_id"],))
    payment_id = paid["body"]["payment_id"]
    for table in ("payments", "payment_lines", "payment_tenders"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE payment_id = ?", (payment_id,))  # noqa: S608
    connection.exec_driver_sql("DELETE FROM event_subjects WHERE desk_id = ? AND desk_seq = ?", (NORTH, seq))
    return seq


def change_what_an_event_names(connection: Connection, base: Base, chance: random.Random) -> int:
    """Large content, such as the picture of a card."""
    log = rows.stream_of(connection, NORTH)
    seq = next(row.desk_seq for row in log if row.kind == "coverage.card_kept")
    if chance.random() < 0.5:
        connection.exec_driver_sql("UPDATE blobs SET content = ?", (rows.flipped(CARD, chance),))
    else:
        connection.exec_driver_sql("DELETE FROM blobs")
    return seq


def empty_an_event(connection: Connection, base: Base, chance: random.Random) -> int:
    """As if its details had been let go, with the rows that it made."""
    seq = chance.choice(_money(connection))
    connection.exec_driver_sql("UPDATE events SET data = ? WHERE desk_id = ? AND desk_seq = ?", (b"", NORTH, seq))
    project_again(connection)
    return seq


ON_LOG: tuple[OnLog, ...] = (
    flip_a_bit,
    change_a_column,
    delete_an_event,
    swap_two_events,
    more_money,
    another_actor,
    recompute_the_chain,
    recompute_and_sign,
    swap_the_key_in_the_log,
    change_what_is_shown,
    more_money_on_screen,
    hide_a_payment,
    change_what_an_event_names,
    empty_an_event,
)


# ---------------------------------------------------------------------------------- a desk's folder


def cut_the_end_off(home: Path, base: Base, chance: random.Random) -> int:
    """The last events, and all that they did to the tables."""
    end = chance.randint(1, base.last - 1)
    with opened(home) as files, write_transaction(files.database) as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE desk_id = ? AND desk_seq > ?", (NORTH, end))
        project_again(connection)
    return end + 1


def cut_off_and_forget(home: Path, base: Base, chance: random.Random) -> int:
    """The same, and the heads that were kept beside the file are gone too."""
    (home / HEADS_FILE).unlink()
    return cut_the_end_off(home, base, chance)


def put_an_old_copy_back(home: Path, base: Base, chance: random.Random) -> int:
    """Of the file alone."""
    shutil.copy(base.middle / "desk.db", home / "desk.db")
    return base.early + 1


def put_the_old_folder_back(home: Path, base: Base, chance: random.Random) -> int:
    """Of the whole folder: everything on this computer agrees."""
    shutil.copytree(base.middle, home, dirs_exist_ok=True)
    return base.early + 1


def delete_the_wal(home: Path, base: Base, chance: random.Random) -> int:
    """Of a program that was killed: what was not folded into the file is gone."""
    shutil.copytree(base.live, home, dirs_exist_ok=True)
    for name in ("desk.db-wal", "desk.db-shm"):
        (home / name).unlink(missing_ok=True)
    return base.early + 1


def swap_all_keys_at_once(home: Path, base: Base, chance: random.Random) -> int:
    """Stream, secrets and kept heads under another key: everything on this computer agrees."""
    raw = chance.randbytes(32)
    key = Ed25519PrivateKey.from_private_bytes(raw)
    with opened(home) as files, write_transaction(files.database) as connection:
        changed = rows.under_another_key(rows.stream_of(connection, NORTH), base.key, key)
        rows.put(connection, NORTH, changed)
        project_again(connection)
    path = home / PRACTICE_FILE
    kept = json.loads(path.read_bytes())
    kept["secrets"][SIGNING_KEY] = raw.hex()
    path.write_text(json.dumps(kept))
    (home / HEADS_FILE).unlink()
    KeptHeads(home).keep(Stream(FACILITY, NORTH), Head(base.last, changed[-1].hash.hex()), DeskSigner(key))
    return 1


def rewrite_with_its_own_key(home: Path, base: Base, chance: random.Random) -> int:
    """By somebody who has the desk's key: more money, and everything after it made anew."""
    with opened(home) as files, write_transaction(files.database) as connection:
        seq = chance.choice(_money(connection))
        log = rows.stream_of(connection, NORTH)
        log[seq - 1] = rows.another_actor(log[seq - 1], "somebody")
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(_secret(home)))
        changed = rows.relinked(log, seq, key)
        rows.put(connection, NORTH, changed)
        project_again(connection)
        (home / HEADS_FILE).unlink()
        KeptHeads(home).keep(Stream(FACILITY, NORTH), Head(base.last, changed[-1].hash.hex()), files.signer)
    return seq


def _secret(home: Path) -> str:
    return str(json.loads((home / PRACTICE_FILE).read_bytes())["secrets"][SIGNING_KEY])


def forge_the_heads(home: Path, base: Base, chance: random.Random) -> int:
    """The heads that were kept beside the file say something else."""
    heads = json.loads((home / HEADS_FILE).read_bytes())
    for one in heads["heads"].values():
        one["seq"] = chance.randint(1, base.last - 1)
    (home / HEADS_FILE).write_text(json.dumps(heads))
    return 0


def flip_a_byte_of_the_file(home: Path, base: Base, chance: random.Random) -> int:
    """Without any key."""
    path = home / "desk.db"
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))
    return 0


def change_another_desks_event(home: Path, base: Base, chance: random.Random) -> int:
    """What came from the south desk, with the chain recomputed under a key that its first event here names."""
    with opened(home) as files, write_transaction(files.database) as connection:
        key = _signer(chance)
        rows.put(connection, "south", rows.under_another_key(rows.stream_of(connection, "south"), base.south.public_key, key))
        project_again(connection)
    return 1


def drop_another_desks_end(home: Path, base: Base, chance: random.Random) -> int:
    """What came last from the south desk."""
    with opened(home) as files, write_transaction(files.database) as connection:
        last = rows.stream_of(connection, "south")[-1].desk_seq
        end = chance.randint(0, last - 1)
        connection.exec_driver_sql("DELETE FROM events WHERE desk_id = 'south' AND desk_seq > ?", (end,))
        project_again(connection)
    return end + 1


def empty_another_desks_event(home: Path, base: Base, chance: random.Random) -> int:
    """Of the south desk, without a rule that lets its details go."""
    with opened(home) as files, write_transaction(files.database) as connection:
        seq = chance.choice(rows.stream_of(connection, "south")).desk_seq
        connection.exec_driver_sql("UPDATE events SET data = ? WHERE desk_id = 'south' AND desk_seq = ?", (b"", seq))
        project_again(connection)
    return seq


ON_HOME: tuple[OnHome, ...] = (
    cut_the_end_off,
    cut_off_and_forget,
    put_an_old_copy_back,
    put_the_old_folder_back,
    delete_the_wal,
    swap_all_keys_at_once,
    rewrite_with_its_own_key,
    forge_the_heads,
    flip_a_byte_of_the_file,
    change_another_desks_event,
    drop_another_desks_end,
    empty_another_desks_event,
)


# ---------------------------------------------------------------------------------- central


def drop_a_feed_row(connection: Connection, base: Base, chance: random.Random) -> int:
    """An event stays and nobody is told of it."""
    seq = chance.randint(1, base.last)
    connection.exec_driver_sql("DELETE FROM central_feed WHERE desk_id = ? AND desk_seq = ?", (NORTH, seq))
    return seq


def swap_two_positions(connection: Connection, base: Base, chance: random.Random) -> int:
    """Of the feed."""
    one, other = sorted(chance.sample(range(1, base.last + 1), 2))
    for was, now in ((one, -1), (other, one), (-1, other)):
        connection.exec_driver_sql(
            "UPDATE central_feed SET position = ? WHERE facility_id = ? AND position = ?", (now, FACILITY, was)
        )
    return 0


def move_the_head(connection: Connection, base: Base, chance: random.Random) -> int:
    """The feed ends somewhere else."""
    connection.exec_driver_sql("UPDATE central_heads SET position = position - 1 WHERE facility_id = ?", (FACILITY,))
    return 0


def drop_the_flags(connection: Connection, base: Base, chance: random.Random) -> int:
    """As if nothing stood out."""
    assert connection.exec_driver_sql("SELECT count(*) FROM central_flags").scalar_one()
    connection.exec_driver_sql("DELETE FROM central_flags")
    return 0


def cut_a_stream_off(connection: Connection, base: Base, chance: random.Random) -> int:
    """A desk's last events, their tables and their places in the feed; nothing in central contradicts it."""
    end = chance.randint(base.early, base.last - 1)
    rows.forget(connection, NORTH, end)
    project_again(connection)
    return end + 1


def rewrite_under_another_key(connection: Connection, base: Base, chance: random.Random) -> int:
    """A desk's whole stream, its key where it was enrolled, the feed: nothing in central contradicts it."""
    key = _signer(chance)
    rows.put(connection, NORTH, rows.under_another_key(rows.stream_of(connection, NORTH), base.key, key))
    name = key.public_key().public_bytes_raw().hex()
    connection.exec_driver_sql("UPDATE central_desks SET public_key = ? WHERE desk_id = ?", (name, NORTH))
    rows.feed_again(connection)
    project_again(connection)
    return 1


ON_CENTRAL: tuple[OnLog, ...] = (
    *ON_LOG,
    drop_a_feed_row,
    swap_two_positions,
    move_the_head,
    drop_the_flags,
    cut_a_stream_off,
    rewrite_under_another_key,
)


def on_the_file(way: OnLog) -> OnHome:
    """A way of tampering with rows, done in a desk's folder by somebody who has its key."""

    def done(home: Path, base: Base, chance: random.Random) -> int:
        with opened(home) as files, write_transaction(files.database) as connection:
            return way(connection, base, chance)

    done.__name__ = way.__name__
    return done


def in_database(database: Database, way: OnLog, base: Base, chance: random.Random) -> int:
    """The same at central."""
    with write_transaction(database) as connection:
        return way(connection, base, chance)


Homes = tuple[OnHome, ...]
ON_DESK: Homes = (*(on_the_file(one) for one in ON_LOG), *ON_HOME)
__all__ = ["ON_CENTRAL", "ON_DESK", "Home", "in_database"]
