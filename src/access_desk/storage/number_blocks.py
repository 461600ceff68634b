"""Taking record and account numbers from the desk's line, as far as central has lent it."""

from __future__ import annotations

from sqlalchemy import Connection

from access_desk.domain import numbering
from access_desk.domain.numbering import ACCOUNT, BLOCK_SIZE, LOST_AT_MOST, MRN, Block
from access_desk.storage.local_tables import begin_series, next_number, save_setting, setting
from access_desk.storage.search_rows import mrn_key


def lend(connection: Connection, facility_id: str, block: Block, stream_epoch: int) -> None:
    """Keep a block that central has lent; one that is here already stays as it is."""
    connection.exec_driver_sql(
        "INSERT INTO local_blocks (facility_id, name, block, stream_epoch, first, last) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (facility_id, block.series, block.block, stream_epoch, block.first, block.last),
    )


def lend_next(connection: Connection, facility_id: str, series: str, block: int, stream_epoch: int) -> None:
    """Keep a further block, which lies as far behind the last one as its number says."""
    row = connection.exec_driver_sql(
        "SELECT block, first FROM local_blocks WHERE facility_id = ? AND name = ? ORDER BY block DESC LIMIT 1",
        (facility_id, series),
    ).one()
    first = int(row[1]) + (block - int(row[0])) * BLOCK_SIZE
    lend(connection, facility_id, Block(series, block, first, first + BLOCK_SIZE - 1), stream_epoch)


def last_block(connection: Connection, facility_id: str, series: str) -> int | None:
    """The highest block that this desk was lent, in any epoch; None when it numbers without central."""
    found = connection.exec_driver_sql(
        "SELECT max(block) FROM local_blocks WHERE facility_id = ? AND name = ?", (facility_id, series)
    ).scalar_one()
    return None if found is None else int(found)


def numbers_left(connection: Connection, facility_id: str, series: str, stream_epoch: int) -> int | None:
    """How many numbers are left; None when nobody lends them, so that they do not end."""
    if last_block(connection, facility_id, series) is None:
        return None
    used = used_up_to(connection, facility_id, series)
    # Blocks of an earlier epoch may have been used since the backup that was restored.
    rows = connection.exec_driver_sql(
        "SELECT first, last FROM local_blocks WHERE facility_id = ? AND name = ? AND stream_epoch = ? AND last > ?",
        (facility_id, series, stream_epoch, used),
    ).all()
    return sum(int(last) - max(int(first) - 1, used) for first, last in rows)


def take_mrn(connection: Connection, facility_id: str, desk_number: int, stream_epoch: int) -> str | None:
    """The next record number; None when the desk's blocks are used up."""
    if last_block(connection, facility_id, MRN) is None:
        return f"{_next(connection, facility_id, MRN, desk_number, stream_epoch):08d}"
    used = used_up_to(connection, facility_id, MRN)
    row = connection.exec_driver_sql(
        "SELECT first FROM local_blocks WHERE facility_id = ? AND name = ? AND stream_epoch = ? AND last > ? "
        "ORDER BY first LIMIT 1",
        (facility_id, MRN, stream_epoch, used),
    ).first()
    if row is None:
        return None
    begin_series(connection, facility_id, MRN, max(int(row[0]), used + 1))
    count = next_number(connection, facility_id, MRN, numbering.FIRST[MRN])
    return f"{numbering.number_at(MRN, desk_number, count):08d}"


def take_free_mrn(connection: Connection, facility_id: str, desk_number: int, stream_epoch: int) -> str | None:
    """The next record number that nobody bears; None when the desk's blocks are used up.

    An index that was imported brings its own numbers, which may lie in the desk's line, one by one or all of them in a row.
    """
    passed = 1
    while (mrn := take_mrn(connection, facility_id, desk_number, stream_epoch)) is not None and _is_borne(
        connection, facility_id, mrn
    ):
        begin_series(connection, facility_id, MRN, used_up_to(connection, facility_id, MRN) + passed)
        passed = min(2 * passed, BLOCK_SIZE)
    return mrn


def _is_borne(connection: Connection, facility_id: str, mrn: str) -> bool:
    found = connection.exec_driver_sql(
        "SELECT 1 FROM patient_search WHERE facility_id = ? AND mrn_key != '' AND mrn_key = ? LIMIT 1",
        (facility_id, mrn_key(mrn)),
    )
    return found.first() is not None


def take_temporary_mrn(connection: Connection, facility_id: str, desk_number: int, stream_epoch: int) -> str:
    """A number that stands in."""
    count = next_number(connection, facility_id, f"temporary {stream_epoch}", 1)
    return numbering.temporary_mrn(desk_number, stream_epoch, count)


def take_account(connection: Connection, facility_id: str, desk_number: int, stream_epoch: int) -> str:
    """The next account number; a desk has its whole line of these."""
    return str(_next(connection, facility_id, ACCOUNT, desk_number, stream_epoch))


def _next(connection: Connection, facility_id: str, series: str, desk_number: int, stream_epoch: int) -> int:
    count = next_number(connection, facility_id, series, numbering.FIRST[series])
    name = f"{series} epoch"
    if stream_epoch > int(setting(connection, facility_id, name) or 1):
        save_setting(connection, facility_id, name, str(stream_epoch))
        begin_series(connection, facility_id, series, count + LOST_AT_MOST)
        count = next_number(connection, facility_id, series, numbering.FIRST[series])
    return numbering.number_at(series, desk_number, count)


def used_up_to(connection: Connection, facility_id: str, series: str) -> int:
    """The last count of a series that was given; 0 before the first."""
    row = connection.exec_driver_sql(
        "SELECT next FROM local_sequences WHERE facility_id = ? AND name = ?", (facility_id, series)
    ).first()
    return int(row[0]) if row else 0
