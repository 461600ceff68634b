"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, stopped by its own process id."""

from __future__ import annotations

import os
import pwd
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

import psycopg

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
    """A server that runs."""

    folder: Path
    port: int
    running: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://desk@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """An empty database; its URL. It is set up for a language, whose order of text must not matter."""
        name = f"central{next(self.numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


def _as_user() -> list[str]:
    """The server refuses to be run by root."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """Make and start one; at the end it is stopped and removed."""
    folder = Path(tempfile.mkdtemp(prefix="access-desk-postgres-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "nobody")
        data, port = folder / "data", _free_port()
        made: list[str | Path] = [
            programs() / "initdb",
            "-D",
            data,
            "-U",
            "desk",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        subprocess.run([*_as_user(), *made], check=True, capture_output=True, cwd=folder)
        options = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}", *settings]
        command: list[str | Path] = [
            programs() / "postgres",
            "-D",
            data,
            *(part for option in options for part in ("-c", option)),
        ]
        with (folder / "server.log").open("wb") as log:
            running = subprocess.Popen([*_as_user(), *command], stdout=log, stderr=log, cwd=folder)
        try:
            ready: list[str | Path] = [programs() / "pg_ctl", "status", "-D", data]
            _wait(folder, port, running)
            subprocess.run([*_as_user(), *ready], check=True, capture_output=True, cwd=folder)
            yield Cluster(folder, port, running)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=60)
    finally:
        shutil.rmtree(folder)


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
