"""Whether every page of the desk's file is as it was written."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine
from sqlcipher3 import dbapi2

from access_desk.storage.engine import read_transaction
from access_desk.storage.faults import is_world_fault

MOST_PROBLEMS: Final = 100
# Each answers with one row a problem; `integrity_check` with a single `ok` when there is none.
_CHECKS: Final = (
    ("seal", "PRAGMA cipher_integrity_check"),
    ("structure", f"PRAGMA integrity_check({MOST_PROBLEMS})"),
    ("references", "PRAGMA foreign_key_check"),
)


def check_every_page(engine: Engine) -> list[str]:
    """Check the seal of every page, then the structure that the pages make.

    Returns:
        The problems found, the first hundred of each kind; empty when the file is whole.

    Raises:
        UnavailableError: the file cannot be read at all.
    """
    with read_transaction(engine) as connection:
        return check(connection.connection.dbapi_connection)


def check(driver: Any) -> list[str]:
    """Check through a connection of the driver; see :func:`check_every_page`."""
    problems: list[str] = []
    for kind, statement in _CHECKS:
        try:
            rows = driver.execute(statement).fetchmany(MOST_PROBLEMS)
        except dbapi2.DatabaseError as failure:
            if not is_world_fault(failure):
                raise
            rows = [(str(failure),)]
        found = [" ".join(str(part) for part in row) for row in rows]
        problems += [f"{kind}: {problem}" for problem in found if problem != "ok"]
    return problems
