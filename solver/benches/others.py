"""Another solver on one instance: others.py mincost|sparse FILE. One line of JSON: the objective, user CPU seconds of the
solve alone, peak memory of the process."""
import json
import resource
import sys

import numpy as np

from instances import read


def user_seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def rows_of(it):
    return np.repeat(np.arange(len(it.left_out)), np.diff(it.starts))


def mincost(it):
    """OR-Tools: child -> mentor -> sink, and child -> sink for whoever stays out."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = len(it.left_out), len(it.seats)
    children, sinks, ones = np.arange(n), np.full(n + m, n + m), np.ones(n + len(it.costs), np.int64)
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((rows_of(it), children, n + np.arange(m))),
        np.concatenate((n + it.mentors.astype(np.int64), sinks)),
        np.concatenate((ones, it.seats.astype(np.int64))),
        np.concatenate((it.costs, it.left_out, np.zeros(m, np.int64))),
    )
    flow.set_nodes_supplies(np.arange(n + m + 1), np.concatenate((np.ones(n, np.int64), np.zeros(m, np.int64), [-n])))
    begun = user_seconds()
    status = flow.solve()
    took = user_seconds() - begun
    if status != flow.OPTIMAL:
        return None, str(status)
    chosen = flow.flows(arcs)[: n + len(it.costs)] > 0
    return sum(map(int, np.concatenate((it.costs, it.left_out))[chosen])), took


def sparse(it):
    """scipy: every seat a column, and a column of their own for whoever stays out."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if it.left_out.max() > 2**50:
        return None, "costs exceed a float's 53 bits"
    n, seats = len(it.left_out), it.seats.astype(np.int64)
    first, copies = np.cumsum(seats) - seats, seats[it.mentors]
    within = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    rows = np.concatenate((np.repeat(rows_of(it), copies), np.arange(n)))
    columns = np.concatenate((np.repeat(first[it.mentors], copies) + within, seats.sum() + np.arange(n)))
    costs = np.concatenate((np.repeat(it.costs, copies), it.left_out))
    table = csr_array((costs + 1.0, (rows, columns)), shape=(n, seats.sum() + n))
    begun = user_seconds()
    chosen = min_weight_full_bipartite_matching(table)
    took = user_seconds() - begun
    return sum(int(it) - 1 for it in table[chosen]), took


if __name__ == "__main__":
    objective, took = {"mincost": mincost, "sparse": sparse}[sys.argv[1]](read(sys.argv[2]))
    answer = {"refused": took} if objective is None else {"objective": str(objective), "solve_user_s": took}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(answer | {"peak_mb": peak_mb}))
