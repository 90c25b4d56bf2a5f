using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>"Replacing the monitor online" of the manual, while an application writes.</summary>
public sealed class ReplaceMonitorTests : OwnClusterTest
{
    [Fact]
    public async Task A_monitor_that_is_lost_is_replaced_while_the_primary_goes_on()
    {
        await MakeAsync(new ClusterOptions { Nodes = 3, MonitorSettings = MonitorSettings.Impatient });
        Writer application = await Cluster.StartWriterAsync("application", Token);

        // So that the ids of the new registrations are not those of the old ones.
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        int? postmaster = primary.PostmasterPid;

        await Cluster.Monitor.KillEverythingAsync(Token);
        ShouldBeRefused(await primary.AutoctlAsync(["disable", "monitor"], Token), ExitCodes.MonitorError);
        ShouldBeRefused(await primary.AutoctlAsync(["enable", "monitor", Cluster.MonitorUri], Token), ExitCodes.BadConfiguration);
        (await standbys[0].AutoctlAsync(["disable", "monitor", "--force"], Token)).Succeeded();
        (await Cluster.Monitor.AutoctlAsync(["drop", "monitor", "--destroy"], Token)).Succeeded();
        await Cluster.CreateMonitorAsync(Token);

        // The others find it at the old address, where nobody knows them: that is no reason to stop.
        foreach (TestNode node in new[] { standbys[1], primary })
        {
            await Cluster.UntilAsync(
                $"{node.Name} is a stranger to the new monitor", () => node.LogTail(1000).Contains("was never registered with this monitor", StringComparison.Ordinal), Token);
            (await node.AutoctlAsync(["disable", "monitor", "--force"], Token)).Succeeded();
        }

        ShouldBeRefused(await primary.AutoctlAsync(["disable", "monitor", "--force"], Token), ExitCodes.BadConfiguration);
        await Cluster.UntilAcknowledgedAsync(application, Token);

        // A standby that came first would be promoted.
        string elsewhere = Cluster.MonitorUri.Replace("@localhost:", "@127.0.0.2:", StringComparison.Ordinal);
        ShouldBeRefused(await standbys[0].AutoctlAsync(["enable", "monitor", elsewhere], Token), ExitCodes.MonitorError);
        foreach (TestNode node in standbys.Prepend(primary))
        {
            (await node.AutoctlAsync(["enable", "monitor", elsewhere], Token)).Succeeded();
        }

        await Cluster.UntilSteadyAsync(Token);
        foreach (TestNode node in Cluster.Nodes)
        {
            // Where the health checks come from now.
            (await File.ReadAllTextAsync(Path.Combine(node.DataDirectory, "pg_hba.conf"), Token)).ShouldContain("\"pgautofailover_monitor\" 127.0.0.2");
        }

        Cluster.Primary.ShouldBe(primary);
        primary.PostmasterPid.ShouldBe(postmaster);
        await Cluster.UntilAcknowledgedAsync(application, Token);

        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_standby_leaves_its_monitor_and_comes_back_and_a_primary_with_standbys_cannot()
    {
        await MakeAsync(new ClusterOptions { MonitorSettings = MonitorSettings.Impatient });
        Writer application = await Cluster.StartWriterAsync("application", Token);
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;

        ShouldBeRefused(await standby.AutoctlAsync(["disable", "monitor"], Token), ExitCodes.BadState);
        ShouldBeRefused(await primary.AutoctlAsync(["disable", "monitor", "--force"], Token), ExitCodes.BadState);
        (await standby.AutoctlAsync(["disable", "monitor", "--force"], Token)).Succeeded();
        await Cluster.UntilAsync("the primary is single", s => s.Nodes.Length == 1 && s.Node(primary.Name)?.Is("single") is true, Token);
        await Cluster.UntilAcknowledgedAsync(application, Token);

        // Without a monitor it is kept running all the same.
        int? before = standby.PostmasterPid;
        standby.KillPostmaster();
        await Cluster.UntilAsync("PostgreSQL runs again", () => standby.PostmasterPid is { } pid && pid != before, Token);
        await Cluster.UntilAsync("it accepts sessions", () => standby.IsListening, Token);
        await EnableAsync(standby);
        await Cluster.UntilSteadyAsync(Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();
    }

    private async Task EnableAsync(TestNode node)
    {
        CommandResult result;
        do
        {
            // "try again when PostgreSQL accepts sessions"
            result = await node.AutoctlAsync(["enable", "monitor", Cluster.MonitorUri], Token);
        }
        while (result.ExitCode == ExitCodes.PostgresControl);
        result.Succeeded();
    }
}
