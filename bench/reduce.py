#!/usr/bin/env python3
"""reduce.py WHO FILE... - what is kept of each repetition: its figures, without timelines, logs and paths."""

import json
import sys

KEPT = ("fault", "rep", "nodes", "profile", "wall", "ok", "exception", "gap_main", "gap_server", "lost", "acks_total", "steady_s",
        "survivors_steady_s", "rejoin_s", "failed_over", "old_postgres_stopped_s", "machine_busy_pct")

for path in sys.argv[2:]:
    with open(path) as f:
        for line in f:
            run = json.loads(line)
            print(json.dumps({"who": sys.argv[1], **{k: run[k] for k in KEPT if k in run}}))
