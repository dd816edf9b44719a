"""The engine beside other solvers on the same instances, in alternation, as a table of ratios.

compare.py ENGINE FOLDER SIZE... [--seeds N] [--rounds N] [--alone SIZE] [--sparse SIZE]
Fails when a certificate is missing or two solvers disagree on an objective; never on a time.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from instances import PROFILES, SIZES, instance

HERE = pathlib.Path(__file__).parent


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")
    return json.loads(done.stdout)


def median(runs, name):
    values = [it[name] for it in runs if name in it]
    return statistics.median(values) if values else None


def ratio(ours, theirs):
    return f"{ours / theirs:.2f}" if ours is not None and theirs else "-"


def measure(engine, path, solvers, rounds):
    runs = {"engine": []} | {it: [] for it in solvers}
    for turn in range(rounds):
        runs["engine"].append(run([engine, path]))
        for solver in solvers:
            # The slow one tells enough in one run.
            if solver != "sparse" or turn == 0:
                runs[solver].append(run([sys.executable, HERE / "others.py", solver, path]))
    return runs


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("engine"), ask.add_argument("folder", type=pathlib.Path)
    ask.add_argument("sizes", nargs="+", choices=SIZES)
    ask.add_argument("--seeds", type=int, default=3), ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--alone", nargs="*", default=["nation"], help="sizes without other solvers")
    ask.add_argument("--sparse", nargs="*", default=["large"], help="sizes with scipy too")
    options = ask.parse_args()
    wrong = 0
    print("| instance | edges | engine s | / OR-Tools | / scipy | engine MB | / OR-Tools | matched | objectives | certified |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for size in options.sizes:
        for profile in PROFILES:
            for seed in range(1, options.seeds + 1):
                it = instance(size, profile, seed)
                path = options.folder / "instance.mm"
                it.write(path)
                solvers = [] if size in options.alone else ["mincost"] + ["sparse"] * (size in options.sparse and seed == 1)
                runs = measure(options.engine, path, solvers, options.rounds)
                ours, others, slow = runs["engine"], runs.get("mincost", []), runs.get("sparse", [])
                objectives = {one["objective"] for each in runs.values() for one in each if "objective" in one}
                certified = all(one["certified"] for one in ours)
                wrong += len(objectives) != 1 or not certified
                compared = sum(any("objective" in one for one in each) for each in runs.values())
                seconds, mb = median(ours, "solve_user_s"), median(ours, "peak_mb")
                others_mb = median([one for one in others if "objective" in one], "peak_mb")
                agree = f"{compared} equal" if len(objectives) == 1 else "DIFFER"
                print(
                    f"| {size}/{profile} {seed} | {len(it.costs)} | {seconds:.3f} | {ratio(seconds, median(others, 'solve_user_s'))} "
                    f"| {ratio(seconds, median(slow, 'solve_user_s'))} | {mb:.0f} | {ratio(mb, others_mb)} | {ours[0]['matched']} "
                    f"| {agree} | {'yes' if certified else 'NO'} |",
                    flush=True,
                )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
