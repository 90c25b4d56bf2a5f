using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// The only writer of a group, one turn at a time: apply what happened, ask the rules until they are content, commit where a durable
/// column changed, and only then answer. A commit that fails leaves the group as it was committed last; where it is unknown whether
/// a commit took effect, the rows are read before the next turn.
/// </summary>
internal sealed class GroupWriter(GroupView view, IMonitorStore store, MonitorClock clock, SettingsSource settings, ILogger logger)
{
    private const int MostAttempts = 5;

    private readonly BlockageReport _blockage = new();
    private readonly HashSet<long> _dirty = [];
    private GroupView _view = view;
    private bool _mustReload;
    private bool _storeIsAway;

    /// <summary>The group as of its last turn. Evidence in it is not durable; everything that was decided is.</summary>
    public GroupView View => Volatile.Read(ref _view);

    /// <summary>Touched in turns only.</summary>
    public ToldGoals Told { get; } = new();

    /// <summary>Nodes whose lazy columns are to be written, as they are now; from then on they count as written.</summary>
    public void TakeDirtyNodes(List<NodeView> nodes)
    {
        lock (_dirty)
        {
            nodes.AddRange(_dirty.Select(View.Find).OfType<NodeView>());
            _dirty.Clear();
        }
    }

    /// <summary>Takes a turn to its end. Fails only when cancelled.</summary>
    public async Task<GroupOutcome> TakeAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await TryAsync(turn, cancellationToken);
            _storeIsAway = false;
            return outcome;
        }
        catch (StoreException e)
        {
            _mustReload = true;
            if (!_storeIsAway)
            {
                _storeIsAway = true;
                Log.StoreIsAway(logger, View.Formation.Id, View.GroupId, e.Message);
            }

            return Failed(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, a group that takes no more turns would be worse. What is committed is read again.
            _mustReload = true;
            Log.TurnFailed(logger, e, View.Formation.Id, View.GroupId);
            return Failed(e.Message);
        }
    }

    private async Task<GroupOutcome> TryAsync(GroupTurn turn, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var change = await BeginAsync(turn, isRepeated: attempt > 1, cancellationToken);
            if (turn.Apply(change) is { } refusal)
            {
                return new(null, refusal);
            }

            change.Decide();
            _blockage.Announce(change);
            var result = change.MustCommit ? await CommitAsync(change, cancellationToken) : CommitResult.Done;
            if (result.IsConflict && attempt < MostAttempts)
            {
                Log.RowsWereEdited(logger, change.After.Formation.Id, change.After.GroupId);
                continue;
            }

            if (result.IsConflict || result.Refusal is not null)
            {
                Abandon(change);
                return new(null, result.Refusal ?? new("40001", "the group's rows are being edited all the time", Hint: "Try again in a moment"));
            }

            Conclude(turn, change);
            return new(change, null);
        }
    }

    private async Task<GroupChange> BeginAsync(GroupTurn turn, bool isRepeated, CancellationToken cancellationToken)
    {
        if (_mustReload || turn.Reload || isRepeated)
        {
            try
            {
                await ReadRowsAsync(cancellationToken);
            }
            catch (StoreException)
            {
                // Nothing can be decided now. What was seen has been seen all the same, and is not seen again.
                var evidence = new GroupChange(View, settings, clock.Read());
                turn.Apply(evidence);
                Abandon(evidence);
                throw;
            }
        }

        return new GroupChange(View, settings, clock.Read());
    }

    private async Task<CommitResult> CommitAsync(GroupChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await store.CommitAsync(new GroupCommit(change.Before, change.After, [.. change.Announcements]), clock.Now, cancellationToken);
        }
        catch
        {
            Abandon(change);
            throw;
        }
    }

    private void Conclude(GroupTurn turn, GroupChange change)
    {
        _blockage.Confirm();
        Told.Forget(change.Assigned);
        Publish(change.After);
        turn.Committed?.Invoke(change);
        if (change.RulesContradict)
        {
            Log.RulesContradict(logger, change.After.Formation.Id, change.After.GroupId);
        }

        foreach (var announcement in change.Announcements)
        {
            Log.Announced(logger, announcement.Description);
        }
    }

    /// <summary>What was decided has not become true, as far as is known; that a node was heard of has.</summary>
    private void Abandon(GroupChange change)
    {
        Told.Forget(change.Assigned);
        Publish(GroupRows.WithMemory(change.Before, change.After));
    }

    private async Task ReadRowsAsync(CancellationToken cancellationToken)
    {
        var memory = View;
        var rows = await store.LoadGroupAsync(memory.Formation.Id, memory.GroupId, clock.Now, cancellationToken);
        var after = GroupRows.WithMemory(rows ?? memory with { Nodes = [] }, memory);
        Told.ForgetChanged(memory, after);
        Publish(after);
        _mustReload = false;
    }

    private void Publish(GroupView after)
    {
        var dirty = GroupRows.DirtyNodes(View, after);
        lock (_dirty)
        {
            _dirty.UnionWith(dirty);
        }

        Volatile.Write(ref _view, after);
    }

    private static GroupOutcome Failed(string why) => new(null, new(
        "40003", "the monitor could not store its decision", why, "See the monitor's log; whether it took effect, \"pg_autoctl show state\" tells"));
}
