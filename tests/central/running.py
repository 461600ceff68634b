"""A central that listens: the whole door over uvicorn in a thread, without TLS, for whoever speaks real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from access_desk.central.heads import BoundedHeads
from access_desk.central.limits import Limits
from access_desk.central.pokes import Pokes
from access_desk.central.server import Server
from tests.central.centrals import TestCentral
from tests.central.doors import Door


@dataclass
class Running:
    """Where it is, and what it is."""

    url: str
    door: Door
    pokes: Pokes
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """As a signal does."""
        self.server.should_exit = True
        self.thread.join(60)
        assert not self.thread.is_alive()


@contextmanager
def running(
    central: TestCentral,
    *,
    limits: Limits | None = None,
    pokes: Pokes | None = None,
    heads: type[BoundedHeads] = BoundedHeads,
) -> Iterator[Running]:
    """A central that answers on loopback until the end."""
    pokes = pokes or Pokes(central.service.members)
    door = Door(central)
    listening = socket.create_server(("127.0.0.1", 0))
    is_ready = threading.Event()
    config = uvicorn.Config(door.opened(limits, pokes), log_config=None, access_log=False, lifespan="off", ws="none", http=heads)
    server = Server(config, is_ready.set, pokes.end)
    thread = threading.Thread(target=server.run, args=([listening],), name="central", daemon=True)
    made = Running(f"http://127.0.0.1:{listening.getsockname()[1]}", door, pokes, server, thread)
    thread.start()
    assert is_ready.wait(60)
    try:
        yield made
    finally:
        made.stop()
        listening.close()
        central.clusters.close()
