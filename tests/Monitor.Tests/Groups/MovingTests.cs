using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Groups;

/// <summary>What the service manager's watchdog takes for life in a monitor.</summary>
public sealed class MovingTests(ThrowawayPostgres postgres)
{
    [Fact]
    public async Task A_group_whose_turn_hangs_does_not_move_and_then_it_does_again()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();
        (await MovesAsync(monitor, seconds: 20)).ShouldBeTrue();

        await using var superuser = await monitor.ConnectAsync("postgres");
        await superuser.ExecuteAsync("begin; lock table pgautofailover.node in access exclusive mode");
        var report = secondary.ReportAsync("catchingup");
        await Eventually.SatisfiesAsync(() => MovesAsync(monitor, seconds: 0.1), moves => !moves);
        await superuser.ExecuteAsync("rollback");
        await report;
        (await MovesAsync(monitor, seconds: 20)).ShouldBeTrue();
        await primary.ReportAsync("primary");

        await monitor.StopAsync();
        (await MovesAsync(monitor, seconds: 20)).ShouldBeTrue("there is nothing that could be stuck");
        await monitor.StartAsync();
    }

    private static Task<bool> MovesAsync(RunningMonitor monitor, double seconds) =>
        monitor.Service!.MovesAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken); // it has been started
}
