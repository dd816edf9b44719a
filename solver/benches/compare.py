"""The engine beside other solvers on the same instances, in alternation, as a table of ratios and of the bounds they keep.

compare.py ENGINE FOLDER SIZE... [--seeds N] [--rounds N] [--alone SIZE] [--sparse SIZE]
Seconds are user CPU of the solve alone, megabytes the peak of the process, both medians over the rounds.
Fails when a certificate is missing or two solvers disagree on an objective; a missed bound is only told.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from instances import PROFILES, SIZES, instance

HERE = pathlib.Path(__file__).parent
# What the engine may take at most: of OR-Tools' CPU, by instance; of scipy's; of OR-Tools' memory; and of its own
# time on a smaller or simpler instance.
OF_MINCOST = {
    "region/weighted": 0.8, "region/lexi": 0.8, "large/weighted": 0.5, "large/lexi": 0.8, "district/weighted": 0.5,
}
OF_SPARSE = {"large/weighted": 0.1, "large/lexi": 0.1}
OF_MEMORY = 0.25
OF_ITSELF = (("district/lexi", "district/weighted", 6), ("district/weighted", "quarter/weighted", 8), ("district/lexi", "quarter/lexi", 8))


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")
    return json.loads(done.stdout)


def median(runs, name):
    values = [it[name] for it in runs if name in it]
    return statistics.median(values) if values else None


def ratio(ours, theirs):
    return ours / theirs if ours is not None and theirs else None


def told(figure, form):
    return "-" if figure is None else format(figure, form)


def measure(engine, path, solvers, rounds):
    runs = {"engine": []} | {it: [] for it in solvers}
    for turn in range(rounds):
        runs["engine"].append(run([engine, path]))
        for solver in solvers:
            # The slow one tells enough in one run.
            if solver != "sparse" or turn == 0:
                runs[solver].append(run([sys.executable, HERE / "others.py", solver, path]))
    return runs


def row(runs):
    """The figures of one instance."""
    answered = {it: [one for one in each if "objective" in one] for it, each in runs.items()}
    ours, others, slow = answered["engine"], answered.get("mincost", []), answered.get("sparse", [])
    seconds, mb = median(ours, "solve_user_s"), median(ours, "peak_mb")
    return {
        "seconds": seconds, "mb": mb, "matched": ours[0]["matched"],
        "of mincost": ratio(seconds, median(others, "solve_user_s")), "of sparse": ratio(seconds, median(slow, "solve_user_s")),
        "of memory": ratio(mb, median(others, "peak_mb")),
        "equal": sum(map(bool, answered.values())), "certified": all(one["certified"] for one in ours),
        "agreed": len({one["objective"] for each in answered.values() for one in each}) == 1,
        "refused": any("refused" in one for one in runs.get("mincost", [])),
    }


def of_itself(engine, kind, base, folder, seeds, rounds):
    """How many times as long one instance takes as another, by seed: both in alternation, for a machine has its moods."""
    for seed in range(1, seeds + 1):
        runs = ([], [])
        for _ in range(rounds):
            for side, it in zip(runs, (kind, base)):
                side.append(run([engine, file_of(folder, it, seed)]))
        yield ratio(*(median(it, "solve_user_s") for it in runs))


def file_of(folder, kind, seed):
    return folder / f"{kind.replace('/', '-')}-{seed}.mm"


def verdicts(rows, itself):
    """Each bound, what was measured over the seeds, and whether it holds for every seed."""
    def of(kind, name):
        return [it[name] for it in rows.get(kind, []) if it[name] is not None]

    for kind in rows:
        if any(it["refused"] for it in rows[kind]):
            yield f"{kind}: solved and certified, OR-Tools refuses", [], None
        for name, bound, label in (
            ("of mincost", OF_MINCOST.get(kind), "of OR-Tools' CPU"), ("of sparse", OF_SPARSE.get(kind), "of scipy's CPU"),
            ("of memory", OF_MEMORY, "of OR-Tools' memory"),
        ):
            if bound and of(kind, name):
                yield f"{kind}: at most {bound} {label}", of(kind, name), bound
    for kind, base, bound in OF_ITSELF:
        if kind in rows and base in rows:
            yield f"{kind}: at most {bound} times {base}", list(itself(kind, base)), bound


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("engine"), ask.add_argument("folder", type=pathlib.Path)
    ask.add_argument("sizes", nargs="+", choices=SIZES)
    ask.add_argument("--seeds", type=int, help="3, or 1 where alone"), ask.add_argument("--rounds", type=int, help="5, or 1 where alone")
    ask.add_argument("--alone", nargs="*", default=["nation"], help="sizes without other solvers")
    ask.add_argument("--sparse", nargs="*", default=["large"], help="sizes with scipy too")
    options = ask.parse_args()
    rows, kept = {}, {it for pair in OF_ITSELF for it in pair[:2]}
    itself = lambda kind, base: of_itself(
        options.engine, kind, base, options.folder, min(len(rows[kind]), len(rows[base])), options.rounds or 5
    )
    print("| instance | edges | engine s | / OR-Tools | / scipy | engine MB | / OR-Tools | matched | objectives | certified |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for size in options.sizes:
        seeds, rounds = (1, 1) if size in options.alone else (3, 5)
        seeds, rounds = options.seeds or seeds, options.rounds or rounds
        for profile in PROFILES:
            for seed in range(1, seeds + 1):
                it = instance(size, profile, seed)
                edges, path = len(it.costs), file_of(options.folder, f"{size}/{profile}", seed)
                it.write(path)
                del it
                solvers = [] if size in options.alone else ["mincost"] + ["sparse"] * (size in options.sparse and seed == 1)
                one = row(measure(options.engine, path, solvers, rounds))
                rows.setdefault(f"{size}/{profile}", []).append(one)
                if f"{size}/{profile}" not in kept:
                    path.unlink()
                agree = f"{one['equal']} equal" if one["agreed"] else "DIFFER"
                print(
                    f"| {size}/{profile} {seed} | {edges} | {one['seconds']:.3f} | {told(one['of mincost'], '.2f')} "
                    f"| {told(one['of sparse'], '.3f')} | {one['mb']:.0f} | {told(one['of memory'], '.2f')} | {one['matched']} "
                    f"| {agree} | {'yes' if one['certified'] else 'NO'} |",
                    flush=True,
                )
    print("\n| bound | measured, by seed | holds |\n|---|---|---|")
    everything = [it for each in rows.values() for it in each]
    right = all(it["agreed"] and it["certified"] for it in everything)
    print(f"| equal objectives and a certificate in every run | {len(everything)} instances | {'yes' if right else 'NO'} |")
    for bound, figures, most in verdicts(rows, itself):
        holds = most is None or all(it <= most for it in figures)
        print(f"| {bound} | {', '.join(f'{it:.3f}' for it in figures) or '-'} | {'yes' if holds else 'NO'} |")
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
