"""`access-desk patients`: load another system's index, find somebody, list probable duplicates or put them before the leads."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.commands.progress import Progress
from access_desk.domain.full_name import full_name
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.views import PatientFound
from access_desk.exchange.patient_csv import PatientCsv, Rejected, UnreadableCsvError
from access_desk.services.desk import Desk
from access_desk.services.duplicates import Pair
from access_desk.services.index_import import Imported

# An index of so many records is compared in seconds.
COMPARED_WITH_THE_IMPORT = 10_000


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked."""
    actions = {"import": _import, "find": _find, "sweep": _sweep, "duplicates": _duplicates}
    return actions[arguments.action](arguments)


def _import(arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    with app.open_for_index(arguments.home, arguments.facility) as opened:
        desk = opened.desk
        try:
            source = PatientCsv(path, desk.view.now().date())
            if source.unknown:
                sys.stderr.write(f"access-desk patients: unknown columns are ignored: {', '.join(source.unknown)}\n")
            rejects = Rejects(path.with_name(path.stem + ".rejected.csv"), source.header)
            progress = Progress()
            done = desk.index_import.load(
                rejects.without(source.rows()),
                sha256(path.name.encode()).hexdigest(),
                lambda done: progress.say(f"{done.loaded + done.known} rows"),
            )
        except UnreadableCsvError as wrong:
            raise WrongUseError(str(wrong)) from wrong
        progress.end()
        sys.stdout.write(_in_words(done, rejects))
        if done.loaded:
            _compare_new(desk)
    return DONE


def _compare_new(desk: Desk) -> None:
    """A small index is compared at once; a large one takes longer than whoever loads it would wait."""
    if desk.index.size() > COMPARED_WITH_THE_IMPORT:
        sys.stderr.write("access-desk patients: compare them with: access-desk patients sweep\n")
    else:
        sys.stderr.write(f"access-desk patients: {_swept(desk)} probable duplicates wait for a lead\n")


def _sweep(arguments: argparse.Namespace) -> int:
    with app.open_for_index(arguments.home, arguments.facility) as opened:
        sys.stdout.write(f"{_swept(opened.desk)} probable duplicates wait for a lead\n")
    return DONE


def _swept(desk: Desk) -> int:
    """How many pairs wait after the whole index was compared."""
    progress = Progress()
    desk.duplicates.sweep(lambda part: progress.say(f"comparing: {part:.0%}"))
    progress.end()
    return desk.links.count_open()


def _in_words(done: Imported, rejects: Rejects) -> str:
    said = f"{done.loaded} patients loaded"
    if done.known:
        said += f", {done.known} were in the index already"
    if rejects.count:
        said += f", {rejects.count} rows rejected: {rejects.path}"
    return said + "\n"


class Rejects:
    """Rows that cannot be loaded go to a file beside, with the reason; an older such file is replaced."""

    def __init__(self, path: Path, header: tuple[str, ...]) -> None:
        self.path = path
        self.count = 0
        self._header = header

    def without(self, rows: Iterator[ImportedRow | Rejected]) -> Iterator[ImportedRow]:
        """The good rows."""
        self.path.unlink(missing_ok=True)
        for row in rows:
            if isinstance(row, ImportedRow):
                yield row
            else:
                self._keep(row)

    def _keep(self, row: Rejected) -> None:
        try:
            with self.path.open("a", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                if not self.count:
                    writer.writerow(("rejected_line", "rejected_because", *self._header))
                writer.writerow((row.line, row.reason, *row.cells))
        except OSError as wrong:
            raise WrongUseError(f"{self.path}: rejected rows cannot be written there ({wrong.strerror})") from wrong
        self.count += 1


def _find(arguments: argparse.Namespace) -> int:
    with app.open_to_read(arguments.home, asked_for=arguments.facility) as opened:
        found = opened.desk.index.find(" ".join(arguments.text))
        after = opened.desk.view.suffix_after()
    if arguments.json:
        sys.stdout.write(json.dumps({"patients": [_as_json(one) for one in found]}, ensure_ascii=False, indent=1) + "\n")
    else:
        for one in found:
            person = one.demographics
            born = person.birth_date.isoformat() if person.birth_date else "-"
            name = full_name(person.family, person.given, person.middle, person.suffix, after)
            sys.stdout.write(f"{one.mrn or '-':12} {name:40} {born:10} {one.score:.2f}  {', '.join(one.why)}\n")
        if not found:
            sys.stdout.write("Nobody was found.\n")
    return DONE if found else NO


def _as_json(one: PatientFound) -> dict[str, object]:
    person = one.demographics
    return {
        "source_id": one.source_id or None,
        "mrn": one.mrn,
        "family": person.family,
        "given": person.given,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "score": round(one.score, 3),
        "why": list(one.why),
    }


def _duplicates(arguments: argparse.Namespace) -> int:
    progress = Progress()
    with app.open_to_read(arguments.home, asked_for=arguments.facility) as opened:
        pairs = list(opened.desk.index.duplicates(lambda part: progress.say(f"{part:.0%}")))
    progress.end()
    pairs.sort(key=lambda pair: (-pair.score, _name(pair, "a"), _name(pair, "b")))
    listed = [{"a": _name(pair, "a"), "b": _name(pair, "b"), "score": round(pair.score, 4), "band": pair.band} for pair in pairs]
    if arguments.json is None:
        for one in listed:
            sys.stdout.write(f"{one['band']:6} {one['score']:.4f} {one['a']} {one['b']}\n")
        sys.stdout.write(f"{len(listed)} probable duplicates\n")
        return DONE
    text = json.dumps({"pairs": listed}, ensure_ascii=False, indent=1) + "\n"
    if arguments.json == "-":
        sys.stdout.write(text)
        return DONE
    try:
        Path(arguments.json).write_text(text, "utf-8")
    except OSError as wrong:
        raise WrongUseError(f"{arguments.json}: it cannot be written ({wrong.strerror})") from wrong
    return DONE


def _name(pair: Pair, which: str) -> str:
    record = pair.a if which == "a" else pair.b
    return record.source_id or record.mrn or record.patient_id
