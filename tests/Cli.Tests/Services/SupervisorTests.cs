using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Services;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Services;

public sealed class SupervisorTests
{
    [Fact]
    public async Task A_service_that_fails_is_started_again_until_it_fails_too_often()
    {
        var starts = 0;
        var failing = new Service("failing", _ =>
        {
            starts++;
            throw new InvalidOperationException("no");
        });

        (await RunAsync(failing, Forever("other"))).ShouldBe(ExitCode.Internal);

        starts.ShouldBe(1 + RestartLimit.MostRestarts);
    }

    [Fact]
    public async Task A_service_that_is_done_leaves_the_others_alone()
    {
        var other = new TaskCompletionSource();
        var run = RunAsync(
            new Service("short", _ => Task.FromResult(ServiceEnd.Done)),
            new Service("other", async _ =>
            {
                await other.Task;
                return ServiceEnd.StopAll;
            }));

        run.IsCompleted.ShouldBeFalse();
        other.SetResult();
        (await run).ShouldBe(ExitCode.Ok);
    }

    [Theory]
    [InlineData(ServiceEnd.Done, 0)]
    [InlineData(ServiceEnd.StopAll, 0)]
    [InlineData(ServiceEnd.Fatal, 122)]
    internal async Task A_service_may_end_them_all(ServiceEnd end, int exitCode) =>
        (await RunAsync(new Service("ending", _ => Task.FromResult(end), EndsAll: true), Forever("other"))).ShouldBe(exitCode);

    [Fact]
    public async Task A_stop_ends_all_services_and_waits_for_them()
    {
        using var stop = new CancellationTokenSource();
        var cleaned = 0;
        Service Slow(string name) => new(name, async cancellationToken =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                await Task.Yield();
                cleaned++;
            }

            return ServiceEnd.Done;
        });

        var run = Supervise(stop.Token, Slow("one"), Slow("two"));
        await stop.CancelAsync();

        (await run).ShouldBe(ExitCode.Ok);
        cleaned.ShouldBe(2);
    }

    [Fact]
    public async Task A_restart_ends_one_service_and_begins_it_anew_and_is_no_failure()
    {
        using var stop = new CancellationTokenSource();
        var starts = new Dictionary<string, int>(StringComparer.Ordinal);
        Service Counted(string name) => Forever(name) with
        {
            RunAsync = cancellationToken =>
            {
                starts[name] = starts.GetValueOrDefault(name) + 1;
                return Forever(name).RunAsync(cancellationToken);
            },
        };
        var supervisor = new Supervisor([Counted("one"), Counted("two")], NullLogger.Instance, new TurnedClock());
        var run = supervisor.RunAsync(stop.Token);

        for (var i = 0; i < RestartLimit.MostRestarts + 2; i++)
        {
            (await supervisor.RestartAsync("one", TestContext.Current.CancellationToken)).ShouldBeTrue();
        }

        (await supervisor.RestartAsync("three", TestContext.Current.CancellationToken)).ShouldBeFalse();
        await stop.CancelAsync();
        (await run).ShouldBe(ExitCode.Ok);
        starts.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["one"] = RestartLimit.MostRestarts + 3, ["two"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void Restarts_that_are_long_ago_do_not_count()
    {
        var clock = new TurnedClock();
        var limit = new RestartLimit(clock);
        for (var i = 0; i < RestartLimit.MostRestarts; i++)
        {
            limit.TryRestart().ShouldBeTrue();
        }

        limit.TryRestart().ShouldBeFalse();
        clock.Now += RestartLimit.Window;
        limit.TryRestart().ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_that_may_pause_waits_longer_each_time_it_fails_and_not_after_it_ran_well()
    {
        var clock = new TurnedClock();
        var starts = 0;
        var failing = new Service(
            "failing",
            _ =>
            {
                clock.Now += ++starts == 5 ? 2 * RestartPause.RanWell : TimeSpan.Zero;
                throw new InvalidOperationException("no");
            },
            LongestPause: TimeSpan.FromSeconds(20));

        (await new Supervisor([failing], NullLogger.Instance, clock).RunAsync(TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Internal);

        clock.Pauses.Select(p => p.TotalSeconds).ShouldBe([0.2, 1, 5, 20, 0.2]);
    }

    [Fact]
    public async Task A_restart_that_is_asked_for_ends_the_pause()
    {
        using var stop = new CancellationTokenSource();
        var (starts, failed) = (0, new TaskCompletionSource());
        var failing = new Service(
            "failing",
            async cancellationToken =>
            {
                if (++starts < 3)
                {
                    failed.TrySetResult();
                    throw new InvalidOperationException("no");
                }

                return await Forever("failing").RunAsync(cancellationToken);
            },
            LongestPause: TimeSpan.FromDays(1));
        var supervisor = new Supervisor([failing], NullLogger.Instance, new StoppedClock());
        var run = supervisor.RunAsync(stop.Token);
        await failed.Task;

        for (var i = 0; i < 2; i++)
        {
            (await supervisor.RestartAsync("failing", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBeTrue();
        }

        await stop.CancelAsync();
        (await run).ShouldBe(ExitCode.Ok);
        starts.ShouldBe(3);
    }

    private static Service Forever(string name) => new(name, async cancellationToken =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return ServiceEnd.Done;
    });

    private static Task<int> RunAsync(params Service[] services) => Supervise(TestContext.Current.CancellationToken, services);

    private static Task<int> Supervise(CancellationToken stop, params Service[] services) =>
        new Supervisor(services, NullLogger.Instance, new TurnedClock()).RunAsync(stop);

    /// <summary>Stands still until it is turned; timers fire at once.</summary>
    private sealed class TurnedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public List<TimeSpan> Pauses { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }
    }

    /// <summary>No timer ever fires.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
