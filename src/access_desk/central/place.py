"""Where central lives: its database, the database's key, its certificates, and whether it is for practice.

::

    central.json     what it is; nothing secret
    central.db       its database, encrypted; not there when it is on PostgreSQL, whose URL is given at every start
    central.key      the database's key, readable by its owner only
    pins.key         what every desk mixes into PINs; without it no PIN that was set fits at a desk that enrolls later
    snapshots.key    what it signs snapshots with
    snapshots/       those that it has, see `snapshots`
    authority.*      its certificate authority, made on first start
    alarms.jsonl     the alarms that it raised, once there was one, see `alarm_book`
    served.*         the certificate it serves with, renewed when it is about to end
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from access_desk.central.alarm_book import AlarmBook
from access_desk.central.authority import Certificates, certificates
from access_desk.central.clusters import Clusters
from access_desk.central.given import Given
from access_desk.central.snapshots import Snapshots
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
    clusters: Clusters
    certificates: Certificates
    practice: bool
    pepper: bytes
    snapshots: Snapshots
    # Those of its databases that are on servers.
    urls: tuple[str, ...] = ()

    def close(self) -> None:
        """Close its databases."""
        self.clusters.close()


def folder_of(home: Path, urls: Sequence[str]) -> Path:
    """Where central's own files live: around the database file that a URL names, else in the home.

    Raises:
        ValueError: a URL names neither an SQLite file nor PostgreSQL, or there are several and not all are on PostgreSQL.
    """
    if all(is_on_server(url) for url in urls):
        if len(set(urls)) < len(urls):
            raise ValueError("one database is named twice")
        return (home / "central").absolute()
    if len(urls) > 1:
        raise ValueError("several databases have to be on PostgreSQL, each of them")
    parts = urlsplit(urls[0])
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise ValueError("a URL like sqlite:///var/lib/access-desk/central.db or postgresql://host/database is needed")
    path = Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path))
    if path.name != "central.db":
        raise ValueError("the file has to be called central.db: its keys and certificates lie beside it")
    return path.parent.absolute()


def is_on_server(url: str) -> bool:
    """Whether a URL names PostgreSQL."""
    return urlsplit(url).scheme in ("postgresql", "postgres")


def open_central(
    folder: Path,
    clock: Clock,
    *,
    make: bool,
    practice: bool = False,
    urls: Sequence[str] = (),
    given: Given | None = None,
) -> CentralPlace:
    """Open central, or make a new one; its database is in the folder unless ``urls`` name PostgreSQL.

    It serves with the certificate that was ``given``, else with one that it makes.

    Raises:
        UnavailableError: there is none, or it cannot be read, or it is of the other sort, or a database is not named.
    """
    about = folder / "central.json"
    servers = [url for url in urls if is_on_server(url)]
    if not about.exists():
        if not make:
            raise UnavailableError(f"There is no central in {folder}. Start one with access-desk central serve.")
        _make(folder, practice=practice, servers=len(servers))
    found = _about(about)
    _check_databases(folder, found, len(servers), may_add=make)
    if make and practice != found.practice:
        kind = "for practice" if found.practice else "a real one"
        raise UnavailableError(f"The central in {folder} is {kind}, and stays so. Nothing was changed.")
    with ExitStack() as opened:
        databases: list[Database] = []
        for url in servers or [""]:
            databases.append(open_postgres(url) if url else _open_file(folder))
            opened.callback(databases[-1].dispose)
        clusters = Clusters(databases, AlarmBook(folder))
        if len(servers) > found.servers:
            _write_about(folder, practice=found.practice, servers=len(servers))
        made = certificates(folder, clock.now(), given)
        snapshots = Snapshots(folder / "snapshots", _kept_key(folder / "snapshots.key", "nothing could be signed"), clock)
        place = CentralPlace(folder, clusters, made, found.practice, _pepper(folder), snapshots, tuple(servers))
        opened.pop_all()
        return place


def _check_databases(folder: Path, found: _About, servers: int, *, may_add: bool) -> None:
    if bool(found.servers) != bool(servers):
        wanted = "on PostgreSQL: name it with --database" if found.servers else "in a file: leave --database out"
        raise UnavailableError(f"The database of the central in {folder} is {wanted}. Nothing was changed.")
    if servers < found.servers or (servers > found.servers and not may_add):
        # Facilities of one left out would begin anew elsewhere; one is added by whoever serves, not by a look at the others.
        raise UnavailableError(
            f"The central in {folder} has {found.servers} databases, and {servers} are named. Name each of them with "
            "--database, the first one first. Nothing was changed."
        )


def _pepper(folder: Path) -> bytes:
    return _kept_key(folder / "pins.key", "PINs would not fit at new desks")


def _kept_key(path: Path, otherwise: str) -> bytes:
    try:
        if not path.exists():
            write_private(path, secrets.token_bytes(KEY_BYTES).hex().encode())
        return bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as wrong:
        raise UnavailableError(f"{path} cannot be read or made, so {otherwise}.") from wrong


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


def _make(folder: Path, *, practice: bool, servers: int) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_file = folder / "central.key"
        if not servers and not key_file.exists():
            write_private(key_file, secrets.token_bytes(KEY_BYTES).hex().encode())
        if not servers and not (folder / "central.db").exists():
            make_database(folder / "central.db", bytes.fromhex(key_file.read_text("ascii")))
        _write_about(folder, practice=practice, servers=servers)
    except OSError as wrong:
        raise UnavailableError(f"{folder} cannot be written ({os.strerror(wrong.errno or 0)}). Nothing was made.") from wrong


def _write_about(folder: Path, *, practice: bool, servers: int) -> None:
    said = {"format": FORMAT, "practice": practice, **({"database": _SERVER, "databases": servers} if servers else {})}
    write_private(folder / "central.json", json.dumps(said).encode())


@dataclass(frozen=True, slots=True)
class _About:
    practice: bool
    servers: int


def _about(about: Path) -> _About:
    try:
        found = json.loads(about.read_bytes())
        if found["format"] != FORMAT:
            raise ValueError(FORMAT)
        return _About(bool(found["practice"]), int(found.get("databases", 1)) if found.get("database") == _SERVER else 0)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise UnavailableError(f"{about} cannot be understood. Nothing was changed.") from wrong
