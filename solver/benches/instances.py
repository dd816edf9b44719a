"""Seeded instances of matching in the exchange format: invented people on an invented map.

MMATCH01 | n u64 | m u64 | edges u64 | row starts i64[n+1] | seats u32[m] | left out i64[n] | mentor u32[edges] | cost i64[edges]
"""
from dataclasses import dataclass

import numpy as np

# beneficiaries, mentors, municipalities, the best candidates kept of each beneficiary (0: all)
SIZES = {
    "region": (1_000, 600, 12, 0),
    "large": (10_000, 6_000, 40, 0),
    "quarter": (25_000, 10_000, 125, 128),
    "district": (100_000, 40_000, 500, 128),
    "nation": (400_000, 100_000, 2_000, 128),
}
PROFILES = ("weighted", "lexi")
FIT, CHOICE = 10_000, 7
LONGEST_WAY_KM = 70


@dataclass
class Instance:
    starts: np.ndarray
    seats: np.ndarray
    left_out: np.ndarray
    mentors: np.ndarray
    costs: np.ndarray

    def write(self, path):
        columns = ((self.starts, "<i8"), (self.seats, "<u4"), (self.left_out, "<i8"), (self.mentors, "<u4"), (self.costs, "<i8"))
        with open(path, "wb") as file:
            file.write(b"MMATCH01")
            np.array([len(self.left_out), len(self.seats), len(self.mentors)], "<u8").tofile(file)
            for column, kind in columns:
                column.astype(kind).tofile(file)


def read(path):
    with open(path, "rb") as file:
        assert file.read(8) == b"MMATCH01"
        n, m, edges = map(int, np.fromfile(file, "<u8", 3))
        lengths = ((n + 1, "<i8"), (m, "<u4"), (n, "<i8"), (edges, "<u4"), (edges, "<i8"))
        return Instance(*(np.fromfile(file, kind, length) for length, kind in lengths))


def sets(rng, people, words, least, most):
    """Sets of words as bits, the first words the most popular."""
    lure = rng.gumbel(size=(people, words)) - 0.7 * np.log(np.arange(1, words + 1))
    order = np.argsort(-lure, axis=1)[:, :most].astype(np.uint64)
    taken = np.arange(most) < rng.integers(least, most + 1, people)[:, None]
    return np.bitwise_or.reduce(np.where(taken, np.uint64(1) << order, np.uint64(0)), axis=1)


def population(rng, people, towns, weights, mentors):
    age = rng.integers(20, 68, people) if mentors else rng.integers(8, 24, people)
    minority = rng.random(people) < 0.12
    return {
        "town": rng.choice(towns, people, p=weights), "age": age, "sex": rng.random(people) < (0.7 if mentors else 0.5),
        "languages": np.where(minority, np.uint64(1) << rng.integers(1, 6, people).astype(np.uint64), np.uint64(0))
        | np.where(minority & (rng.random(people) < 0.15), np.uint64(0), np.uint64(1)),
        "hours": sets(rng, people, 21, 1, 8), "interests": sets(rng, people, 64, *((3, 9) if mentors else (2, 7))),
        "needs": sets(rng, people, 24, *((2, 8) if mentors else (1, 4))),
        "risk": rng.choice(4, people, p=(0.05, 0.15, 0.3, 0.5) if mentors else (0.45, 0.35, 0.15, 0.05)),
        "particular": rng.random(people) < (0.06 if mentors else 0.25),
        "waited": rng.exponential(120, people), "reach": np.where(rng.random(people) < 0.35, rng.uniform(20, 70, people), 0.0),
    }


def fits(children, mentors, way):
    """Which pairs are possible, and how well they fit, from 0 to 10 000."""
    count = lambda bits: np.bitwise_count(bits).astype(np.int64)
    hours = count(children["hours"] & mentors["hours"])
    years = mentors["age"] - children["age"]
    possible = (hours > 0) & ((children["languages"] & mentors["languages"]) > 0) & (years >= 4)
    possible &= ~mentors["particular"] & (mentors["risk"] >= children["risk"])
    possible &= ~children["particular"] | (children["sex"] == mentors["sex"])
    fit = 3000 * count(children["interests"] & mentors["interests"]) // count(children["interests"])
    fit += 2500 * count(children["needs"] & mentors["needs"]) // count(children["needs"])
    fit += 1500 * np.minimum(hours, 4) // 4 + 1000 * np.maximum(0, 30 - abs(years - 18)) // 30 + 500
    return possible, fit + (1500 * (1 - way / LONGEST_WAY_KM)).astype(np.int64)


def candidates(rng, children, mentors, towns, keep):
    """Possible pairs, town by town: the child, the mentor, the fit."""
    map_km = rng.random((towns, 2)) * np.sqrt(towns) * 30
    for town in range(towns):
        everyone = np.flatnonzero(children["town"] == town)
        way = np.hypot(*(map_km[mentors["town"]] - map_km[town]).T)
        near = np.flatnonzero(way <= mentors["reach"])
        for some in np.array_split(everyone, 1 + len(everyone) * len(near) // 4_000_000):
            block = fits({k: v[some, None] for k, v in children.items()}, {k: v[near] for k, v in mentors.items()}, way[near])
            possible, fit = block
            if keep and len(near) > keep:
                rank = np.where(possible, -fit * 4096 + np.arange(len(near)) % 4096, 1 << 60)
                best = np.argpartition(rank, keep, axis=1)[:, :keep]
                kept = np.zeros_like(possible)
                np.put_along_axis(kept, best, True, axis=1)
                possible &= kept
            row, column = np.nonzero(possible)
            yield some[row], near[column], fit[row, column]


def choices(rng, rows, fit):
    """Six of ten children meet up to eight of their candidates, rank three and are ranked: 0 for strangers, 7 for mutual firsts."""
    active = rng.random(rows.max() + 1) < 0.6
    order = np.lexsort((rng.random(len(rows)), rows))
    sorted_rows = rows[order]
    first = np.searchsorted(sorted_rows, sorted_rows)
    met = order[(np.arange(len(rows)) - first < 8) & active[sorted_rows]]
    met = met[np.lexsort((-(fit[met] + rng.integers(0, 3000, len(met))), rows[met]))]
    place = np.arange(len(met)) - np.searchsorted(rows[met], rows[met])
    theirs, ours = np.maximum(0, 3 - place), np.maximum(0, rng.integers(-3, 5, len(met)))
    choice = np.zeros(len(rows), np.int64)
    choice[met] = np.where((theirs > 0) & (ours > 0), theirs + ours, (theirs + ours > 0).astype(np.int64))
    return choice


def instance(size, profile, seed):
    people, others, towns, keep = SIZES[size]
    rng = np.random.default_rng(seed)
    weights = rng.permutation(np.arange(1, towns + 1) ** -0.7)
    weights /= weights.sum()
    children = population(rng, people, towns, weights, False)
    mentors = population(rng, others, towns, weights, True)
    rows, columns, fit = map(np.concatenate, zip(*candidates(rng, children, mentors, towns, keep)))
    order = np.lexsort((columns, rows))
    rows, columns, fit = rows[order], columns[order], fit[order]
    choice = choices(rng, rows, fit)
    level = 1 + 4 * children["risk"] + np.searchsorted((60, 180, 365), children["waited"])
    unit = people * FIT + 1 if profile == "lexi" else 1_500
    left_out = level * (people * (CHOICE * unit + FIT) + 1) if profile == "lexi" else 750_000 + 250_000 * level
    seats = rng.choice((1, 2, 3), others, p=(0.6, 0.3, 0.1))
    starts = np.searchsorted(rows, np.arange(people + 1))
    return Instance(starts, seats, left_out, columns, (FIT - fit) + (CHOICE - choice) * unit)
