"""The comparison of people beside Splink on the same made people, as a table and a ratio.

duplicates.py PROGRAM FOLDER [--people N] [--beside N] [--seed N]
Of our answer the pairs that are probably one person count. Of Splink's the best of all thresholds counts: its model is trained by
expectation maximisation on the very people, and nobody would know that threshold beforehand.
"""
import argparse
import json
import logging
import pathlib
import subprocess
import sys
import time

import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

# A model of Splink may be so much better at most.
WITHIN = 0.01


def ours(program, count, seed, file=None):
    done = subprocess.run([program, str(count), str(seed), *([file] if file else [])], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def linker(file):
    """The best of a dozen models that were tried: each error has a block, and a telephone only a block, for relatives share it."""
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.ForenameSurnameComparison("given_name", "family_name"),
            *(compare.DamerauLevenshteinAtThresholds(it, [1, 2]) for it in ("patronymic", "birth_date")),
            *(compare.ExactMatch(it) for it in ("sex", "residence", "snils")),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("birth_date", "substr(given_name, 1, 1)"),
            block_on("birth_date", "substr(family_name, 1, 1)"),
            block_on("family_name", "given_name"),
            block_on("given_name", "patronymic", "substr(birth_date, 6, 5)"),
            block_on("given_name", "patronymic", "substr(birth_date, 1, 4)"),
            block_on("family_name", "substr(birth_date, 1, 4)"),
            block_on("snils"),
            block_on("phone"),
        ],
        additional_columns_to_retain=["person"],
    )
    return Linker(table(database, file), settings, log_level=logging.ERROR)


def table(database, file):
    columns = "* replace (nullif(patronymic, '') as patronymic, nullif(snils, '') as snils, nullif(phone, '') as phone)"
    read = f"select {columns} from read_csv('{file}', delim='\t', all_varchar=true)"
    return database.register(database.duckdb_con.sql(read), table_name="people")


def theirs(file, true_pairs):
    """The best of Splink's answers: the threshold in bits, recall, precision, F1 and seconds."""
    begun = time.perf_counter()
    it = linker(file)
    training = it.training
    certain = [block_on("snils"), block_on("family_name", "given_name", "birth_date")]
    training.estimate_probability_two_random_records_match(certain, recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for block in (block_on("birth_date"), block_on("family_name", "given_name"), block_on("snils")):
        training.estimate_parameters_using_expectation_maximisation(block)
    found = it.inference.predict(threshold_match_weight=-20)
    rows = sorted(found.as_duckdbpyrelation().select("match_weight, person_l = person_r").fetchall(), reverse=True)
    seconds = time.perf_counter() - begun
    best, right = {"f1": -1.0}, 0
    for count, (weight, is_true) in enumerate(rows, 1):
        right += is_true
        f1 = 2 * right / (true_pairs + count)
        if f1 > best["f1"]:
            best = {"threshold": weight, "recall": right / true_pairs, "precision": right / count, "f1": f1}
    return best | {"scan_s": seconds}


def line(name, bits, it):
    print(f"{name:<28} {bits:>9} {it['recall']:>9.4f} {it['precision']:>9.4f} {it['f1']:>9.4f} {it['scan_s']:>9.2f}", flush=True)


def main():
    known = argparse.ArgumentParser()
    known.add_argument("program")
    known.add_argument("folder", type=pathlib.Path)
    known.add_argument("--people", type=int, default=100_000)
    known.add_argument("--beside", type=int, default=20_000)
    known.add_argument("--seed", type=int, default=1)
    asked = known.parse_args()
    print(f"{'':<28} {'from bits':>9} {'recall':>9} {'precision':>9} {'F1':>9} {'seconds':>9}")
    large = ours(asked.program, asked.people, asked.seed)
    line(f"ours, {asked.people}", 16, large["likely"] | large)
    line(f"ours, {asked.people}, shown", 12, large["possible"] | large)
    file = asked.folder / "people.tsv"
    small = ours(asked.program, asked.beside, asked.seed, file)
    best = theirs(file, small["true_pairs"])
    line(f"ours, {asked.beside}", 16, small["likely"] | small)
    line(f"Splink, {asked.beside}, at its best", f"{best['threshold']:.1f}", best)
    print(f"F1 of ours to that of Splink: {small['likely']['f1'] / best['f1']:.4f}")
    if small["likely"]["f1"] < best["f1"] - WITHIN:
        sys.exit("Splink is better")


if __name__ == "__main__":
    main()
