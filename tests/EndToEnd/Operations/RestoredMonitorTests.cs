using System.Globalization;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>An old backup of the monitor is restored: its rows say that the former primary is the primary.</summary>
public sealed class RestoredMonitorTests : OwnClusterTest
{
    [Fact]
    public async Task An_old_backup_of_the_monitor_neither_moves_the_primary_nor_loses_a_row()
    {
        await MakeAsync(new ClusterOptions { MonitorSettings = MonitorSettings.Impatient });
        Writer application = await Cluster.StartWriterAsync("application", Token);
        await BackUpAsync();
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        int? postmaster = primary.PostmasterPid;

        await RestoreAsync();
        Cluster.Monitor.Run();
        await Cluster.UntilAsync("the nodes' word is taken", () => HasEventAsync("serves and goes on as the primary"), Token);
        await Cluster.UntilSteadyAsync(Token);
        Cluster.Primary.ShouldBe(primary);
        primary.PostmasterPid.ShouldBe(postmaster);
        await Cluster.UntilAcknowledgedAsync(application, Token);

        // Again, and the primary is lost with it: what it acknowledged last, and to whom, nobody knows who is left.
        await RestoreAsync();
        await primary.KillEverythingAsync(Token);
        Cluster.Monitor.Run();
        await Cluster.UntilAsync("the standby has reported", s => s.Node(standby.Name)?.Reported == "secondary" && s.Node(primary.Name)?.Reported == "unknown", Token);
        ShouldBeRefused(await Cluster.Monitor.AutoctlAsync(["perform", "failover", "--allow-data-loss"], Token), ExitCodes.MonitorError);
        ShouldBeRefused(await Cluster.Monitor.AutoctlAsync(["set", "node", "candidate-priority", "--name", standby.Name, "70"], Token), ExitCodes.MonitorError);
        (await Cluster.ScalarAsync(standby, "select pg_is_in_recovery()", Token)).ShouldBe(true);

        // It comes back, and no keeper starts a primary on its own: an operator says which one it was.
        primary.Run();
        await Cluster.UntilAsync("both have reported", s => s.Node(primary.Name)?.Reported == "primary", Token);
        ShouldBeRefused(await Cluster.Monitor.AutoctlAsync(["perform", "promotion", "--name", standby.Name], Token), ExitCodes.MonitorError);
        (await Cluster.Monitor.AutoctlAsync(["perform", "promotion", "--name", primary.Name], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        Cluster.Primary.ShouldBe(primary);
        await Cluster.UntilAcknowledgedAsync(application, Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();
    }

    private string Backup => Cluster.Files.Under("backup");

    private async Task<bool> HasEventAsync(string words) =>
        (await Cluster.Monitor.AutoctlAsync(["show", "events", "--count", "30"], Token)).Output.Contains(words, StringComparison.Ordinal);

    private Task<string> BackUpAsync() => ExecuteAsync(
        Binaries.Postgres("pg_basebackup"), "--host", Cluster.Files.Sockets, "--port", Cluster.Monitor.Port.ToString(CultureInfo.InvariantCulture),
        "--pgdata", Backup, "--checkpoint=fast");

    private async Task RestoreAsync()
    {
        await Cluster.Monitor.StopAsync(Token);
        await ExecuteAsync("rm", "-rf", Cluster.Monitor.DataDirectory);
        await ExecuteAsync("cp", "-a", Backup, Cluster.Monitor.DataDirectory);
        await ExecuteAsync("chmod", "0700", Cluster.Monitor.DataDirectory);
    }
}
