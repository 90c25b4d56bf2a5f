#!/usr/bin/env python3
"""table.py DIRECTORY - tables in Markdown from the results that bench/run left in a directory."""

import json
import os
import statistics
import sys

# fault, what it is called, which floor it is compared with, the goal with default settings for a pair and for more nodes
ROWS = [
    ("switchover", "switchover", "switchover", "at most 2 × the floor", "at most 3 × the floor"),
    ("kill-postmaster", "postmaster killed, keeper alive", "crash", "under 1 s", "under 1 s"),
    ("crash", "primary's whole tree killed", "crash", "under 1.5 s", "under 2 s"),
    ("kill-standby", "standby's whole tree killed: longest stall", None, "under 1.5 s", "under 1.5 s"),
    ("hang", "primary frozen", "crash", "detection as set, plus under 1 s", "detection as set, plus under 2 s"),
    ("partition", "primary cut off", "crash", "detection as set, plus under 1 s", "detection as set, plus under 2 s"),
    ("partition-monitor", "only the path primary–monitor cut", None, "no failover, no stall", "no failover, no stall"),
]


def load(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f if line.strip()]


def median_worst(values):
    return "%.2f / %.2f" % (statistics.median(values), max(values)) if values else "–"


def cells(runs, base):
    """gap, multiple of the floor, repetitions, acknowledged rows that were lost"""
    gaps = [r["gap_main"] for r in runs if r.get("ok") and r.get("gap_main") is not None]
    times = "%.1f" % (statistics.median(gaps) / statistics.median(base)) if gaps and base else "–"
    return [median_worst(gaps), times, "%d of %d" % (len(gaps), len(runs)), str(sum(r.get("lost") or 0 for r in runs))]


# fault, what is measured until the nodes that live were settled: with more than two nodes there is a secondary among them
WHOLE = [("switchover", "steady_s"), ("crash", "survivors_steady_s"), ("kill-standby", None)]


def whole_again(runs):
    titles = {fault: title for fault, title, *_ in ROWS}
    print("\nSeconds until a primary and its secondaries were settled again, median / worst.\n")
    print("| fault | the nodes that live | the killed node, after its start | goal |\n|---|---|---|---|")
    for fault, figure in WHOLE:
        mine = [r for r in runs if r["who"] == "ours" and r["fault"] == fault and r.get("ok")]
        living = [r[figure] for r in mine if figure and r.get(figure) is not None]
        killed = [r["rejoin_s"] for r in mine if r.get("rejoin_s") is not None]
        if mine:
            print("| %s | %s | %s | under 10 s |" % (titles[fault].split(":")[0], median_worst(living), median_worst(killed)))


def faults(floor, runs):
    nodes = max(r.get("nodes", 2) for r in runs)
    whos = [w for w in ("ours", "peer") if any(r["who"] == w for r in runs)]
    print("%d nodes. Seconds between two acknowledged writes, median / worst. The client is libpq with a multi-host URI. The floor is "
          "PostgreSQL alone, told what happened.\n" % nodes)
    print("| fault | floor | %s | goal |" % " | ".join("%s | × floor | runs | lost" % w for w in whos))
    print("|---|---|%s---|" % ("---|---|---|---|" * len(whos)))
    for fault, title, compared, pair_goal, goal in ROWS:
        mine = [r for r in runs if r["fault"] == fault]
        if mine:
            base = [r["gap"] for r in floor if r["fault"] == compared]
            columns = [c for w in whos for c in cells([r for r in mine if r["who"] == w], base)]
            print("| %s | %s | %s | %s |" % (title, median_worst(base), " | ".join(columns), pair_goal if nodes == 2 else goal))
    cut = [r for r in runs if r["fault"] == "partition-monitor"]
    if cut:
        print("\nFailovers when only the path primary–monitor was cut: %s." % ", ".join(
            "%s %d" % (w, sum(r["who"] == w and bool(r.get("failed_over")) for r in cut)) for w in whos))

    if nodes > 2:
        whole_again(runs)

def main():
    directory = sys.argv[1]
    print("# Run %s\n" % os.path.basename(os.path.normpath(directory)))
    runs = load(os.path.join(directory, "faults.jsonl"))
    if runs:
        faults(load(os.path.join(directory, "floor.jsonl")), runs)
    texts = os.path.join(directory, "texts.md")
    if os.path.exists(texts):
        with open(texts) as f:
            print(f.read())


if __name__ == "__main__":
    main()
