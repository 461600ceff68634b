"""Where central lives: its database, the database's key, its certificates, and whether it is for practice.

::

    central.json     what it is; nothing secret
    central.db       its database, encrypted
    central.key      the database's key, readable by its owner only
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
from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock
from access_desk.storage.central_log import make_central_tables
from access_desk.storage.durable_files import write_private
from access_desk.storage.engine import KEY_BYTES, Database, open_database
from access_desk.storage.migrate import bring_up_to_date, finish_making, make_database

FORMAT: Final = "access-desk.central/1"


@dataclass(frozen=True, slots=True)
class CentralPlace:
    """An opened central."""

    folder: Path
    database: Database
    certificates: Certificates
    practice: bool

    def close(self) -> None:
        """Close the database."""
        self.database.dispose()


def folder_of(home: Path, url: str | None) -> Path:
    """Where central lives: in the home, or around the database file that a URL names.

    Raises:
        ValueError: the URL names no SQLite file.
    """
    if url is None:
        return (home / "central").absolute()
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise ValueError("a URL like sqlite:///var/lib/access-desk/central.db is needed; other databases are not supported")
    path = Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path))
    if path.name != "central.db":
        raise ValueError("the file has to be called central.db: its keys and certificates lie beside it")
    return path.parent.absolute()


def open_central(folder: Path, clock: Clock, *, make: bool, practice: bool = False) -> CentralPlace:
    """Open central, or make a new one.

    Raises:
        UnavailableError: there is none, or it cannot be read, or it is of the other sort.
    """
    about, key_file, database = folder / "central.json", folder / "central.key", folder / "central.db"
    if not about.exists():
        if not make:
            raise UnavailableError(f"There is no central in {folder}. Start one with access-desk central serve.")
        _make(folder, practice=practice)
    is_practice = _is_practice(about)
    if make and practice != is_practice:
        kind = "for practice" if is_practice else "a real one"
        raise UnavailableError(f"The central in {folder} is {kind}, and stays so. Nothing was changed.")
    try:
        key = bytes.fromhex(key_file.read_text("ascii"))
    except (OSError, ValueError) as missing:
        raise UnavailableError(f"{key_file} cannot be read, so central's database cannot be opened.") from missing
    finish_making(database)
    engine = open_database(database, key, create=False)
    try:
        bring_up_to_date(engine, key, folder / "backups")
        make_central_tables(engine)
        return CentralPlace(folder, engine, certificates(folder, clock.now()), is_practice)
    except BaseException:
        engine.dispose()
        raise


def _make(folder: Path, *, practice: bool) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_file = folder / "central.key"
        if not key_file.exists():
            write_private(key_file, secrets.token_bytes(KEY_BYTES).hex().encode())
        if not (folder / "central.db").exists():
            make_database(folder / "central.db", bytes.fromhex(key_file.read_text("ascii")))
        write_private(folder / "central.json", json.dumps({"format": FORMAT, "practice": practice}).encode())
    except OSError as wrong:
        raise UnavailableError(f"{folder} cannot be written ({os.strerror(wrong.errno or 0)}). Nothing was made.") from wrong


def _is_practice(about: Path) -> bool:
    try:
        found = json.loads(about.read_bytes())
        if found["format"] != FORMAT:
            raise ValueError(FORMAT)
        return bool(found["practice"])
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise UnavailableError(f"{about} cannot be understood. Nothing was changed.") from wrong
