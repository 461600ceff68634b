"""How well duplicates are found: every probable pair of labelled people, through the program's own commands.

Public sets are read from the folder that ``ACCESS_DESK_MATCHING_DATA`` names, in the form in which they are published (see
``SETS``); those that are not there are passed over. People of :mod:`tests.bench.population` are always there: made with
another seed, other names and other rates than those that the weights were estimated from.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

from access_desk.exchange.patient_csv import COLUMNS
from tests.bench.figures import Figure
from tests.bench.mistakes import Rates, Row
from tests.bench.population import Ways, made_up_names, records

DATA = Path(os.environ.get("ACCESS_DESK_MATCHING_DATA", ""))
HELD_OUT_PEOPLE, HELD_OUT_SEED = 8_000, 4_711
Truth = set[tuple[str, str]]


def measure(folder: Path) -> list[Figure]:
    """A figure for all pairs and one for ``same`` of every set: the part of the listed pairs that is wrong, and recall."""
    figures = []
    for name, read in SETS.items():
        try:
            rows, truth = read()
        except FileNotFoundError:
            continue
        figures += _figures(name, duplicates(folder / name, rows), truth)
    return [*figures, *_arriving(folder)]


def duplicates(folder: Path, rows: Iterable[Row]) -> dict[tuple[str, str], str]:
    """The band of every pair that `patients duplicates` lists of these people."""
    folder.mkdir(parents=True)
    write_csv(folder / "index.csv", rows)
    command = (sys.executable, "-m", "access_desk", "patients")
    home = ("--home", str(folder / "home"))
    subprocess.run([*command, "import", *home, str(folder / "index.csv")], check=True, capture_output=True)
    subprocess.run([*command, "duplicates", *home, "--json", str(folder / "pairs.json")], check=True, capture_output=True)
    listed = json.loads((folder / "pairs.json").read_text("utf-8"))["pairs"]
    return {_pair(one["a"], one["b"]): one["band"] for one in listed}


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Rows as the program loads them."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _figures(name: str, listed: dict[tuple[str, str], str], truth: Truth) -> list[Figure]:
    figures = []
    same = {pair for pair, band in listed.items() if band == "same"}
    for what, pairs in (("all listed", set(listed)), ("`same`", same)):
        right = len(pairs & truth)
        precision, recall = right / max(len(pairs), 1), right / max(len(truth), 1)
        detail = f"precision {precision:.4f}, recall {recall:.4f}; {len(pairs)} listed, {len(truth)} true"
        figures.append(Figure(f"duplicates of {name}, {what}: wrongly listed", 1 - precision, None, "the labels", detail))
    return figures


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _pairs_of(clusters: dict[str, list[str]]) -> Truth:
    return {_pair(a, b) for members in clusters.values() for a, b in combinations(members, 2)}


def _read(name: str) -> list[Row]:
    if not DATA.name:
        raise FileNotFoundError(name)
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _febrl(number: int) -> tuple[list[Row], Truth]:
    rows = [
        {
            "source_id": row["rec_id"], "family": row["surname"], "given": row["given_name"], "birth_date": row["date_of_birth"],
            "ssn": row["soc_sec_id"], "line": f"{row['street_number']} {row['address_1']}".strip(), "city": row["suburb"],
            "state": row["state"], "zip": row["postcode"],
        }
        for row in _read(f"febrl{number}.csv")
    ]  # fmt: skip
    return rows, {_pair(row["rec_id_a"], row["rec_id_b"]) for row in _read(f"febrl{number}_truth_pairs.csv")}


def _fake_1000() -> tuple[list[Row], Truth]:
    clusters: dict[str, list[str]] = {}
    rows = []
    for row in _read("fake_1000.csv"):
        clusters.setdefault(row["cluster"], []).append(row["unique_id"])
        kept = {"source_id": "unique_id", "family": "surname", "given": "first_name", "birth_date": "dob"}
        rows.append({**{ours: row[theirs] for ours, theirs in kept.items()}, "city": row["city"], "email": row["email"]})
    return rows, _pairs_of(clusters)


def _held_out() -> tuple[list[Row], Truth]:
    rates, ways = Rates(typo=0.03, nickname=0.09, date_slip=0.025, ssn_slip=0.02, swapped=0.008), Ways(careless=0.1, moved=0.2)
    rows = list(records(HELD_OUT_PEOPLE, HELD_OUT_SEED, made_up_names(HELD_OUT_SEED), rates, ways))
    clusters: dict[str, list[str]] = {}
    for row in rows:
        clusters.setdefault(row["person"], []).append(row["source_id"])
    return rows, _pairs_of(clusters)


def _arriving(folder: Path) -> list[Figure]:
    """RecordLinker's people: each arriving one is to be linked with a record on file, or not."""
    try:
        known, arriving = _read("nbs_seed.csv"), _read("nbs_test.csv")
    except FileNotFoundError:
        return []
    rows = [_nbs(row, f"known-{number}") for number, row in enumerate(known)]
    rows += [_nbs(row, f"arriving-{number}") for number, row in enumerate(arriving)]
    listed = duplicates(folder / "nbs", rows)
    match_ids = {f"known-{number}": row["Match Id"] for number, row in enumerate(known)}
    figures = []
    for expected in ("match", "no_match"):
        asked = [
            (f"arriving-{number}", row["Match Id"]) for number, row in enumerate(arriving) if row["Expected Result"] == expected
        ]
        bands = [
            _best(listed, one, [known for known, match_id in match_ids.items() if match_id == whose]) for one, whose in asked
        ]
        same = bands.count("same")
        detail = f"{same} of {len(bands)} are `same`, {bands.count('review')} `review`"
        figures.append(Figure(f"nbs_test, to be answered {expected}: `same`", same / len(bands), None, "the labels", detail))
    return figures


def _best(listed: dict[tuple[str, str], str], one: str, others: Iterable[str]) -> str:
    bands = {listed.get(_pair(one, other), "") for other in others}
    return next((band for band in ("same", "review") if band in bands), "")


def _nbs(row: Row, source_id: str) -> Row:
    kept = {
        "family": "LAST", "given": "FIRST", "suffix": "SUFFIX", "birth_date": "BIRTHDATE", "sex": "GENDER", "ssn": "SSN",
        "line": "ADDRESS", "city": "CITY", "state": "STATE", "zip": "ZIP",
    }  # fmt: skip
    return {**{ours: row[theirs] for ours, theirs in kept.items()}, "source_id": source_id}


SETS: dict[str, Callable[[], tuple[list[Row], Truth]]] = {
    "febrl1": lambda: _febrl(1),
    "febrl3": lambda: _febrl(3),
    "fake_1000": _fake_1000,
    "made-up people": _held_out,
}
