#!/usr/bin/env python3
"""
monitor_bench.py - one monitor with many nodes, each of which reports once a second.

The nodes are a primary and a secondary in each of N/2 formations. As a keeper does, each keeps two sessions: one that calls
node_active (pgbench, one client a node, calls spread over the second), one that listens. Their health checks are answered by a
PostgreSQL beside. Measured over --seconds: processor time and memory of the monitor, by its service and its PostgreSQL, and the
latency of node_active as the caller sees it. Then all groups are to switch over at once: how long until the last of these
decisions is made, of each of which every listening session hears.

Prints lines of text. PG_AUTOCTL, PG_BINDIR and root as for failover_bench.py.
"""

import argparse
import glob
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import failover_bench as fb

SELF = os.path.abspath(__file__)
# Sessions that ask for switchovers, each for its share of the groups, one after the other.
OPERATORS = 100
# Seconds in which reports go on after the measurement, for the switchovers.
AFTERWARDS = 60
# What keepers keep open, and some for operators and the service itself.
SPARE_CONNECTIONS = OPERATORS + 100


def listen(uri, count):
    """holds that many listening sessions until it is killed"""
    conns = []
    for _ in range(count):
        c = fb.Conn(uri)
        c.query("listen state")
        conns.append(c)
    print("listening", flush=True)
    while True:
        time.sleep(3600)


def restart_with_connections(cl, uri, number):
    cl.psql(cl.ns_l, uri, "alter system set max_connections to %d" % number)
    cl.mon.want = False
    cl.ctl("stop", "--pgdata", cl.mon.pgdata)
    cl.mon.proc.wait(60)
    cl.run_node(cl.mon)
    cl.wait(lambda: cl.listening(cl.mon) and cl.ctl("show", "state", "--pgdata", cl.mon.pgdata, check=False)[0] == 0,
            60, "the monitor is back")


def write_script(cl, first):
    """One client is one node, even ones are the primaries. A node reports the state that it was last assigned."""
    call = ("select assigned_group_state as %s from pgautofailover.node_active('f' || :f, :id, 0, "
            ":%s::pgautofailover.replication_state, true, 1, '0/3000000', '%s') \\gset\n")
    path = os.path.join(cl.dir, "report.sql")
    with open(path, "w") as f:
        f.write("\\set f :client_id / 2\n\\set id %d + :client_id\n\\if :client_id %% 2 = 0\n%s\\else\n%s\\endif\n" % (
            first, call % ("leads", "leads", "sync"), call % ("follows", "follows", "")))
    shutil.chown(path, fb.FB_USER, fb.FB_USER)
    return path


def switch_over(cl, uri, groups):
    """s until every group has been told to switch over"""
    path = os.path.join(cl.dir, "switchover.sql")
    with open(path, "w") as f:
        f.write("\\set f :client_id * %d + :n\n\\set n :n + 1\nselect pgautofailover.perform_failover('f' || :f, 0);\n" % (groups // OPERATORS))
    shutil.chown(path, fb.FB_USER, fb.FB_USER)
    out = tempfile.TemporaryFile()
    child = cl.spawn([fb.BINDIR + "/pgbench", "-n", "-c", str(OPERATORS), "-j", "1", "-t", str(groups // OPERATORS), "-D", "n=0", "-f", path, uri],
                     cl.ns_l, out, subprocess.STDOUT)
    try:
        child.wait(300)
    finally:
        child.kill()
    out.seek(0)
    text = out.read().decode()
    tps = re.search(r"tps = ([0-9.]+)", text)
    if child.returncode or not tps:
        raise SystemExit("the switchovers could not be asked for:\n" + text)
    return groups / float(tps.group(1))


def groups_of(cl):
    pids = cl.procs(cl.mon)
    postgres = set(fb.descendants([cl.postmaster(cl.mon)]))
    return [("service", [p for p in pids if p not in postgres]), ("postgres", [p for p in pids if p in postgres])]


def ticks(pids):
    return sum(fb.cpu_ticks(p) or 0 for p in pids)


def measure(cl, seconds):
    """processor time of each part over that time, and its memory at the end of it"""
    hz = os.sysconf("SC_CLK_TCK")
    groups = groups_of(cl)
    before, start = [ticks(pids) for _, pids in groups], time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - start
    for (name, pids), b in zip(groups, before):
        cpu = (ticks(pids) - b) / hz / took
        memory = sum(fb.pss_kb(p).get("Pss", 0) for p in pids) / 1024
        print("%-9s %5d processes  %5.1f %% of one core  %6.0f MB (PSS)" % (name, len(pids), 100 * cpu, memory))


def latencies(pattern, since, until):
    """ms of each call in that time, wall clock; what pgbench itself was late by is not the monitor's"""
    found = []
    for path in glob.glob(pattern):
        with open(path) as f:
            for line in f:
                v = line.split()
                # client, transaction, µs, script, end s, end µs, lag µs
                if len(v) >= 7 and v[2].isdigit() and since <= int(v[4]) < until:
                    found.append((int(v[2]) - int(v[6])) / 1000)
    return sorted(found)


def percentile(values, p):
    return values[min(len(values) - 1, int(len(values) * p / 100))]


def run(a):
    fb.need_root()
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(4096, 4 * a.fake), max(4096, 4 * a.fake)))
    cl = fb.Cluster(a, 0, False, a.profile)
    sink, children = None, []
    try:
        cl.create_monitor_only()
        uri = "postgresql://localhost:%d/pg_auto_failover?user=%s" % (cl.mon.port, fb.FB_USER)
        restart_with_connections(cl, uri, 2 * a.fake + SPARE_CONNECTIONS)
        sink = fb.start_sink(cl, a.base_port + 50)
        first = fb.register_fakes(cl, uri, a.fake // 2, a.base_port + 50)
        listeners = cl.spawn([sys.executable, SELF, "_listen", uri, str(a.fake)], cl.ns_l, subprocess.PIPE)
        children.append(listeners)
        if not listeners.stdout.readline():
            raise SystemExit("the listening sessions could not be opened")
        prefix = os.path.join(cl.dir, "calls")
        # Not a pipe: pgbench waits when nobody reads it.
        messages = tempfile.TemporaryFile()

        def report(seconds, *options):
            child = cl.spawn([fb.BINDIR + "/pgbench", "-n", "-M", "extended", "-c", str(a.fake), "-j", "1", "-R", str(a.fake), "-T", str(seconds),
                              "-D", "leads=primary", "-D", "follows=secondary", *options, "-f", write_script(cl, first), uri], cl.ns_l, messages, subprocess.STDOUT)
            children.append(child)
            return child

        # At first every group changes its states a few times, and everybody hears of each: that is not what is measured.
        start = time.monotonic()
        first_reports = report(600)
        cl.wait(lambda: cl.psql(cl.ns_l, uri, "select count(*) from pgautofailover.node where goalstate <> reportedstate "
                                "or goalstate not in ('primary', 'secondary') or health <> 1").strip() == "0", 600, "every group is settled", 1)
        print("settled after %.0f s" % (time.monotonic() - start))
        first_reports.kill()
        first_reports.wait()
        bench = report(a.warm_up + a.seconds + AFTERWARDS, "-l", "--log-prefix", prefix)
        cl.wait(lambda: any(os.path.getsize(f) for f in glob.glob(prefix + ".*")), 300, "every session calls", 0.2)
        time.sleep(a.warm_up)
        print("%d nodes, each with two sessions, report once a second, for %d s" % (a.fake, a.seconds))
        since = time.time()
        measure(cl, a.seconds)
        until = time.time()
        groups = a.fake // 2 // OPERATORS * OPERATORS
        took = switch_over(cl, uri, groups) if groups else None
        decided = time.time()
        bench.wait(AFTERWARDS + 120)
        messages.seek(0)
        out = messages.read().decode()
        errors = [line for line in out.splitlines() if "error:" in line]
        if errors:
            print("%d clients ended with an error, the first: %s" % (len(errors), errors[0]))
        calls = latencies(prefix + ".*", since, until)
        if not calls:
            raise SystemExit("no call was made:\n" + out)
        print("node_active: %.0f calls a second; median %.1f ms, 99th percentile %.1f ms, longest %.1f ms" % (
            len(calls) / (until - since), percentile(calls, 50), percentile(calls, 99), calls[-1]))
        if took:
            print("%d switchovers, by %d sessions at once: all decided within %.1f s; longest node_active of these seconds %.1f ms" % (
                groups, OPERATORS, took, max(latencies(prefix + ".*", until, decided + 1), default=0)))
        print("states after: " + cl.psql(
            cl.ns_l, uri, "select string_agg(x, ', ') from (select goalstate || '/' || reportedstate || ' health ' || health || ': ' "
            "|| count(*) as x from pgautofailover.node group by goalstate, reportedstate, health order by 1) s").strip())
    finally:
        for c in children:
            if c.poll() is None:
                c.kill()
                c.wait()
        if sink:
            fb.stop_sink(cl, sink)
        cl.destroy(keep=a.keep)


def main():
    if sys.argv[1:2] == ["_listen"]:
        listen(sys.argv[2], int(sys.argv[3]))
    sys.stdout.reconfigure(line_buffering=True)
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--fake", type=int, default=1000, help="registered nodes (1000)")
    p.add_argument("--seconds", type=int, default=30, help="length of the measurement (30)")
    p.add_argument("--warm-up", type=int, default=10, help="seconds of the same before (10)")
    p.add_argument("--profile", choices=sorted(fb.PROFILES), default="default")
    p.add_argument("--workdir", default=os.path.join(tempfile.gettempdir(), "monitor-bench-run"))
    p.add_argument("--base-port", type=int, default=16600)
    p.add_argument("--keep", action="store_true", help="keep the cluster's directory")
    a = p.parse_args()
    a.set, a.tune_cmd = None, None
    os.makedirs(a.workdir, exist_ok=True)
    a.workdir = os.path.realpath(a.workdir)
    run(a)


if __name__ == "__main__":
    main()
