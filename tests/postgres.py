"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, stopped by its own process id."""

from __future__ import annotations

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_ROOM = 4 * 2**30
INSTALL = "PostgreSQL is not installed here: sudo apt-get install --yes --no-install-recommends postgresql"


def programs() -> Path:
    """The folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    beside = shutil.which("postgres")
    if beside is None:
        raise RuntimeError(INSTALL)
    return Path(beside).parent


@dataclass
class Cluster:
    """A server with its data; it can be ended, killed and started again at the same port."""

    folder: Path
    port: int
    settings: tuple[str, ...] = ()
    running: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    databases: list[str] = field(default_factory=list)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://desk@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """An empty database, or one like another that nobody is connected to; its URL."""
        name = f"central{next(self.numbers)}"
        self.command(f"CREATE DATABASE {name} TEMPLATE {like}")
        self.databases.append(name)
        return self.url(name)

    def drop_databases(self, keep: str = "") -> None:
        """Remove those that were made, except one: each is a thousand files, and a run of all tests makes hundreds."""
        for name in [one for one in self.databases if one != keep]:
            self.command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.databases.remove(name)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection that commits each statement."""
        return psycopg.connect(self.url(database), autocommit=True)

    def command(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute a statement outside a transaction; its rows."""
        with self.connect() as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Returns when it answers."""
        options = ["listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}", *self.settings]
        command: list[str | Path] = [programs() / "postgres", "-D", self.data, *(part for one in options for part in ("-c", one))]
        with (self.folder / "server.log").open("ab") as log:
            self.running = subprocess.Popen([*as_user(), *command], stdout=log, stderr=log, cwd=self.folder)
        _wait(self.folder, self.port, self.running)

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it in good order, or kill it; returns when none of its processes is left."""
        if self.running is None:
            return
        children = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text("ascii").split()
        watched = [one for one in map(_watched, children) if one is not None]
        self.running.send_signal(how)
        self.running.wait(timeout=60)
        self.running = None
        for process in watched:
            # A server does not start while one of the killed one still has its memory; each ends by itself.
            select.select([process], [], [], 60)
            os.close(process)

    def kill_and_restart(self) -> None:
        """SIGKILL, whatever it is doing."""
        self.end(signal.SIGKILL)
        self.start()

    @contextmanager
    def standby(self) -> Iterator[Cluster]:
        """A second server that follows this one; promoted by ``SELECT pg_promote()``."""
        with _folder() as folder:
            other = Cluster(folder, _free_port())
            source = f"host=127.0.0.1 port={self.port} user=desk application_name=standby"
            taken: list[str | Path] = [programs() / "pg_basebackup", "-D", other.data, "-R", "-X", "stream", "-c", "fast"]
            subprocess.run([*as_user(), *taken, "--no-sync", "-d", source], check=True, capture_output=True, cwd=folder)
            other.start()
            try:
                yield other
            finally:
                other.end()


def _watched(pid: str) -> int | None:
    try:
        return os.pidfd_open(int(pid))
    except ProcessLookupError:
        # It ended by itself since it was listed.
        return None


def as_user() -> list[str]:
    """What to put before a command of the server's: it refuses to be run by root."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _in_memory() -> str | None:
    """Where a server's files cost no disk, if there is room; else where temporary files are."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder with a name of its own is made in it
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > _ROOM else None


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="access-desk-postgres-", dir=_in_memory()))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "nobody")
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """Make and start one; at the end it is stopped and removed."""
    with _folder() as folder:
        made = Cluster(folder, _free_port(), settings)
        first: list[str | Path] = [programs() / "initdb", "-D", made.data, "-U", "desk", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*as_user(), *first, "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, cwd=folder)
        made.start()
        try:
            yield made
        finally:
            made.end()


def _wait(folder: Path, port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(60):
        if running.poll() is not None:
            break
        # Waits up to a second by itself until the server answers.
        asked: list[str | Path] = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        if subprocess.run(asked, check=False).returncode == 0:
            return
        try:
            running.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
    raise RuntimeError((folder / "server.log").read_text("utf-8"))
