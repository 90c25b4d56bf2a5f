using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>What systemd hears of a service, in the words of sd_notify(3), from its start to its end.</summary>
[Collection(nameof(DefaultPair))]
public sealed class ServiceManagerTests(DefaultPair pair) : ClusterTest(pair)
{
    private static readonly TimeSpan s_watchdog = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task The_monitor_and_a_node_tell_it_when_they_serve_reload_and_stop_and_PostgreSQL_tells_it_nothing()
    {
        foreach (var (service, status) in new[] { (Cluster.Monitor, "monitor, 2 nodes in 1 groups"), (Cluster.Secondary, "secondary, monitor reachable") })
        {
            await service.StopAsync(Token);
            await using NotifyListener manager = Listen(service);
            service.RunThrough(Through(manager));
            await manager.UntilAsync("how it is", heard => heard.Any(m => m.EndsWith($"STATUS={status}", StringComparison.Ordinal)), Token);
            manager.Heard[0].ShouldStartWith("READY=1\nSTATUS=");
            await manager.UntilAsync("beats", _ => manager.Beats >= 3, Token);

            (await service.AutoctlAsync(["reload"], Token)).Succeeded();
            await manager.UntilAsync("that it is ready again", heard => heard.Contains("READY=1"), Token);
            manager.Heard.TakeWhile(m => m != "READY=1").ShouldContain(m => m.StartsWith("RELOADING=1\nMONOTONIC_USEC=", StringComparison.Ordinal));

            int postmaster = service.PostmasterPid ?? throw new InvalidOperationException("no postmaster runs");
            (await File.ReadAllTextAsync($"/proc/{postmaster}/environ", Token)).ShouldNotContain(manager.Address);

            (await service.AutoctlAsync(["stop"], Token)).Succeeded();
            await service.WaitForExitAsync(Token);
            string[] last = [.. manager.Heard.SkipWhile(m => !m.StartsWith("STOPPING=1", StringComparison.Ordinal))];
            last.ShouldContain(m => m.StartsWith("EXTEND_TIMEOUT_USEC=", StringComparison.Ordinal));
            last.ShouldNotContain(m => m.StartsWith("READY", StringComparison.Ordinal));
            service.Run();
        }

        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_keeper_that_has_got_stuck_is_not_heard_of_and_when_it_is_killed_PostgreSQL_goes_on()
    {
        // Its log goes into a pipe that nobody reads: sooner or later whoever logs is stuck, and the keeper's loop does.
        TestNode node = Cluster.Primary;
        string pipe = Cluster.Files.Under("log.pipe");
        await Cluster.Nodes[0].ExecuteAsync(["mkfifo", pipe], Token);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await using var filler = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using NotifyListener manager = Listen(node);
        await node.KillAutoctlAsync(Token);
        int? postmaster = node.PostmasterPid;
        node.RunThrough([.. Through(manager), "sh", "-c", "exec \"$@\" 2>\"$0\"", pipe], "-vvv");
        await manager.UntilAsync("beats", _ => manager.Beats >= 3, Token);

        var filling = Task.Run(() => filler.Write(new byte[1 << 16]), Token);
        await UntilSilentAsync(manager);
        await node.KillAutoctlAsync(Token);
        await UntilServedByAsync(node);
        node.PostmasterPid.ShouldBe(postmaster);
        node.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(node);
        node.PostmasterPid.ShouldBe(postmaster);

        // Whoever still writes is told that nobody will read it.
        await reader.DisposeAsync();
        await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private static NotifyListener Listen(TestNode node) => new($"@{node.Name}-{Environment.ProcessId}");

    private static string[] Through(NotifyListener manager) =>
        ["env", $"NOTIFY_SOCKET={manager.Address}", $"WATCHDOG_USEC={s_watchdog.TotalMicroseconds:0}"];

    /// <summary>Waits until systemd would kill the service.</summary>
    private async Task UntilSilentAsync(NotifyListener manager)
    {
        var (beats, since) = (0, TimeProvider.System.GetTimestamp());
        await Cluster.UntilAsync(
            "the watchdog is not fed",
            () =>
            {
                (beats, since) = manager.Beats == beats ? (beats, since) : (manager.Beats, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > s_watchdog;
            },
            Token);
    }
}
