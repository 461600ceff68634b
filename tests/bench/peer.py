"""10,000 patients from one desk to central and from there to another desk, against PouchDB and pouchdb-server from npm.

The peer keeps documents as they are; here each record is checked, chained, signed, verified at both ends, searchable, and
encrypted on both disks. Once as a desk sends an index that it loaded, and once as people who were registered one by one.
Needs `node` and `npm`; the packages go to the folder of the run.
"""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from access_desk import app
from access_desk.commands.rounds import SyncRounds
from access_desk.domain.facility.events import FacilityEstablished
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.desk import Desk
from access_desk.services.registration import Registration
from access_desk.storage.engine import read_transaction
from tests.bench.figures import Figure
from tests.bench.people import people, write_people
from tests.faults.campaign import ENVIRONMENT, CentralProcess

RECORDS, ROUNDS = 10_000, 3
PACKAGES = ("pouchdb@9.0.0", "pouchdb-server@4.2.0")
_SCRIPT = Path(__file__).parent / "pouch" / "replicate.js"
_Fill = Callable[[Path], None]


def measure(folder: Path) -> list[Figure]:
    """Ours and the peer's in turns; nothing where there is no npm."""
    if shutil.which("npm") is None:
        sys.stderr.write("peer: npm is not installed here, so PouchDB is not measured\n")
        return []
    subprocess.run(["npm", "install", "--silent", "--no-package-lock", "--prefix", folder, *PACKAGES], check=True)
    shutil.copy(_SCRIPT, folder)
    write_people(folder / "people.csv", RECORDS)
    (folder / "people.json").write_text(json.dumps([{"_id": row["source_id"], **row} for row in people(RECORDS)]), "utf-8")
    times: dict[str, list[float]] = {"peer": [], "index": [], "registered": []}
    for number in range(ROUNDS):
        times["peer"].append(_pouch(folder, number))
        times["index"].append(_ours(folder / f"index{number}", lambda home: _load(home, folder / "people.csv")))
        times["registered"].append(_ours(folder / f"registered{number}", _register))
    middle = {name: sorted(seen)[ROUNDS // 2] for name, seen in times.items()}
    seconds = f"against {middle['peer']:.1f} s; {RECORDS} records there and back, the middle of {ROUNDS} runs"
    return [
        Figure(
            "push and pull of patients, as an index",
            middle["index"] / middle["peer"],
            0.2,
            "PouchDB to pouchdb-server",
            f"{middle['index']:.1f} s {seconds}",
        ),
        Figure(
            "the same, registered one by one with a visit each",
            middle["registered"] / middle["peer"],
            0.2,
            "PouchDB to pouchdb-server, patients alone",
            f"{middle['registered']:.1f} s {seconds}",
        ),
    ]


def _pouch(folder: Path, number: int) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str | Path] = ["node", folder / _SCRIPT.name, folder / "people.json", folder / f"pouch{number}", str(port)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["count"] == RECORDS, said
    return float(said["push"] + said["pull"]) / 1000


def _ours(folder: Path, fill: _Fill) -> float:
    """Seconds of the two rounds: from the desk that has the records, and to the one that has not."""
    central = CentralProcess(folder / "central", shows_log=False)
    central.start()
    try:
        homes = [folder / "one", folder / "other"]
        for home in homes:
            url = f"https://127.0.0.1:{central.port}"
            _command("enroll", "--home", home, "--central", url, "--code", central.code())
        fill(homes[0])
        seconds = sum(_round(home) for home in homes)
        assert _patients(homes[1]) == RECORDS
        return seconds
    finally:
        central.end(signal.SIGTERM)


def _round(home: Path) -> float:
    with app.open_to_write(home) as opened:
        rounds = SyncRounds(opened)
        begun = time.perf_counter()
        result = rounds.run()
        seconds = time.perf_counter() - begun
        rounds.close()
    assert result.sane is True, result
    return seconds


def _load(home: Path, file: Path) -> None:
    _command("patients", "import", "--home", home, file)


def _register(home: Path) -> None:
    with app.open_to_write(home) as opened:
        desk: Desk = opened.desk
        desk.provisioning.establish(FacilityEstablished("F", "Facility", "America/Chicago"))
        ann = desk.provisioning.add_person("ann", "Ann", Role.REGISTRAR, "402913")
        for row in itertools.islice(people(RECORDS), RECORDS):
            known = Demographics(row["family"], row["given"], row["middle"], phone=row["phone"], line=row["line"])
            new = NewPatient(replace(known, city=row["city"], state=row["state"], zip=row["zip"]), despite_match="the bench")
            # Each as a command of its own: the same one again would be a double click.
            desk.registration.register(desk.by(ann), Registration(VisitDetails("outpatient"), (), new))


def _patients(home: Path) -> int:
    with app.open_to_read(home) as opened, read_transaction(opened.files.database) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM patients").scalar_one())


def _command(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "access_desk", *words], check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
