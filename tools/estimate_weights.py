"""Estimates resources/matching/weights.json: how much every level of every compared field proves, by Fellegi and Sunter.

Run it by hand after a change of the comparison; it needs what neither the program nor its tests need:

    python -m venv build/splink
    build/splink/bin/pip install "splink>=4.0.16,<5" "names>=0.3,<0.4" "rapidfuzz>=3.14,<4" "msgspec>=0.19"
    PYTHONPATH=src:. build/splink/bin/python tools/estimate_weights.py

Made-up people (`tests.bench.population`, surnames and given names as common as the 1990 census found them, which the package
`names` brings) are written down by careless desks. Splink estimates u from random pairs, and m by expectation maximization over
pairs that share a birth date, a name and so on; the levels are those of the program's own comparison, which DuckDB calls.
The same script, versions and seed write the same file. Who is who is known too: how far m by maximization lies from m by that
truth is printed and not kept.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import names as census
import pandas as pd
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

from access_desk.domain.matching.comparison import LEVELS, levels
from access_desk.domain.matching.dates import read_birth_date
from access_desk.domain.matching.person import Person, person_of
from access_desk.services import matching_tools
from tests.bench.population import Names, Row, Weighted, records

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "resources/matching/weights.json"
VERSION = 2
PEOPLE, SEED = 20_000, 20_261_129
MOST_PAIRS = 2_000_000
TODAY = date(2026, 11, 1)
# Blocking rules of the maximization: each fixes a field or two, and the others are estimated; m is the mean of what they give.
SESSIONS = (("family", "given"), ("birth_date",), ("phone",), ("ssn",), ("email",))
# A level that was never seen among the pairs of one side was seen less than once.
LEAST = 1e-6


def census_names() -> Names:
    """Surnames and given names with their frequencies in the 1990 census."""

    def read(which: str) -> Weighted:
        rows = [line.split() for line in Path(census.FILES[which]).read_text("ascii").splitlines()]
        # The list rounds to a thousandth of a percent, so that its last names have none.
        return Weighted.of([row[0].title() for row in rows], [float(row[1]) + 1e-4 for row in rows])

    return Names(read("last"), read("first:female"), read("first:male"))


def compared(row: Row) -> Person:
    """A row as the program compares it."""
    born = read_birth_date(row["birth_date"], TODAY)
    return person_of(row["source_id"], {**row, "birth_date": born.isoformat() if born else row["birth_date"]})


def table_of(people: list[Person], rows: list[Row]) -> pd.DataFrame:
    """What Splink is given: a place for the comparison, and a column for every blocking rule. Blank is not known."""
    columns = {
        "record": list(range(len(people))),
        "family": [one.family_key for one in people],
        "given": [one.given_key for one in people],
        "birth_date": [one.born for one in people],
        "ssn": [one.ssn if len(one.ssn) > 4 else "" for one in people],
        "phone": [one.phone for one in people],
        "email": [one.email for one in people],
        "person": [row["person"] for row in rows],
    }
    frame = pd.DataFrame(columns)
    frame = frame.mask(frame == "", None)
    frame["unique_id"] = [one.key for one in people]
    return frame


def level_asked(people: list[Person]) -> Callable[[int, int], str]:
    """All levels of a pair as one text; the last pairs are remembered, because every level of every field asks."""
    tools = matching_tools.tools()

    @lru_cache(8_192)
    def asked(one: int, other: int) -> str:
        found = levels(people[one], people[other], tools)
        return ",".join(found[field] for field in LEVELS)

    return asked


def comparison(place: int, field: str, fixed: str | None) -> CustomComparison:
    """A field as Splink sees it. ``fixed`` is the column whose blocking rule leaves nothing to learn of it."""
    level = f"string_split(levels_of(record_l, record_r), ',')[{place + 1}]"
    touches = f" AND ({fixed}_l IS NOT NULL OR {fixed}_l IS NULL)" if fixed else ""
    seen = [{"sql_condition": f"{level} = 'missing'{touches}", "label_for_charts": "missing", "is_null_level": True}]
    seen += [{"sql_condition": f"{level} = '{name}'{touches}", "label_for_charts": name} for name in LEVELS[field][:-1]]
    seen.append({"sql_condition": "ELSE", "label_for_charts": LEVELS[field][-1]})
    return CustomComparison(comparison_levels=seen, output_column_name=field)


def linker_of(people: list[Person], rows: list[Row]) -> Linker:
    """Splink over the records, with the program's own comparison."""
    # A suffix tells apart those who share the names: among pairs with equal names most that differ in it are two persons.
    columns = {"family": "family", "given": "given", "suffix": "given", "birth_date": "birth_date", "ssn": "ssn"}
    columns |= {"phone": "phone", "email": "email"}
    connection = duckdb.connect()
    # One thread, so that the same seed draws the same pairs.
    connection.execute("SET threads TO 1")
    connection.create_function("levels_of", level_asked(people), ["BIGINT", "BIGINT"], "VARCHAR")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison(place, field, columns.get(field)) for place, field in enumerate(LEVELS)],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in SESSIONS],
        probability_two_random_records_match=share_of_matches(rows),
    )
    return Linker(table_of(people, rows), settings, DuckDBAPI(connection=connection))


def estimated(linker: Linker) -> dict[str, dict[str, dict[str, float]]]:
    """m and u of every level, as Splink has them now."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for one in linker.misc.save_model_to_json()["comparisons"]:
        found[one["output_column_name"]] = {
            level["label_for_charts"]: {
                "m": max(level.get("m_probability") or 0.0, LEAST),
                "u": max(level.get("u_probability") or 0.0, LEAST),
            }
            for level in one["comparison_levels"]
            if not level.get("is_null_level")
        }
    return found


def train(linker: Linker, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """u by random pairs, then m by maximization."""
    linker.training.estimate_u_using_random_sampling(max_pairs=MOST_PAIRS, seed=seed)
    for rule in SESSIONS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), fix_u_probabilities=True, estimate_without_term_frequencies=True
        )
    return estimated(linker)


def share_of_matches(rows: Iterable[Row]) -> float:
    """The part of all pairs that are of one person; known, because the people are made up."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["person"]] = counts.get(row["person"], 0) + 1
    records = sum(counts.values())
    return sum(one * (one - 1) for one in counts.values()) / (records * (records - 1))


def written(found: dict[str, dict[str, dict[str, float]]], seed: int, people: int) -> dict[str, Any]:
    """The file: every level with m, u and the binary logarithm of their quotient."""
    levels_found = {
        field: {
            name: {**{key: float(f"{one[key]:.3g}") for key in ("m", "u")}, "weight": round(math.log2(one["m"] / one["u"]), 2)}
            for name, one in found[field].items()
        }
        for field in LEVELS
    }
    return {
        "version": VERSION,
        "made_on": date.today().isoformat(),
        "made_by": "tools/estimate_weights.py",
        "splink": version("splink"),
        "seed": seed,
        "people": people,
        "levels": levels_found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Estimate resources/matching/weights.json with Splink.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    rows = list(records(arguments.people, arguments.seed, census_names()))
    people = [compared(row) for row in rows]
    linker = linker_of(people, rows)
    found = train(linker, arguments.seed)
    judged = linker_of(people, rows)
    judged.training.estimate_m_from_label_column("person")
    by_truth = estimated(judged)
    for field, levels_found in found.items():
        for name, one in levels_found.items():
            print(f"{field:10} {name:10} u {one['u']:.6f}  m {one['m']:.4f}  m by truth {by_truth[field][name]['m']:.4f}")
    text = json.dumps(written(found, arguments.seed, arguments.people), indent=1)
    arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
