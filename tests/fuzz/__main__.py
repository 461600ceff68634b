"""``python -m tests.fuzz``: schemathesis against a central that listens, as an enrolled desk; the status says what it found.

Twice: with whatever stands in a path, and with the facility, desk and stream that the session is good for, so that bodies
come further than the question who asks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from access_desk.central.limits import Limits, Rate
from access_desk.central.place import open_central
from access_desk.central.pokes import Pokes
from access_desk.protocol import messages as wire
from tests.central.centrals import TestCentral
from tests.central.doors import events_of
from tests.central.running import Running, running
from tests.desks import SetClock, TestDesk, a_desk
from tests.protocol.record_samples import a_day_of_everything

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
OWN = Path(__file__).with_name("own-stream.toml")
_CONTENT = b"an image"
# Nobody is asked to wait: what is refused for that reason says nothing about anything else.
_OFTEN = Rate(10**9, 10**9)


@contextmanager
def a_central() -> Iterator[tuple[Running, str]]:
    """A central on its embedded SQLite with a day of everything in it, and the token of the desk that it knows."""
    with tempfile.TemporaryDirectory(prefix="access-desk-fuzz-") as folder, a_desk("north", 1) as desk:
        place = open_central(Path(folder), SetClock(), make=True, practice=False)
        central = TestCentral(place.clusters, practice=False)
        # A stream would otherwise be read until the session ends.
        pokes = Pokes(central.service.members, longest_s=0.02)
        with running(central, limits=Limits(_OFTEN, _OFTEN, _OFTEN, _OFTEN), pokes=pokes) as served:
            yield served, _known(served, desk)


def _known(served: Running, desk: TestDesk) -> str:
    central = served.door.central
    a_day_of_everything(desk)
    central.enroll(desk)
    nonce = central.service.challenge().nonce
    signature = desk.signer.sign(wire.session_text("f" * 64, "north", nonce)).hex()
    asked = wire.OpenSession(wire.PROTOCOL, "north", nonce, signature)
    token = central.service.open_session(wire.to_bytes(asked)).token
    batch = wire.Push(wire.PROTOCOL, events_of(desk)[:20])
    central.service.push(token, desk.desk.journal.stream, wire.to_bytes(batch))
    central.service.keep_content(token, "F", sha256(_CONTENT).hexdigest(), _CONTENT)
    return token


def main(given: Sequence[str] | None = None) -> int:
    """Ask, and say what was found."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--examples", type=int, default=200, help="of every operation in every phase")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="", help="an operation's id")
    parser.add_argument("--quick", action="store_true", help="random cases of the desk's own paths only")
    arguments = parser.parse_args(given)
    with a_central() as (served, token):
        wanted = (OWN,) if arguments.quick else (CONFIGURATION, OWN)
        statuses = [_ask(served, token, configuration, arguments) for configuration in wanted]
    faults = [line for line in served.door.lines() if line["event"] == "a bug" or line.get("status", 0) >= 500]
    for line in faults:
        sys.stdout.write(f"{line}\n")
    asked = sum(line["event"] == "request" for line in served.door.lines())
    sys.stdout.write(f"{asked} requests, {len(faults)} faults of central\n")
    return 1 if faults or any(statuses) else 0


def _ask(served: Running, token: str, configuration: Path, arguments: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run"]
    command += [f"{served.url}/v1/openapi.json", "--header", f"Authorization: Bearer {token}", "--continue-on-failure"]
    command += ["--max-examples", str(arguments.examples), "--checks", "all"]
    command += ["--phases", "fuzzing" if arguments.quick else "examples,coverage,fuzzing"]
    command += ["--include-operation-id", arguments.only] if arguments.only else []
    command += ["--seed", str(arguments.seed)] if arguments.seed is not None else []
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
