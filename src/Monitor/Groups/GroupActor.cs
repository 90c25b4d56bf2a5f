using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// A group, live: a queue of turns in front of its <see cref="GroupWriter"/>, and a timer for what becomes true by time alone. Requests,
/// health results, the ends of sessions and the timer all pass through the queue, one at a time.
/// </summary>
internal sealed class GroupActor : IAsyncDisposable
{
    /// <summary>
    /// Turns that may wait. Each session of the monitor's PostgreSQL waits for its own, each node has one probe, and there is one timer:
    /// far fewer can be waiting than this.
    /// </summary>
    public const int MostWaitingTurns = 8192;

    /// <summary>How many turns the one who brought the first takes for others before somebody else goes on: it waits for its answer, too.</summary>
    private const int MostTurnsOfOthers = 16;

    private static readonly ApiError s_serviceIsStopping = new("57P01", "the monitor's service is stopping", Hint: "Try again in a moment");

    // Whoever brings a turn to an idle group takes it there and then: a heartbeat costs no change of threads.
    private readonly Channel<GroupTurn> _turns = Channel.CreateBounded<GroupTurn>(
        new BoundedChannelOptions(MostWaitingTurns) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly MonitorClock _clock;
    private readonly SettingsSource _settings;
    private readonly Action<GroupActor, GroupView> _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly GroupWriter _writer;
    private readonly ITimer _timer;
    private readonly Task _loop;
    private int _tickIsWaiting;

    /// <param name="changed">Told, after each turn that changed it and before its answer, of the view before. Must not block.</param>
    public GroupActor(
        GroupView view, IMonitorStore store, MonitorClock clock, SettingsSource settings, ILogger logger, Action<GroupActor, GroupView> changed)
    {
        (_clock, _settings, _changed) = (clock, settings, changed);
        _writer = new GroupWriter(view, store, clock, settings, logger);
        _timer = clock.Time.CreateTimer(static actor => ((GroupActor)actor!).Tick(), this, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>The group as of its last turn. Evidence in it is not durable; everything that was decided is.</summary>
    public GroupView View => _writer.View;

    /// <summary>Takes a turn and returns when it has been committed, or was refused.</summary>
    public Task<GroupOutcome> AskAsync(Func<GroupChange, ApiError?> apply, CancellationToken cancellationToken) =>
        AskAsync(new GroupTurn(apply), cancellationToken);

    /// <summary>Takes a node in; the answer carries its goal.</summary>
    public Task<GroupOutcome> JoinAsync(long nodeId, Func<GroupChange, ApiError?> apply, CancellationToken cancellationToken) =>
        AskAsync(new GroupTurn(apply) { Committed = _ => _writer.Told.TellNewcomer(nodeId) }, cancellationToken);

    /// <summary>Takes a keeper's report, made in a session; the answer carries the node's goal.</summary>
    public Task<GroupOutcome> ReportAsync(NodeReport report, ServiceConnection session, CancellationToken cancellationToken) => AskAsync(
        new GroupTurn(change => ReportHandling.Take(change, report, _writer.Told.Knows(report, session)))
        {
            Committed = _ => _writer.Told.Tell(report.NodeId, session),
        },
        cancellationToken);

    /// <summary>Lets the group know of something, without waiting.</summary>
    public void Tell(Action<GroupChange> apply) => Post(new GroupTurn(change =>
    {
        apply(change);
        return null;
    }));

    /// <summary>Has the rows read again, and the rules asked about them.</summary>
    public void Reload() => Post(new GroupTurn(_ => null) { Reload = true });

    /// <inheritdoc cref="GroupWriter.TakeDirtyNodes"/>
    public void TakeDirtyNodes(List<NodeView> nodes) => _writer.TakeDirtyNodes(nodes);

    public async ValueTask DisposeAsync()
    {
        StopTurns();
        await _timer.DisposeAsync();
        _turns.Writer.TryComplete();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        while (_turns.Reader.TryRead(out var turn))
        {
            turn.Outcome?.TrySetResult(new(null, s_serviceIsStopping));
        }

        _stop.Dispose();
    }

    // In this turn: its callbacks are brief, and the simulator allows no other thread.
    private void StopTurns() => _stop.Cancel();

    private async Task<GroupOutcome> AskAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<GroupOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _turns.Writer.WriteAsync(turn with { Outcome = outcome }, cancellationToken);

        // A turn that has begun is not called off by a client that goes away: it may be committed already.
        await using var leaving = cancellationToken.UnsafeRegister(
            static (o, token) => ((TaskCompletionSource<GroupOutcome>)o!).TrySetCanceled(token), outcome);
        return await outcome.Task;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _turns.Reader.WaitToReadAsync(cancellationToken))
        {
            for (var taken = 0; _turns.Reader.TryRead(out var turn); taken++)
            {
                if (taken == MostTurnsOfOthers)
                {
                    taken = 0;
                    await Task.Yield();
                }

                if (!await TakeAsync(turn, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>False when the service stops.</summary>
    private async Task<bool> TakeAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        if (turn.IsTick)
        {
            Volatile.Write(ref _tickIsWaiting, 0);
        }

        var before = View;
        GroupOutcome outcome;
        try
        {
            outcome = await _writer.TakeAsync(turn, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            turn.Outcome?.TrySetResult(new(null, s_serviceIsStopping));
            return false;
        }

        // Before the answer: who hears of a node may ask for it at once.
        if (!ReferenceEquals(before, View))
        {
            _changed(this, before);
        }

        turn.Outcome?.TrySetResult(outcome);
        ScheduleTick();
        return true;
    }

    private void ScheduleTick()
    {
        var clock = _clock.Read();
        var due = GroupDeadline.Next(View, _settings.Current, clock) is { } deadline ? deadline - clock.Now : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _tickIsWaiting, 1) == 0)
        {
            Post(new GroupTurn(_ => null) { IsTick = true });
        }
    }

    private void Post(GroupTurn turn)
    {
        if (!_turns.Writer.TryWrite(turn) && !_stop.IsCancellationRequested)
        {
            throw new InvalidOperationException($"more than {MostWaitingTurns} turns of a group are waiting");
        }
    }
}
