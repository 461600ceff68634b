"""What a central needs that was put back from a backup: to give nothing a second time."""

from __future__ import annotations

from typing import Final

from access_desk.storage.handles import Connection

# More desks than are enrolled between two backups. Numbers are not many, because record numbers of all desks are laid out
# by them.
PASSED_OVER: Final = 20


def pass_over_numbers(connection: Connection, now: str) -> int:
    """Leave the next desk numbers unused; the last of them.

    A desk that was enrolled after the backup is not known any more, and its number stands on receipts. What is passed over
    is a revoked desk of no facility, so that the list of desks says it.
    """
    highest = connection.exec_driver_sql("SELECT coalesce(max(number), 0) FROM central_desks").scalar_one()
    number = int(highest) + PASSED_OVER
    connection.exec_driver_sql(
        "INSERT INTO central_desks (facility_id, desk_id, number, label, public_key, enrolled_at, revoked_at) "
        "VALUES ('', ?, ?, ?, '', ?, ?)",
        (f"passed-over-{number}", number, f"numbers {highest + 1} to {number} passed over at a restore", now, now),
    )
    return number
