"""The patient index: loading it, finding in it while one types, checking who arrives. ``ACCESS_DESK_BENCH_ROWS`` rows.

The peers run in turns over the same rows: an FTS5 prefix index in an equally encrypted file, and a rapidfuzz sweep.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from access_desk import app
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import SearchTerms
from access_desk.services.patient_index import PatientIndex
from access_desk.storage.engine import Database, driver_transaction, open_database, write_transaction
from tests.bench.figures import Figure
from tests.bench.find_keys import typed_to_painted
from tests.bench.people import people, write_people

ROWS = int(os.environ.get("ACCESS_DESK_BENCH_ROWS", "20000"))
TYPED_PEOPLE, PAINTED_PEOPLE, ARRIVING, SWEEPS, TURNS = 150, 40, 300, 15, 5
MOST_MIB = 600
# The peer answers with a screenful of the same rows, in whatever order it finds them, or in ours. It gives back five columns,
# ours those that the list shows: id, number, four parts of the name, birth date, sex, phone, whether it is somebody's own name.
_SHOWN = (
    "SELECT family, given, birth_date, mrn, phone FROM people "
    "WHERE rowid IN (SELECT rowid FROM names WHERE names MATCH ? LIMIT 20)"
)
_SHOWN_IN_ORDER = (
    "SELECT family, given, birth_date, mrn, phone FROM people "
    "WHERE rowid IN (SELECT rowid FROM names WHERE names MATCH ?) ORDER BY family, given LIMIT 20"
)
Row = dict[str, str]


def measure(folder: Path) -> list[Figure]:
    """Load, type, check."""
    path, home = folder / "index.csv", folder / "home"
    write_people(path, ROWS)
    loading = _load(path, home)
    chance = random.Random(11)
    wanted = {chance.randrange(ROWS) for _ in range(ARRIVING)}
    chosen = [row for number, row in enumerate(people(ROWS)) if number in wanted]
    chance.shuffle(chosen)
    peer = _full_text(folder / "peer.db", people(ROWS))
    with app.open_to_read(home) as opened:
        figures = [
            *loading,
            _typing(opened.desk.index, peer, chosen[:TYPED_PEOPLE]),
            _checking(opened.desk.index, chosen, chance),
            typed_to_painted(opened.desk, chosen[:PAINTED_PEOPLE]),
        ]
    peer.dispose()
    return figures


def _load(path: Path, home: Path) -> list[Figure]:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "access_desk", "patients", "import", "--home", str(home), str(path)], check=True)
    seconds = time.perf_counter() - begun
    mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    detail = f"{ROWS} rows in {seconds:.0f} s, {ROWS / seconds:.0f} rows a second; the file has {_size(home):.0f} MiB"
    return [
        Figure("memory of the process that loads an index", mib / MOST_MIB, 1.0, f"{MOST_MIB} MiB", f"{mib:.0f} MiB; {detail}")
    ]


def _size(home: Path) -> float:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 2**20


def _full_text(path: Path, rows: Any) -> Database:
    """The same rows with an FTS5 prefix index, encrypted alike."""
    engine = open_database(path, os.urandom(32), create=True)
    names = ("family", "given", "birth_date", "mrn", "phone")
    with write_transaction(engine) as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"CREATE TABLE people ({', '.join(names)})")
        cursor.execute("CREATE VIRTUAL TABLE names USING fts5(family, given, content='people', prefix='1 2 3')")
        cursor.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", [tuple(row[name] for name in names) for row in rows])
        cursor.execute("INSERT INTO names (names) VALUES ('rebuild')")
    return engine


def _typing(index: PatientIndex, peer: Database, chosen: list[Row]) -> Figure:
    """Every keystroke of family and given name, ours and the peer's in turns; the peer in our order once for each key."""
    typed = [key for row in chosen for key in _keys(row)]
    ours: list[list[float]] = [[] for _ in typed]
    theirs: list[list[float]] = [[] for _ in typed]
    # In turns, and the middle one of five counts, so that other work on the machine decides nothing. The fastest of five is told
    # beside it: an answer that takes a tenth of a millisecond is doubled by whatever else the machine does.
    for mine, floor, (terms, match) in zip(ours, theirs, typed, strict=True):
        for _ in range(TURNS):
            mine.append(_timed(lambda: index.find_by(terms)))  # noqa: B023
            floor.append(_timed(lambda: _ask(peer, _SHOWN, match)))  # noqa: B023
    in_order = [_timed(lambda: _ask(peer, _SHOWN_IN_ORDER, match)) for _, match in typed]  # noqa: B023
    middle, their_middle = ([_p50(times) for times in of_keys] for of_keys in (ours, theirs))
    fastest, their_fastest = (_p99([min(times) for times in of_keys]) for of_keys in (ours, theirs))
    detail = (
        f"p99 {_p99(middle) * 1000:.2f} ms against {_p99(their_middle) * 1000:.2f} ms, p50 {_p50(middle) * 1000:.2f} against "
        f"{_p50(their_middle) * 1000:.2f} ms; with FTS5 in our order (family, given) p99 {_p99(in_order) * 1000:.1f} ms, "
        f"ratio {_p99(middle) / _p99(in_order):.3f}; the fastest of five turns p99 {fastest * 1000:.2f} against "
        f"{their_fastest * 1000:.2f} ms; {len(middle)} keys over {ROWS} rows; ours gives back 10 columns, the peer 5"
    )
    return Figure(
        "as-you-type search, p99 per key",
        _p99(middle) / _p99(their_middle),
        0.05,
        "FTS5 prefix='1 2 3', encrypted alike, unordered",
        detail,
    )


def _keys(row: Row) -> list[tuple[SearchTerms, str]]:
    """What is typed so far, and what the peer is asked then."""
    family, given = row["family"], row["given"]
    typed = [(family[:end], "") for end in range(1, len(family) + 1)]
    typed += [(family, given[:end]) for end in range(1, len(given) + 1)]
    return [
        (SearchTerms(family=one, given=other), f'family:"{one}"*' + (f' given:"{other}"*' if other else ""))
        for one, other in typed
    ]


def _ask(peer: Database, statement: str, match: str) -> list[Any]:
    with driver_transaction(peer) as connection:
        rows: list[Any] = connection.connection.cursor().execute(statement, (match,)).fetchall()
    return rows


def _checking(index: PatientIndex, chosen: list[Row], chance: random.Random) -> Figure:
    """The duplicate check of somebody who arrives, with a slip in the name or the date, against a sweep over all names."""
    everybody = [f"{row['family']} {row['given']} {row['birth_date']}" for row in people(ROWS)]
    # A desk has no list of a million names for the collector to walk.
    gc.collect()
    gc.freeze()
    ours: list[float] = []
    theirs: list[float] = []
    found = 0
    for number, row in enumerate(chosen):
        arriving = _arriving(row, chance)
        ours.append(_p50([_timed(lambda: index.candidates(arriving)) for _ in range(TURNS)]))  # noqa: B023
        found += any(one.record.mrn == row["mrn"] for one in index.candidates(arriving))
        if number < SWEEPS:
            asked = f"{arriving.family} {arriving.given} {arriving.birth_date}"
            theirs.append(
                _timed(lambda: process.extract(asked, everybody, scorer=JaroWinkler.normalized_similarity, limit=20))  # noqa: B023
            )
    mine, floor = _p99(ours), _p99(theirs)
    detail = (
        f"p99 {mine * 1000:.2f} ms against {floor * 1000:.0f} ms, p50 {_p50(ours) * 1000:.2f} against "
        f"{_p50(theirs) * 1000:.0f} ms; {found} of {len(chosen)} found"
    )
    return Figure(
        "duplicate check of one arriving person, p99", mine / floor, 0.01, "a rapidfuzz sweep over the same rows", detail
    )


def _arriving(row: Row, chance: random.Random) -> Demographics:
    family, born = row["family"], date.fromisoformat(row["birth_date"])
    at = chance.randrange(1, len(family))
    if chance.random() < 0.5:
        family = family[:at] + family[at + 1 :]
    sex = {"F": "female", "M": "male"}[row["sex"]]
    phone = row["phone"] if chance.random() < 0.5 else ""
    return Demographics(family=family, given=row["given"], birth_date=born, sex=sex, phone=phone, zip=row["zip"])


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _p50(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _p99(times: list[float]) -> float:
    return sorted(times)[max(int(len(times) * 0.99) - 1, 0)]
