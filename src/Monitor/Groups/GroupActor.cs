using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// The only writer of a group. It takes turns: apply what happened, ask the rules until they are content, commit where a durable column
/// changed, and only then answer. A commit that fails leaves the group as it was committed last; where it is unknown whether a
/// commit took effect, the rows are read before the next turn.
/// </summary>
internal sealed class GroupActor : IAsyncDisposable
{
    /// <summary>
    /// Turns that may wait. Each session of the monitor's PostgreSQL waits for its own, each node has one probe, and there is one timer:
    /// far fewer can be waiting than this.
    /// </summary>
    public const int MostWaitingTurns = 8192;

    private const int MostAttempts = 5;

    private readonly Channel<GroupTurn> _turns = Channel.CreateBounded<GroupTurn>(
        new BoundedChannelOptions(MostWaitingTurns) { SingleReader = true, AllowSynchronousContinuations = false });

    private readonly IMonitorStore _store;
    private readonly MonitorClock _clock;
    private readonly SettingsSource _settings;
    private readonly ILogger _logger;
    private readonly Action<GroupActor, GroupView> _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly BlockageReport _blockage = new();
    private readonly HashSet<long> _dirty = [];

    // The sessions that were told their node's present goal, null for any session. Touched in turns only.
    private readonly Dictionary<long, ServiceConnection?> _told = [];
    private readonly Task _loop;
    private GroupView _view;
    private bool _mustReload;
    private int _tickIsWaiting;

    /// <param name="changed">Told, after each turn that changed it, of the view before. Must not block.</param>
    public GroupActor(
        GroupView view, IMonitorStore store, MonitorClock clock, SettingsSource settings, ILogger logger, Action<GroupActor, GroupView> changed)
    {
        (_view, _store, _clock, _settings, _logger, _changed) = (view, store, clock, settings, logger, changed);
        _timer = clock.Time.CreateTimer(static actor => ((GroupActor)actor!).Tick(), this, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>The group as of its last turn. Evidence in it is not durable; everything that was decided is.</summary>
    public GroupView View => Volatile.Read(ref _view);

    /// <summary>Takes a turn and returns when it has been committed, or was refused.</summary>
    public Task<GroupOutcome> AskAsync(Func<GroupChange, ApiError?> apply, CancellationToken cancellationToken) =>
        AskAsync(new GroupTurn(apply), cancellationToken);

    /// <summary>Takes a node in; the answer carries its goal.</summary>
    public Task<GroupOutcome> JoinAsync(long nodeId, Func<GroupChange, ApiError?> apply, CancellationToken cancellationToken) => AskAsync(
        new GroupTurn(apply)
        {
            // Whichever session its keeper reports in: a node's first goal cannot have been another before.
            Committed = _ => _told[nodeId] = null,
        },
        cancellationToken);

    /// <summary>Takes a keeper's report, made in a session; the answer carries the node's goal.</summary>
    public Task<GroupOutcome> ReportAsync(NodeReport report, ServiceConnection session, CancellationToken cancellationToken) => AskAsync(
        new GroupTurn(change =>
        {
            // A caller that sends no evidence is none of our keepers: nothing is known of what it knows.
            var knowsGoal = report.Evidence.KeeperVersion is null
                || (_told.TryGetValue(report.NodeId, out var told) && (told is null || ReferenceEquals(told, session)));
            ObservationHandling.Linked(change, report.NodeId, KeeperLink.Connected);
            return ReportHandling.Take(change, report, knowsGoal);
        })
        {
            Committed = _ => _told[report.NodeId] = session,
        },
        cancellationToken);

    /// <summary>Lets the group know of something, without waiting.</summary>
    public void Tell(Action<GroupChange> apply) => Post(new GroupTurn(change =>
    {
        apply(change);
        return null;
    }));

    /// <summary>Has the rows read again before the next turn, and that taken now.</summary>
    public void Reload() => Post(new GroupTurn(_ => null) { Reload = true });

    /// <summary>Nodes whose lazy columns are to be written, as they are now; from then on they count as written.</summary>
    public void TakeDirtyNodes(List<NodeView> nodes)
    {
        lock (_dirty)
        {
            nodes.AddRange(_dirty.Select(View.Find).OfType<NodeView>());
            _dirty.Clear();
        }
    }

    private async Task<GroupOutcome> AskAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<GroupOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _turns.Writer.WriteAsync(turn with { Outcome = outcome }, cancellationToken);

        // A turn that has begun is not called off by a client that goes away: it may be committed already.
        return await outcome.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _timer.DisposeAsync();
        _turns.Writer.TryComplete();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_turns.Reader.TryRead(out var turn))
        {
            turn.Outcome?.TrySetResult(Failed(ServiceIsStopping));
        }

        _stop.Dispose();
    }

    private static ApiError ServiceIsStopping { get; } = new("57P01", "the monitor's service is stopping", Hint: "Try again in a moment");

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var turn in _turns.Reader.ReadAllAsync(cancellationToken))
        {
            if (turn.IsTick)
            {
                Volatile.Write(ref _tickIsWaiting, 0);
            }

            var outcome = await TakeSafelyAsync(turn, cancellationToken);
            turn.Outcome?.TrySetResult(outcome);
        }
    }

    private async Task<GroupOutcome> TakeSafelyAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        var before = View;
        try
        {
            return await TakeAsync(turn, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failed(ServiceIsStopping);
        }
        catch (Exception e)
        {
            // Whatever went wrong, a group that takes no more turns would be worse. What is committed is read again.
            _mustReload = true;
            Log.TurnFailed(_logger, e, before.Formation.Id, before.GroupId);
            return Failed(new("40003", "the monitor could not store its decision", e.Message, "See the monitor's log; whether it took effect, \"pg_autoctl show state\" tells"));
        }
        finally
        {
            if (!ReferenceEquals(before, View))
            {
                _changed(this, before);
            }

            ScheduleTick();
        }
    }

    private async Task<GroupOutcome> TakeAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_mustReload || turn.Reload || attempt > 1)
            {
                await ReadRowsAsync(cancellationToken);
            }

            var change = new GroupChange(View, _settings.Current, _clock.Read());
            if (turn.Apply(change) is { } refusal)
            {
                return Failed(refusal);
            }

            change.Decide();
            _blockage.Announce(change);
            if (!change.MustCommit)
            {
                Conclude(turn, change);
                return new(change, null);
            }

            var result = await CommitAsync(change, cancellationToken);
            if (result.IsConflict && attempt < MostAttempts)
            {
                Log.RowsWereEdited(_logger, change.After.Formation.Id, change.After.GroupId);
                continue;
            }

            if (result.IsConflict || result.Refusal is not null)
            {
                KeepEvidence(change);
                return Failed(result.Refusal ?? new("40001", "the group's rows are being edited all the time", Hint: "Try again in a moment"));
            }

            Conclude(turn, change);
            LogAll(change);
            return new(change, null);
        }
    }

    private async Task<CommitResult> CommitAsync(GroupChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.CommitAsync(new GroupCommit(change.Before, change.After, [.. change.Announcements]), _clock.Now, cancellationToken);
        }
        catch
        {
            KeepEvidence(change);
            throw;
        }
    }

    private void Conclude(GroupTurn turn, GroupChange change)
    {
        _blockage.Confirm();
        Publish(change.After);
        foreach (var nodeId in change.Assigned)
        {
            _told.Remove(nodeId);
        }

        turn.Committed?.Invoke(change);
    }

    /// <summary>What was decided has not become true; that a node was heard of has.</summary>
    private void KeepEvidence(GroupChange change)
    {
        Publish(GroupRows.WithMemory(change.Before, change.After));
    }

    private async Task ReadRowsAsync(CancellationToken cancellationToken)
    {
        var view = View;
        var rows = await _store.LoadGroupAsync(view.Formation.Id, view.GroupId, _clock.Now, cancellationToken);
        Publish(GroupRows.WithMemory(rows ?? view with { Nodes = [] }, view));
        _mustReload = false;
    }

    private void Publish(GroupView view)
    {
        ImmutableArray<long> dirty = GroupRows.DirtyNodes(View, view);
        lock (_dirty)
        {
            _dirty.UnionWith(dirty);
        }

        Volatile.Write(ref _view, view);
    }

    private void LogAll(GroupChange change)
    {
        if (change.RulesContradict)
        {
            Log.RulesContradict(_logger, change.After.Formation.Id, change.After.GroupId);
        }

        foreach (var announcement in change.Announcements)
        {
            Log.Announced(_logger, announcement.Description);
        }
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

    private static GroupOutcome Failed(ApiError error) => new(null, error);
}
