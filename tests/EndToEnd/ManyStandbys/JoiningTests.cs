using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>A node is made while the group that it is to join has no primary.</summary>
[Collection(nameof(ImpatientQuartet))]
public sealed class JoiningTests(ImpatientQuartet quartet) : ClusterTest(quartet)
{
    [Fact]
    public async Task A_node_that_is_made_while_an_election_waits_follows_whoever_is_elected()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        TestNode joining = standbys[0], reporter = standbys[1], silent = standbys[2];
        (await joining.AutoctlAsync(["drop", "node", "--destroy"], Token)).Succeeded();
        await Cluster.UntilAsync("three are left", s => s.IsSteady(3), Token);

        silent.FreezeAutoctl();
        await primary.KillEverythingAsync(Token);
        await Cluster.UntilAsync(
            "one has reported and the other is asked", s => s.Node(reporter.Name)!.Is("report_lsn") && s.Node(silent.Name)!.Goal == "report_lsn", Token);
        int before = File.ReadLines(joining.LogFile).Count();
        joining.Start([.. Cluster.CreateNodeCommand(joining), "--run"]);
        await Cluster.UntilAsync(
            "it says what it waits for", () => File.ReadLines(joining.LogFile).Skip(before).Any(l => l.Contains("no node that a standby could follow now", StringComparison.Ordinal)), Token);
        joining.ExitCode.ShouldBeNull();

        silent.Thaw();
        await UntilSettledAsync(joining, "secondary");
        await NothingShouldBeLostAsync();
        primary.Run();
        await Cluster.ConfigureAsync(joining, Token);
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldNotBe(primary);
    }
}
