#!/usr/bin/env python3
"""
floor.py - what PostgreSQL itself needs, measured with nothing but its own programs.

A primary and a synchronous standby, a client with a multi-host URI that retries every 5 ms. No detection, no decision, no
agreement: the script knows what it has done and acts at once. Nothing that also detects and decides can be faster, so the
figures of a failover system are given as multiples of these.

  switchover  CHECKPOINT, pg_ctl stop -m fast, pg_ctl promote
  crash       SIGKILL of the primary's postmaster, pg_ctl promote

Prints one JSON line per repetition: {"fault": ..., "gap": seconds without an acknowledged write, "lost": rows}.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import failover_bench as fb


def free_port():
    while True:
        port = random.randint(20000, 32000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Pair:
    """primary and standby in a temporary directory"""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="pgfloor-")
        os.chmod(self.dir, 0o755)
        self.user = fb.FB_USER if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.dir, self.user, self.user)
        self.ports = [free_port(), free_port()]
        self.data = [os.path.join(self.dir, x) for x in ("a", "b")]

    def run(self, program, *args):
        cmd = [os.path.join(fb.BINDIR, program)] + list(args)
        if self.user:
            cmd = ["setpriv", "--reuid=" + self.user, "--regid=" + self.user, "--init-groups", "--"] + cmd
        subprocess.run(cmd, check=True, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def uri(self, i):
        return "postgresql://127.0.0.1:%d/postgres?user=%s" % (self.ports[i], self.user or os.environ["USER"])

    def both(self):
        return "postgresql://%s/postgres?user=%s&target_session_attrs=read-write" % (
            ",".join("127.0.0.1:%d" % p for p in self.ports), self.user or os.environ["USER"])

    def start(self, i):
        self.run("pg_ctl", "-D", self.data[i], "-w", "-l", os.path.join(self.dir, "log%d" % i), "-o",
                 "-p %d -k %s" % (self.ports[i], self.dir), "start")

    def create(self):
        self.run("initdb", "-A", "trust", "--no-sync", "-D", self.data[0])
        with open(os.path.join(self.data[0], "postgresql.conf"), "a") as f:
            f.write("listen_addresses = '127.0.0.1'\nwal_retrieve_retry_interval = '200ms'\n")
        self.start(0)
        self.run("pg_basebackup", "-d", self.uri(0), "-D", self.data[1], "-R", "-c", "fast", "--no-sync")
        self.start(1)
        c = fb.Conn(self.uri(0))
        c.query("create table fb(w text, id bigint, t timestamptz default clock_timestamp(), primary key(w,id))")
        c.query("alter system set synchronous_standby_names to '*'")
        c.query("select pg_reload_conf()")
        deadline = time.monotonic() + 30
        while c.query("select count(*) from pg_stat_replication where sync_state = 'sync'")[0][0] != "1":
            if time.monotonic() > deadline:
                raise SystemExit("the standby does not stream")
            time.sleep(0.05)
        c.close()
        os.sync()
        # the standby took the setting over; as a new primary it must not wait for anybody
        with open(os.path.join(self.data[1], "postgresql.auto.conf"), "a") as f:
            f.write("synchronous_standby_names = ''\n")

    def postmaster(self, i):
        with open(os.path.join(self.data[i], "postmaster.pid")) as f:
            return int(f.readline())

    def destroy(self):
        for i in (0, 1):
            try:
                self.run("pg_ctl", "-D", self.data[i], "-m", "immediate", "-w", "stop")
            except (subprocess.CalledProcessError, OSError):
                pass
        shutil.rmtree(self.dir, ignore_errors=True)


def measure(fault):
    pair = Pair()
    writer = None
    try:
        pair.create()
        log = os.path.join(pair.dir, "writer.log")
        writer = fb.Writer("floor", subprocess.Popen(
            [sys.executable, fb.SELF, "_writer", "--tag", "floor", "--uri", pair.both(), "--log", log, "--interval", "0.005",
             "--query-timeout", "2", "--connect-timeout", "2", "--retry-sleep", "0.005"], stdin=subprocess.DEVNULL), log)
        start = time.monotonic()
        while (writer.last_ack() or 0) < start + 1.5:
            time.sleep(0.05)
        t0 = time.monotonic()
        if fault == "switchover":
            c = fb.Conn(pair.uri(0))
            c.query("checkpoint")
            c.close()
            pair.run("pg_ctl", "-D", pair.data[0], "-m", "fast", "-w", "stop")
        else:
            os.kill(pair.postmaster(0), signal.SIGKILL)
        pair.run("pg_ctl", "-D", pair.data[1], "--no-wait", "promote")
        while (writer.last_ack() or 0) < t0 + 1.0 or not any(a[3].endswith(str(pair.ports[1])) for a in writer.acks):
            if time.monotonic() > t0 + 60:
                raise SystemExit("the standby was not promoted")
            time.sleep(0.05)
        writer.stop()
        c = fb.Conn(pair.uri(1))
        have = {int(r[0]) for r in c.query("select id from fb")}
        c.close()
        gap = fb.gaps([a[2] for a in writer.acks], t0, time.monotonic())[0][0]
        return {"fault": fault, "gap": gap, "lost": len({a[0] for a in writer.acks} - have)}
    finally:
        if writer:
            writer.stop()
        pair.destroy()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--reps", type=int, default=5)
    a = p.parse_args()
    for _ in range(a.reps):
        for fault in ("switchover", "crash"):
            print(json.dumps(measure(fault)), flush=True)


if __name__ == "__main__":
    main()
