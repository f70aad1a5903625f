"""Splink on two lists of people, as its documentation recommends for linking them; reads and prints JSON.

Blocking, random-sampling estimate of u, expectation maximisation of m: its own means, no labels.
"""

import json
import logging
import sys
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_RULES = (
    block_on("postcode"),
    block_on("surname", "city"),
    block_on("given_name", "surname"),
    block_on("street", "number"),
    block_on("city", "number"),
    block_on("given_name", "city"),
)


def main() -> None:
    """Print `[[row of the other list, row of the originals, probability], …]`."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    originals, others = json.load(sys.stdin)
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="row",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("street", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("number", 1),
            cl.JaroWinklerAtThresholds("city", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
        ],
        blocking_rules_to_generate_predictions=list(_RULES),
    )
    duck = DuckDBAPI()
    frames = [
        duck.register(_frame(rows), dataset_display_name=name)
        for name, rows in (("a_originals", originals), ("b_others", others))
    ]
    linker = Linker(frames, settings, log_level=logging.ERROR)
    _train(linker)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    json.dump(found[["row_r", "row_l", "match_probability"]].values.tolist(), sys.stdout)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = {"street_number": "number", "address_1": "street", "suburb": "city"}
    frame = pd.DataFrame(rows).rename(columns=columns).drop(columns="entity")
    frame.insert(0, "row", range(len(frame)))
    return frame.replace("", None)


def _train(linker: Linker) -> None:
    sure = [block_on("given_name", "surname", "postcode"), block_on("street", "number", "postcode")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (
        block_on("surname", "given_name"),
        block_on("postcode", "number"),
        block_on("city", "street"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


if __name__ == "__main__":
    main()
