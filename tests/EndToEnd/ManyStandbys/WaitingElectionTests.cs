using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>
/// The primary is lost and a standby's keeper is silent, so that the others wait for its report: what operators do meanwhile.
/// </summary>
[Collection(nameof(ImpatientTrio))]
public sealed class WaitingElectionTests(ImpatientTrio trio) : ClusterTest(trio)
{
    [Fact]
    public async Task Maintenance_is_not_forced_on_a_standby_that_has_reported_and_that_the_election_makes_the_primary()
    {
        (TestNode primary, TestNode reporter, TestNode silent) = Roles();
        await SetPriorityAsync(reporter, 60);

        // Just now it was well, so its report is waited for.
        silent.FreezeAutoctl();
        await primary.KillEverythingAsync(Token);
        await Cluster.UntilAsync(
            "one has reported and the other is asked", s => s.Node(reporter.Name)!.Is("report_lsn") && s.Node(silent.Name)!.Goal == "report_lsn", Token);
        await UntilAnEventSaysAsync("may lack acknowledged writes that only others hold");

        // Refused for now, and tried again as long as the group is on its way somewhere.
        int before = Calls();
        Task<CommandResult> command = reporter.AutoctlAsync(["enable", "maintenance"], Token);
        await Cluster.UntilAsync("the monitor has refused it", () => Calls() > before, Token);
        Cluster.States.Last.Nodes.ShouldNotContain(n => n.TakesWrites);
        silent.Thaw();
        await UntilServedByAsync(reporter);

        // It was the maintenance of a standby that was asked for, and no failover.
        CommandResult refused = await command;
        refused.ExitCode.ShouldBe(ExitCodes.BadArguments, refused.Error);
        refused.Error.ShouldContain("has become the primary meanwhile");
        await NothingShouldBeLostAsync();
        primary.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(reporter);
        await SetPriorityAsync(reporter, 50);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_standby_that_goes_into_maintenance_before_the_election_can_begin_is_waited_for_and_takes_part_once_it_is_back()
    {
        (TestNode primary, TestNode maintained, TestNode silent) = Roles();

        // Silent for so long that it is not counted on; and alone, the other may lack what the silent one has acknowledged.
        silent.FreezeAutoctl();
        await Cluster.UntilAsync($"{silent.Name} has been silent for 4 s", () => HasBeenSilentAsync(silent), Token);
        await primary.KillEverythingAsync(Token);
        await UntilAnEventSaysAsync("it has not been heard of lately");
        (await maintained.AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        await UntilSettledAsync(maintained, "maintenance");

        // Now it is the other way round: the other one alone may lack what this one has. It is for the operator to bring it back, and nothing need be given up.
        silent.Thaw();
        await UntilAnEventSaysAsync("is in maintenance, and may hold what others lack");
        Cluster.States.Last.Nodes.ShouldNotContain(n => n.TakesWrites && n.Name != primary.Name);
        (await maintained.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();

        await UntilServedByAnotherThanAsync(primary);
        await NothingShouldBeLostAsync();
        primary.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldNotBe(primary);
    }

    private (TestNode Primary, TestNode One, TestNode Other) Roles()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        return (primary, standbys[0], standbys[1]);
    }

    private int Calls() => File.ReadLines(Cluster.Monitor.LogFile).Count(l => l.Contains("called start_maintenance", StringComparison.Ordinal));

    private async Task SetPriorityAsync(TestNode node, int priority) => (await Cluster.Monitor.AutoctlAsync(
        ["set", "node", "candidate-priority", "--name", node.Name, $"{priority}"], Token)).Succeeded();

    private Task UntilServedByAnotherThanAsync(TestNode node) => Cluster.UntilAsync(
        "another node serves", () => Application.Acknowledged is [.., var last] && last.Port != node.Port, Token);

    // The monitor keeps reports in memory for up to a second: this long is longer than the 3 s after which it does not count on the node.
    private async Task<bool> HasBeenSilentAsync(TestNode node) => await Cluster.ScalarAsync(
        Cluster.Monitor, $"select now() - reporttime > '4 s' from pgautofailover.node where nodename = '{node.Name}'", Token) is true;
}
