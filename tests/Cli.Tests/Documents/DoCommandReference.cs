using System.Text;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>The text of docs/operations/do-commands.md.</summary>
internal static class DoCommandReference
{
    private const string Head = """
        # Commands below `do`

        Generated from the commands themselves: do not edit, run `./build.sh docs`.

        Single steps of what `pg_autoctl run` does by itself, to look into a node, to test, and for a day on which an operator has to do something by
        hand. They are there, and `pg_autoctl help` lists them, where the environment variable `PG_AUTOCTL_DEBUG` is set, to any value:

            PG_AUTOCTL_DEBUG=1 pg_autoctl do pgsetup discover --pgdata /srv/node1

        Exit codes and general options are those of [the other commands](commands.md). A command that is refused says why, and has changed nothing.

        ## What differs from pg_auto_failover 2.0

        - **One process.** There, each service is a process; here, the services of a data directory are parts of one. So `do service getpid` prints the
          same pid for each, the one of `pg_autoctl run`, and `do service restart` prints it too: the part ends and begins anew within it. There are no
          commands that run one service alone (`do service postgres` and its kin).
        - `do service restart postgres` stops PostgreSQL, and the running service starts it again as it does when PostgreSQL has died, as what the node
          is at that moment. The pid of the new postmaster is in the log line. `do service restart node-active` and `listener` leave PostgreSQL alone.
        - `do pgctl` works where the service leaves PostgreSQL alone: in maintenance. `off` also stops what a killed `pg_autoctl` left running. In 2.0 it can be
          called at any time, and the keeper undoes it a second later.
        - `do pgsetup` also reads data directories that pg_autoctl has not made. `logs` shows the last 256 kB of a file. `startup` shows `startup.log` alone.
        - `do show ipaddr` and `cidr` take the host whose way is meant. Without one, on a network without a way to the outside world, they tell what a `create` would find.
        - `do monitor active` reports as the keeper does; while a keeper runs, its next report follows within a second.
        - `do standby rewind` also works on a cluster that pg_autoctl has not made. What it can know beforehand it finds out before it changes anything; a
          former primary that crashed gets its crash recovery first. The data directory keeps its own configuration files. A cluster of pg_autoctl follows by
          the settings file that its nodes have, any other one by `postgresql.auto.conf`.
        - `do standby promote` is refused on a node that has a monitor; like `do standby rewind` also where the configuration of the node is not found.
        - `do fsm assign` is refused where no service runs that would carry it out, where no transition leads to the state, where the list of nodes lacks
          what it needs, where a node is to be promoted while another one is seen to take writes, and where one is to follow a node that was not promoted.
          In 2.0 it waits for 30 s then. [without-a-monitor.md](without-a-monitor.md) has the whole story.
        - `do fsm list` and `do fsm gv` show the transitions that are here, with our reasons: the rows are other ones than in 2.0.
        - `do fsm nodes get --json` prints JSON. `do fsm nodes set` refuses a list with exit code 1, and says everything that is wrong with it.
        - `do fsm init` is for a node without a monitor whose state file was lost, and wants to know the node's id. It does not replace a state file that says
          more than that the node is new.
        - `do fsm step` holds the pidfile while it works, so that no service begins meanwhile.
        - `do standby init` copies and does not start; the service starts the copy as it is when the node is assigned `catchingup`. It never overwrites a data directory.
        - `do standby crash-recovery` leaves PostgreSQL shut down, of a former primary as of a standby.
        - `do coordinator` comes later, and says so.
        - `do demo summary` names the clients of the latest run; `--clients` and `--duration` do not change it.
        - `do demo run` has its clients in one process, and tells how each fared in `demo.client` at its end. It shows the summary by itself. As in 2.0, the schema
          `demo` of the application's database is dropped and made anew. What a client measures is the time to a session with a node that takes writes, retries
          included; a client whose write fails begins anew, and its clock goes on.
        - `do tmux session` refuses a directory that is not empty, a port that is taken, and a session that is there; 2.0 removes what it finds. It makes the session
          detached and then attaches to it; without a terminal, or within tmux, it leaves it at that, and the cluster goes on. Nodes are created by commands that
          wait for the one before. `--sync-standbys` is set once all nodes are there. A path may not hold characters that a shell would read.
        - `do tmux script` makes nothing. `--skip-pg-hba` takes no value. `TMUX_EXTRA_COMMANDS` holds commands of tmux, one a line, as in 2.0.
        - `do tmux wait` without a node waits until there are a primary and its secondaries. It follows the monitor's notifications.
        - `do tmux stop` and `clean` find by themselves what runs in the directory, and end nothing else; both may be repeated. `clean` ends the tmux sessions that
          show that directory, and refuses a directory that holds something no session has made.
        - `do tmux compose` names an image, `pg_auto_failover`, which is built where the current directory has a Dockerfile ([containers.md](containers.md)); it calls
          `docker compose` where there is no `docker-compose`, and refuses volumes that are there already. The definition has no `version`, which compose ignores by now.
        - Sessions with Citus are refused, until there are nodes of Citus. `do azure` says that it is retired.

        ## What some of them print

        A node that has a monitor, whose service does not run, is taken one transition further:

            $ pg_autoctl do fsm step
            23:08:18 8580 INFO  FSM transition from "single" to "wait_primary": A new standby is about to join
            23:08:18 8580 INFO  Starting PostgreSQL: /usr/lib/postgresql/15/bin/postgres -D /srv/node1 -p 6911 -h *
            23:08:18 8580 INFO  PostgreSQL runs with pid 8603 on port 6911 and accepts connections after 504 ms
            23:08:18 8580 INFO  Fetched the list of 1 other nodes: updating HBA rules and replication slots
            23:08:19 8580 INFO  Created replication slot "pgautofailover_standby_2"
            23:08:19 8580 INFO  Transition complete: current state is now "wait_primary"
            single ➜ wait_primary

            $ pg_autoctl do monitor get candidate-count
            1

        Of nodes without a monitor:

            $ pg_autoctl do fsm nodes get
             Name |  Node |      Host:Port |              TLI: LSN | Primary?
            ------+-------+----------------+-----------------------+---------
            node1 |     1 | 127.0.0.1:6901 |                0: 0/1 |      yes
            node2 |     2 | 127.0.0.1:6902 |                0: 0/1 |       no

            $ pg_autoctl do fsm assign single
            23:03:39 5386 ERROR Node 1 "node1" (127.0.0.1:6901) takes writes: with two primaries, one loses what it was given
            23:03:39 5386 WARN  HINT: There, "pg_autoctl do fsm assign draining" comes first; "demoted" where it is single

            $ pg_autoctl do standby init 127.0.0.1 6911
            23:09:20 9036 INFO  Taking a base backup of 127.0.0.1:6911 into "/srv/backup/node_3"
            23:09:21 9036 INFO  The base backup is now "/srv/node3"
            23:09:21 9036 INFO  "/srv/node3" is a copy of 127.0.0.1:6911, and follows it as soon as it is started

        Of any node:

            $ pg_autoctl do primary adduser replica
            23:09:05 8855 INFO  Postgres at "/srv/node1" has role "pgautofailover_replicator"

            $ pg_autoctl do primary defaults
            23:09:08 8883 INFO  The settings of Postgres at "/srv/node1" are there already

            $ pg_autoctl do standby crash-recovery
            23:09:13 8939 INFO  postgres: 2026-11-21 23:09:13.495 UTC [8947] LOG:  database system was not properly shut down; automatic recovery in progress
            23:09:13 8939 INFO  postgres: 2026-11-21 23:09:13.769 UTC [8947] NOTICE:  database system is shut down
            23:09:13 8939 INFO  Postgres at "/srv/node1" is recovered and shut down

            $ pg_autoctl do show version
            23:09:08 8893 INFO  pg_autoctl "0.1.0"
            23:09:08 8893 INFO  pgautofailover "2.0"

        A cluster in a tmux session, made from a script without a terminal (in a terminal, the session is shown, and the cluster is stopped when it is left):

            $ pg_autoctl do tmux session --root /tmp/pgaf --first-pgport 9000
            02:36:35 24738 INFO  Writing "/tmp/pgaf/script-9000.tmux"
            02:36:35 24738 INFO  The session goes on without a terminal: "tmux attach -t pgautofailover-9000" shows it
            $ pg_autoctl do tmux wait --root /tmp/pgaf
            02:36:35 24791 INFO  Waiting until there are 2 nodes, a primary and its secondaries

        And the demonstration on it, with one failover:

            $ pg_autoctl do demo run --clients 3 --duration 10 --first-failover 4 --monitor 'postgres://autoctl_node@localhost:9000/pg_auto_failover?sslmode=require'
            02:36:53 25292 INFO  Using application connection string "postgres://localhost:9001,localhost:9002/demo?target_session_attrs=read-write&sslmode=require"
            02:36:53 25292 INFO  Using Postgres user "postgres"
            02:36:53 25292 INFO  Preparing demo schema: drop schema if exists demo cascade
            02:36:53 25292 WARN  NOTICE:  schema "demo" does not exist, skipping
            02:36:53 25292 INFO  Preparing demo schema: create schema demo
            02:36:53 25292 INFO  Preparing demo schema: create table demo.tracking(ts timestamptz default now(), client integer, loop integer, retries integer, us bigint, recovery bool)
            02:36:53 25292 INFO  Preparing demo schema: create table demo.client(client integer, pid integer, retry_sleep_ms integer, retry_cap_ms integer, failover_count integer)
            02:36:53 25292 INFO  Starting 3 concurrent clients
            02:36:53 25292 INFO  A failover is asked for in 4 s, and every 45 s after that
            02:36:53 25292 INFO  Client 1 pauses for 21 ms at least and 771 ms at most before it tries again
            02:36:57 25292 INFO  Asking for a failover of formation "default", group 0
            02:37:03 25292 INFO  Client 3 wrote 66 rows, 1 of them after retries; its longest way to a connection took 282.937 ms, its longest write 33.887 ms
            02:37:03 25292 INFO  Summary for the demo app running with 3 clients for 10s
                    Client        | Connections | Retries | Min Connect Time (ms) |   max   |  p95   |   p99
            ----------------------+-------------+---------+-----------------------+---------+--------+---------
             Client 1             |          67 |       2 |                 8.931 | 309.027 | 72.127 | 174.789
             Client 2             |          64 |       3 |                11.098 | 424.866 | 75.691 | 228.162
             Client 3             |          66 |       4 |                 8.657 | 282.936 | 81.021 | 183.114
             All Clients Combined |         197 |       9 |                 8.657 | 424.866 | 76.157 | 283.980
            (4 rows)

             Min Connect Time (ms) |   max   | freq |                      bar
            -----------------------+---------+------+-----------------------------------------------
                             8.657 |  31.437 |   96 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            31.934 |  54.113 |   74 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            55.875 |  76.704 |   18 | ▒▒▒▒▒▒▒▒
                            79.933 |  82.953 |    2 | ▒
                           101.162 | 112.637 |    3 | ▒
                           129.363 | 129.363 |    1 |
                           282.936 | 282.936 |    1 |
                           309.027 | 309.027 |    1 |
                           424.866 | 424.866 |    1 |
            (9 rows)

            $ pg_autoctl do tmux clean --root /tmp/pgaf
            02:37:03 25759 INFO  Stopping pg_autoctl of "/tmp/pgaf/node2", with pid 25108
            02:37:03 25759 INFO  Stopping pg_autoctl of "/tmp/pgaf/node1", with pid 25074
            02:37:04 25759 INFO  Stopping pg_autoctl of "/tmp/pgaf/monitor", with pid 24777
            02:37:04 25759 INFO  Ending the tmux session of "/tmp/pgaf"
            02:37:04 25759 INFO  Removing "/tmp/pgaf"

        """;

    public static string Write(CommandContext context)
    {
        var page = new StringBuilder(Head);
        CommandSections.Write(page, DoCommandTree.All.Where(e => !e.IsGroup), context);
        return page.ToString();
    }
}
