"""What Splink itself makes of its `fake_1000`: precision and recall of its pairs from a match probability of 0.5 on.

The figure that docs/performance.md sets ours against. Run by hand, in the environment of tools/estimate_weights.py:

    build/splink/bin/python tools/splink_on_fake_1000.py FOLDER/fake_1000.csv

The model is that of Splink's documentation for these people: names, birth date, town with its frequency, and electronic mail;
u by random pairs, m by maximization over equal names and over equal birth dates.
"""

from __future__ import annotations

import logging
import sys
from itertools import combinations

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PREDICTED = ("first_name",), ("surname",), ("dob",), ("email",), ("city", "substr(dob, 1, 4)")
TRAINED = ("first_name", "surname"), ("dob",)
SEED, FROM = 1, 0.5


def main() -> None:
    logging.disable(logging.WARNING)
    people = pd.read_csv(sys.argv[1], dtype=str)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in PREDICTED],
    )
    linker = Linker(people, settings, DuckDBAPI())
    linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    for rule in TRAINED:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    found = linker.inference.predict(threshold_match_probability=FROM).as_pandas_dataframe()
    listed = {tuple(sorted(pair)) for pair in zip(found["unique_id_l"], found["unique_id_r"], strict=True)}
    clusters = people.groupby("cluster")["unique_id"]
    truth = {tuple(sorted(pair)) for _, members in clusters for pair in combinations(members, 2)}
    right = len(listed & truth)
    print(f"{len(listed)} listed, {len(truth)} true: precision {right / len(listed):.4f}, recall {right / len(truth):.4f}")


if __name__ == "__main__":
    main()
