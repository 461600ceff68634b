"""Where central lives: its database, the database's key, its certificates, and whether it is for practice.

::

    central.json     what it is; nothing secret
    central.db       its database, encrypted; not there when it is on PostgreSQL, whose URL is given at every start
    central.key      the database's key, readable by its owner only
    pins.key         what every desk mixes into PINs; without it no PIN that was set fits at a desk that enrolls later
    authority.*      its certificate authority, made on first start
    served.*         the certificate it serves with, renewed when it is about to end
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from access_desk.central.authority import Certificates, certificates
from access_desk.central.given import Given
from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock
from access_desk.storage.central_log import make_central_tables
from access_desk.storage.durable_files import write_private
from access_desk.storage.engine import KEY_BYTES, Database, open_database
from access_desk.storage.migrate import bring_up_to_date, finish_making, make_database
from access_desk.storage.postgres import open_postgres

FORMAT: Final = "access-desk.central/1"
_SERVER: Final = "postgresql"


@dataclass(frozen=True, slots=True)
class CentralPlace:
    """An opened central."""

    folder: Path
    database: Database
    certificates: Certificates
    practice: bool
    pepper: bytes

    def close(self) -> None:
        """Close the database."""
        self.database.dispose()


def folder_of(home: Path, url: str | None) -> Path:
    """Where central's own files live: around the database file that a URL names, else in the home.

    Raises:
        ValueError: the URL names neither an SQLite file nor PostgreSQL.
    """
    if url is None or is_on_server(url):
        return (home / "central").absolute()
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise ValueError("a URL like sqlite:///var/lib/access-desk/central.db or postgresql://host/database is needed")
    path = Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path))
    if path.name != "central.db":
        raise ValueError("the file has to be called central.db: its keys and certificates lie beside it")
    return path.parent.absolute()


def is_on_server(url: str | None) -> bool:
    """Whether a URL names PostgreSQL."""
    return url is not None and urlsplit(url).scheme in ("postgresql", "postgres")


def open_central(
    folder: Path, clock: Clock, *, make: bool, practice: bool = False, url: str | None = None, given: Given | None = None
) -> CentralPlace:
    """Open central, or make a new one; its database is in the folder unless ``url`` names PostgreSQL.

    It serves with the certificate that was ``given``, else with one that it makes.

    Raises:
        UnavailableError: there is none, or it cannot be read, or it is of the other sort.
    """
    about = folder / "central.json"
    server = is_on_server(url)
    if not about.exists():
        if not make:
            raise UnavailableError(f"There is no central in {folder}. Start one with access-desk central serve.")
        _make(folder, practice=practice, server=server)
    found = _about(about)
    if found.server != server:
        wanted = "on PostgreSQL: name it with --database" if found.server else "in a file: leave --database out"
        raise UnavailableError(f"The database of the central in {folder} is {wanted}. Nothing was changed.")
    if make and practice != found.practice:
        kind = "for practice" if found.practice else "a real one"
        raise UnavailableError(f"The central in {folder} is {kind}, and stays so. Nothing was changed.")
    engine = open_postgres(url) if url is not None and server else _open_file(folder)
    try:
        return CentralPlace(folder, engine, certificates(folder, clock.now(), given), found.practice, _pepper(folder))
    except BaseException:
        engine.dispose()
        raise


def _pepper(folder: Path) -> bytes:
    path = folder / "pins.key"
    try:
        if not path.exists():
            write_private(path, secrets.token_bytes(KEY_BYTES).hex().encode())
        return bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as wrong:
        raise UnavailableError(f"{path} cannot be read or made, so PINs would not fit at new desks.") from wrong


def _open_file(folder: Path) -> Database:
    key_file, database = folder / "central.key", folder / "central.db"
    try:
        key = bytes.fromhex(key_file.read_text("ascii"))
    except (OSError, ValueError) as missing:
        raise UnavailableError(f"{key_file} cannot be read, so central's database cannot be opened.") from missing
    finish_making(database)
    engine = open_database(database, key, create=False)
    try:
        bring_up_to_date(engine, key, folder / "backups")
        make_central_tables(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make(folder: Path, *, practice: bool, server: bool) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_file = folder / "central.key"
        if not server and not key_file.exists():
            write_private(key_file, secrets.token_bytes(KEY_BYTES).hex().encode())
        if not server and not (folder / "central.db").exists():
            make_database(folder / "central.db", bytes.fromhex(key_file.read_text("ascii")))
        said = {"format": FORMAT, "practice": practice, **({"database": _SERVER} if server else {})}
        write_private(folder / "central.json", json.dumps(said).encode())
    except OSError as wrong:
        raise UnavailableError(f"{folder} cannot be written ({os.strerror(wrong.errno or 0)}). Nothing was made.") from wrong


@dataclass(frozen=True, slots=True)
class _About:
    practice: bool
    server: bool


def _about(about: Path) -> _About:
    try:
        found = json.loads(about.read_bytes())
        if found["format"] != FORMAT:
            raise ValueError(FORMAT)
        return _About(bool(found["practice"]), found.get("database") == _SERVER)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise UnavailableError(f"{about} cannot be understood. Nothing was changed.") from wrong
