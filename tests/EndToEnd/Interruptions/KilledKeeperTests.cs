using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Interruptions;

[Collection(nameof(DefaultPair))]
public sealed class KilledKeeperTests(DefaultPair pair) : ClusterTest(pair)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_killed_keeper_leaves_its_postgres_running_and_the_next_run_adopts_it(bool ofThePrimary)
    {
        TestNode primary = Cluster.Primary;
        TestNode node = ofThePrimary ? primary : Cluster.Secondary;
        int? postmaster = node.PostmasterPid;
        await node.KillAutoctlAsync(Token);
        node.PostmasterPid.ShouldBe(postmaster);
        await UntilServedAsync();
        node.Run();
        await ShouldBeWholeAgainAsync();
        node.PostmasterPid.ShouldBe(postmaster);
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task An_adopted_postgres_that_dies_is_noticed_like_a_child()
    {
        TestNode node = Cluster.Primary;
        int before = Cluster.States.Changes.Count;
        await node.KillAutoctlAsync(Token);
        node.Run();
        await Cluster.UntilSteadyAsync(Token);
        node.KillPostmaster();
        await UntilServedAsync();
        await ShouldBeWholeAgainAsync();
        Cluster.States.Changes.Count.ShouldBeGreaterThanOrEqualTo(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_keeper_killed_at_each_stage_of_a_switchover_carries_it_on(bool ofTheOldPrimary)
    {
        bool more = true;
        for (int stage = 1; more && stage <= Stages.Limit; stage++)
        {
            TestNode old = Cluster.Primary;
            TestNode victim = ofTheOldPrimary ? old : Cluster.Secondary;
            int before = Cluster.States.Changes.Count;
            var command = Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token);
            more = await Stages.ReachAsync(Cluster, before, stage, s => s.IsSteady(2) && s.Node(old.Name)?.Is("secondary") is true, Token);
            await victim.KillAutoctlAsync(Token);
            victim.Run();
            await command;
            await ShouldBeWholeAgainAsync();
        }
    }

    [Fact]
    public async Task A_keeper_killed_at_each_stage_of_its_return_carries_it_on()
    {
        bool more = true;
        for (int stage = 1; more && stage <= Stages.Limit; stage++)
        {
            TestNode lost = Cluster.Primary, other = Cluster.OtherThan(lost);
            await lost.KillEverythingAsync(Token);
            await UntilServedByAsync(other);
            int before = Cluster.States.Changes.Count;
            lost.Run();
            more = await Stages.ReachAsync(Cluster, before, stage, s => s.IsSteady(2), Token);
            await lost.KillAutoctlAsync(Token);
            lost.Run();
            await ShouldBeWholeAgainAsync();
        }
    }
}
