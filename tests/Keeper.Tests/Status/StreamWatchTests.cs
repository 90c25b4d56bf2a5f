using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Status;

/// <summary>Why a standby does not stream is told, once.</summary>
public sealed class StreamWatchTests
{
    private const string Refusal = "its certificate is not accepted: it has expired";

    private readonly FakeServer _server = new();
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly StreamWatch _watch;
    private NodeStatus _status;

    public StreamWatchTests()
    {
        _status = Standby(streams: false);
        var monitor = new FakeMonitor();
        _watch = new StreamWatch(_server, monitor, "default", () => _status, _log, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Told => _log.ToString(int.MaxValue);

    [Fact]
    public async Task The_reason_is_told_once_and_so_is_its_end()
    {
        _server.Fail("Identify", Refusal);
        await LookAsync(1);
        Told.ShouldBeEmpty("it may have been restarted a moment ago");

        await LookAsync(3);
        Told.Split(Refusal).Length.ShouldBe(2);

        _status = Standby(streams: true);
        await LookAsync(2);
        Told.Split("streams again").Length.ShouldBe(2);

        _status = Standby(streams: false);
        await LookAsync(2);
        Told.Split(Refusal).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Where_the_primary_lets_us_in_the_log_of_PostgreSQL_is_named()
    {
        await LookAsync(2);

        Told.ShouldContain("PostgreSQL does not receive from it: its log says why");
    }

    [Fact]
    public async Task Nobody_is_asked_where_there_is_nothing_to_stream_or_another_thing_to_do()
    {
        foreach (var other in new[]
        {
            Standby(streams: false) with { Goal = NodeState.PreparePromotion },
            Standby(streams: false) with { Role = NodeState.Primary, Goal = NodeState.Primary },
            Standby(streams: false) with { Observation = new PostgresObservation { Phase = PostgresPhase.Down } },
        })
        {
            _status = other;
            await LookAsync(3);
        }

        _server.Calls.ShouldBeEmpty();
        Told.ShouldBeEmpty();
    }

    private async Task LookAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _watch.LookAsync(Token);
        }
    }

    private NodeStatus Standby(bool streams) => new()
    {
        At = _time.GetTimestamp(),
        NodeId = 7,
        GroupId = 0,
        Role = NodeState.Secondary,
        Goal = NodeState.Secondary,
        IsStopping = false,
        IsRunning = true,
        Observation = new PostgresObservation
        {
            Phase = PostgresPhase.Ready,
            InRecovery = true,
            WalReceiver = streams ? new WalReceiver(true, "a", 1, 1, TimeSpan.Zero) : null,
        },
        ObservedAt = _time.GetTimestamp(),
        MonitorHasAnswered = true,
        SinceMonitor = TimeSpan.Zero,
        SinceStandby = TimeSpan.Zero,
        ReportingSince = null,
        NetworkPartitionTimeout = TimeSpan.FromSeconds(20),
    };
}
