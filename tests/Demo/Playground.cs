using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Demo;

/// <summary>Leaves a cluster running and tells how to play with it and how to end it.</summary>
internal static class Playground
{
    internal static void Leave(Cluster cluster, Screen screen)
    {
        cluster.LetGo();
        string settings = cluster.Files.Under("env.sh");
        File.WriteAllLines(settings,
        [
            .. cluster.Files.Environment.Where(v => v.Key is not ("HOME" or "USER" or "LOGNAME" or "TERM")).Select(v => $"export {v.Key}='{v.Value}'"),
            $"export PGDATA='{cluster.Monitor.DataDirectory}' PGHOST='{cluster.Files.Sockets}'",
        ]);
        string stop = cluster.Files.Under("stop.sh");
        File.WriteAllLines(stop,
        [
            $". '{settings}'",
            .. cluster.Nodes.Append(cluster.Monitor).Select(n => $"'{Binaries.PgAutoctl}' stop --pgdata '{n.DataDirectory}'"),
        ]);

        screen.Begin("The cluster goes on running. To play with it:");
        screen.Say(Account.IsRoot ? $"  su -s /bin/bash {Account.Name}" : "  bash");
        screen.Say($"  . {settings}");
        screen.Say("  pg_autoctl show state");
        screen.Say("  pg_autoctl show events");
        screen.Say("  pg_autoctl perform switchover");
        foreach (TestNode node in cluster.Nodes)
        {
            screen.Say($"  psql -p {node.Port} -c 'select count(*) from ledger'    # {node.Name}, log in {node.LogFile}");
        }

        screen.Say($"To end it:  bash {stop}; rm -r {cluster.Files.Root}   (the first as {Account.Name})");
    }
}
