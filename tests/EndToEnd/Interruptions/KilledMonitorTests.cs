using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Interruptions;

[Collection(nameof(DefaultPair))]
public sealed class KilledMonitorTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task The_monitor_is_killed_at_each_stage_of_a_failover_and_continues()
    {
        bool more = true;
        for (int stage = 1; more && stage <= Stages.Limit; stage++)
        {
            TestNode lost = Cluster.Primary, other = Cluster.OtherThan(lost);
            int before = Cluster.States.Changes.Count;
            await lost.KillEverythingAsync(Token);
            more = await Stages.ReachAsync(Cluster, before, stage, s => s.Node(other.Name)?.Is("wait_primary") is true, Token);
            await KillMonitorAsync(withItsPostgres: stage % 2 == 1);
            Cluster.Monitor.Run();
            await UntilServedByAsync(other);
            lost.Run();
            await ShouldBeWholeAgainAsync();
        }
    }

    [Fact]
    public async Task The_monitor_is_killed_at_each_stage_of_a_switchover_and_continues()
    {
        bool more = true;
        for (int stage = 1; more && stage <= Stages.Limit; stage++)
        {
            TestNode old = Cluster.Primary;
            int before = Cluster.States.Changes.Count;
            var command = Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token);
            more = await Stages.ReachAsync(Cluster, before, stage, s => s.IsSteady(2) && s.Node(old.Name)?.Is("secondary") is true, Token);
            await KillMonitorAsync(withItsPostgres: stage % 2 == 1);
            Cluster.Monitor.Run();
            await command;
            await ShouldBeWholeAgainAsync();
        }
    }

    private Task KillMonitorAsync(bool withItsPostgres) =>
        withItsPostgres ? Cluster.Monitor.KillEverythingAsync(Token) : Cluster.Monitor.KillAutoctlAsync(Token);
}
