"""What the database library reports, told apart: the world's faults get a text, everything else is a bug."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError

# Primary result codes (sqlite.org/rescode.html); the extended ones carry them in their low byte.
_BUSY: Final = 5
_LOCKED: Final = 6
_NOMEM: Final = 7
_READONLY: Final = 8
_IOERR: Final = 10
_CORRUPT: Final = 11
_FULL: Final = 13
_CANTOPEN: Final = 14
_PROTOCOL: Final = 15
_NOTADB: Final = 26

_IN_USE = (
    "The desk's file is in use by another program and could not be had in time. Nothing was recorded and nothing is lost. "
    "Close other programs that read the desk's folder, then try again."
)
_READ_ONLY = (
    "The desk's folder cannot be written to. Nothing was recorded, and what was recorded before is safe. "
    "Ask who looks after this computer to allow writing there, then try again."
)
_FULL_DISK = "The disk is full. Nothing was recorded, and what was recorded before is safe. Free some space, then try again."
_IO = (
    "The disk reported an error or is full. Nothing was recorded, and what was recorded before is safe. "
    "Free some space or check the disk, then try again."
)
_NO_MEMORY = (
    "This computer has run out of memory. Nothing was recorded, and what was recorded before is safe. "
    "Close other programs, then try again."
)
_DAMAGED = (
    "A page of the desk's file is damaged and cannot be read. Nothing was changed. Stop recording here, run "
    "access-desk verify to see what is whole, and restore the last backup."
)
_NOT_OPENED = (
    "The desk's file cannot be opened with the key of this desk: it is another desk's file, or it is damaged at its "
    "beginning. Nothing was changed, and no empty file was made in its place. Restore a backup, or enroll this desk again."
)

_TEXTS: Final[dict[int, str]] = {
    _BUSY: _IN_USE,
    _LOCKED: _IN_USE,
    _PROTOCOL: _IN_USE,
    _NOMEM: _NO_MEMORY,
    _READONLY: _READ_ONLY,
    _CANTOPEN: _READ_ONLY,
    _IOERR: _IO,
    _FULL: _FULL_DISK,
}
_DAMAGES: Final[dict[int, str]] = {_CORRUPT: _DAMAGED, _NOTADB: _DAMAGED}


def result_code(failure: BaseException) -> int:
    """Find the primary result code behind an exception of the library or of SQLAlchemy; 0 when there is none."""
    cause: object = failure.orig if isinstance(failure, DBAPIError) else failure
    code = getattr(cause, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def is_world_fault(failure: BaseException) -> bool:
    """Whether it came from outside the program, unlike a broken constraint or a wrong statement."""
    code = result_code(failure)
    return code in _TEXTS or code in _DAMAGES


def unavailable(failure: dbapi2.Error | DBAPIError, *, opening: bool = False) -> UnavailableError | None:
    """Put the world's fault into an error with a text; None when it is a bug of the program.

    Args:
        failure: what was raised.
        opening: the file is just being opened, so a page that cannot be read means its key or its beginning.
    """
    code = result_code(failure)
    if code in _DAMAGES:
        return DamagedDatabaseError(_NOT_OPENED if opening and code == _NOTADB else _DAMAGES[code])
    return UnavailableError(_TEXTS[code]) if code in _TEXTS else None
