using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Output;

/// <summary>The tables letter by letter, as scripts and eyes know them from pg_auto_failover 2.0.</summary>
public sealed class TablesTests
{
    [Fact]
    public void Show_state_of_a_pair() => Write(w => StateTable.Write(w,
        [
            new NodeRow("pgsql", "node1", "localhost", 16461, 0, 1, NodeState.Primary, NodeState.Primary, 1, "0/3000110", 1),
            new NodeRow("pgsql", "node2", "localhost", 16462, 0, 2, NodeState.Secondary, NodeState.Secondary, 1, "0/3000110", 1),
        ]))
        .ShouldBe("""
             Name |  Node |       Host:Port |       TLI: LSN |   Connection |      Reported State |      Assigned State
            ------+-------+-----------------+----------------+--------------+---------------------+--------------------
            node1 |     1 | localhost:16461 |   1: 0/3000110 |   read-write |             primary |             primary
            node2 |     2 | localhost:16462 |   1: 0/3000110 |    read-only |           secondary |           secondary


            """);

    [Fact]
    public void Show_state_of_a_node_whose_health_is_unknown() => Write(w => StateTable.Write(w,
        [new NodeRow("pgsql", "node1", "localhost", 16461, 0, 1, NodeState.Init, NodeState.Single, 1, "0/0", -1)]))
        .ShouldBe("""
             Name |  Node |       Host:Port |  TLI: LSN |   Connection |      Reported State |      Assigned State
            ------+-------+-----------------+-----------+--------------+---------------------+--------------------
            node1 |     1 | localhost:16461 |    1: 0/0 |       none ? |                init |              single


            """);

    [Fact]
    public void Show_state_without_a_node() => Write(w => StateTable.Write(w, []))
        .ShouldBe("""
            Name |  Node |  Host:Port |  TLI: LSN |   Connection |      Reported State |      Assigned State
            -----+-------+------------+-----------+--------------+---------------------+--------------------


            """);

    [Fact]
    public void A_citus_node_shows_its_group_and_a_sick_one_an_exclamation_mark()
    {
        var row = new NodeRow("citus", "worker1a", "h", 1, 1, 7, NodeState.Primary, NodeState.Primary, 1, "0/0", 0);

        row.NodeText.ShouldBe("1/7");
        row.Connection.ShouldBe("read-write !");
    }

    [Fact]
    public void Show_events() => Write(w => EventTable.Write(w,
        [
            new EventRow("2026-11-21 03:31:10.272197+00", 0, 2, "secondary", "secondary", "New state is reported"),
            new EventRow("2026-11-21 03:31:10.40612+00", 0, 1, "wait_primary", "primary", "Setting goal state"),
        ]))
        .ShouldBe("""
                                Event Time |   Node |       Current State |      Assigned State | Comment
            -------------------------------+--------+---------------------+---------------------+-----------
             2026-11-21 03:31:10.272197+00 |    0/2 |           secondary |           secondary | New state is reported
              2026-11-21 03:31:10.40612+00 |    0/1 |        wait_primary |             primary | Setting goal state


            """);

    [Fact]
    public void Show_settings() => Write(w => SettingsTable.Write(w,
        [
            ["formation", "default", "number_sync_standbys", "0"],
            ["primary", "node1", "synchronous_standby_names", "'ANY 1 (pgautofailover_standby_2)'"],
            ["node", "node1", "candidate priority", "50"],
        ]))
        .Replace(" \n", ".\n", StringComparison.Ordinal)
        .ShouldBe("""
              Context |    Name |                   Setting | Value                            .
            ----------+---------+---------------------------+-----------------------------------
            formation | default |      number_sync_standbys | 0                                .
              primary |   node1 | synchronous_standby_names | 'ANY 1 (pgautofailover_standby_2)'
                 node |   node1 |        candidate priority | 50                               .


            """);

    [Fact]
    public void Show_uri() => Write(w => UriTable.Write(w, [["monitor", "monitor", "postgres://a"], ["formation", "default", "postgres://b"]]))
        .ShouldBe("""
                    Type |    Name | Connection String
            -------------+---------+-------------------------------
                 monitor | monitor | postgres://a
               formation | default | postgres://b


            """);

    [Fact]
    public void Show_file() => Write(w => FileTable.Write(w, [["Config", "/c/pg_autoctl.cfg"], ["Pid", "/r/pg_autoctl.pid"]]))
        .ShouldBe("""
               File | Path
            --------+----------------
             Config | /c/pg_autoctl.cfg
                Pid | /r/pg_autoctl.pid


            """);

    [Fact]
    public void Changes_during_a_failover() => Write(w =>
        {
            var table = new TransitionTable(w, new StoppedClock(new DateTimeOffset(2026, 11, 21, 3, 31, 35, TimeSpan.Zero)));
            table.WriteHead();
            table.WriteRow(new StateNotification("default", 0, 2, "node2", "localhost", 16462, NodeState.Primary, NodeState.Draining));
            table.NamesGroups = true;
            table.WriteRow(new StateNotification("default", 0, 1, "node1", "localhost", 16461, NodeState.Primary, NodeState.Draining));
        })
        .ShouldBe("""
                Time |                      Name |  Node |                 Host:Port |       Current State |      Assigned State
            ---------+---------------------------+-------+---------------------------+---------------------+--------------------
            03:31:35 |                     node2 |     2 |           localhost:16462 |             primary |            draining
            03:31:35 |                     node1 |   0/1 |           localhost:16461 |             primary |            draining

            """);

    private static string Write(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return writer.ToString();
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
