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
        - `do show ipaddr` and `cidr` take the host whose way is meant, for machines that have no way to the outside world.
        - `do monitor active` reports as the keeper does; while a keeper runs, its next report follows within a second.
        - `do standby rewind` also works on a cluster that pg_autoctl has not made. What it can know beforehand it finds out before it changes anything; a
          former primary that crashed gets its crash recovery first. The data directory keeps its own configuration files. A cluster of pg_autoctl follows by
          the settings file that its nodes have, any other one by `postgresql.auto.conf`.
        - `do standby promote` is refused on a node that has a monitor.
        - Not there: `do fsm init`, `assign`, `step` and `nodes`, for a node is not yet created with `--disable-monitor`; `do primary adduser` and `defaults` and
          `do standby init`, which `create postgres` does; `do coordinator`.
        - There are no `do tmux`, `do azure` and `do demo`: `./demo` in the sources shows a cluster and what it survives.

        """;

    public static string Write(CommandContext context)
    {
        var page = new StringBuilder(Head);
        CommandSections.Write(page, DoCommandTree.All.Where(e => !e.IsGroup), context);
        return page.ToString();
    }
}
