using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// Follows the states of a group from an operation's call to its end, and prints each change as a row. Notifications tell of
/// changes at once; where their connection breaks (the monitor restarts in the middle), a new one is opened and the states
/// themselves are read, so that nothing that matters is missed.
/// </summary>
internal sealed class StateFollower : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly MonitorTarget _target;
    private readonly string _formation;
    private readonly int _group;
    private readonly CommandContext _context;
    private readonly TransitionTable _table;
    private readonly Queue<StateNotification> _changes = [];
    private readonly Dictionary<long, StateNotification> _last = [];
    private bool _headWritten;
    private bool _isConnected = true;

    private StateFollower(MonitorTarget target, string formation, int group, MonitorConnection monitor, CommandContext context)
    {
        _target = target;
        _formation = formation;
        _group = group;
        _context = context;
        _table = new TransitionTable(context.Out, context.Time);
        Monitor = monitor;
        Monitor.Notified += OnNotified;
    }

    /// <summary>The session on which the operation is called: its own notifications then come in order, after its answer.</summary>
    public MonitorConnection Monitor { get; private set; }

    /// <inheritdoc cref="TransitionTable.NamesGroups"/>
    public bool NamesGroups { set => _table.NamesGroups = value; }

    /// <summary>States as last seen, by node id.</summary>
    public IReadOnlyDictionary<long, StateNotification> States => _last;

    /// <summary>Starts to listen, before the operation is called. Takes the connection over.</summary>
    public static async Task<StateFollower> StartAsync(
        MonitorTarget target, string formation, int group, MonitorConnection monitor, CommandContext context, CancellationToken cancellationToken)
    {
        var follower = new StateFollower(target, formation, group, monitor, context);
        await follower.ListenAsync(cancellationToken);
        foreach (var state in await follower.ReadStatesAsync(cancellationToken))
        {
            follower._last[state.NodeId] = state;
        }

        return follower;
    }

    /// <summary>Prints changes until one is what is waited for. Null when <paramref name="limit"/> is over before (zero: none).</summary>
    public async Task<StateNotification?> FollowAsync(Func<StateNotification, bool> isEnd, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = _context.Time.GetTimestamp();
        WriteHead();
        while (true)
        {
            while (_changes.TryDequeue(out var change))
            {
                _last[change.NodeId] = change;
                _table.WriteRow(change);
                if (isEnd(change))
                {
                    return change;
                }
            }

            if (limit > TimeSpan.Zero && _context.Time.GetElapsedTime(started) >= limit)
            {
                return null;
            }

            await WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => Monitor.DisposeAsync();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (!_isConnected)
        {
            await ReconnectAsync(cancellationToken);
            return;
        }

        try
        {
            await Monitor.WaitAsync(s_look, cancellationToken);
        }
        catch (CommandFailure failure)
        {
            _isConnected = false;
            _context.Log.NotificationsLost(failure.Message);
            await Monitor.DisposeAsync();
        }
    }

    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            Monitor = await MonitorConnection.OpenAsync(_target, _context, cancellationToken);
            Monitor.Notified += OnNotified;
            await ListenAsync(cancellationToken);
            await CatchUpAsync(cancellationToken);
            _isConnected = true;
        }
        catch (CommandFailure failure)
        {
            // The monitor is still away: what was asked of it goes on when it is back, and so does this, while there is time.
            _context.Log.StillAway(failure.Message);
        }
    }

    // What changed while nobody listened: only the states at the end of that time can be known.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (var state in await ReadStatesAsync(cancellationToken))
        {
            if (!_last.TryGetValue(state.NodeId, out var last) || last.Reported != state.Reported || last.Goal != state.Goal)
            {
                _changes.Enqueue(state);
            }
        }
    }

    private async Task<List<StateNotification>> ReadStatesAsync(CancellationToken cancellationToken)
    {
        var rows = await CurrentState.ReadAsync(Monitor, _formation, _group, cancellationToken);
        return rows.ConvertAll(r => new StateNotification(_formation, r.GroupId, r.NodeId, r.Name, r.Host, r.Port, r.Reported, r.Goal));
    }

    private Task<object?> ListenAsync(CancellationToken cancellationToken) => Monitor.ScalarAsync<object>("listen state", cancellationToken);

    private void OnNotified(string channel, string payload)
    {
        if (channel == "state" && StateNotification.Parse(payload) is { } state && state.Formation == _formation && state.GroupId == _group)
        {
            _changes.Enqueue(state);
        }
    }

    private void WriteHead()
    {
        if (!_headWritten)
        {
            _context.Log.FollowingNotifications();
            _table.WriteHead();
            _headWritten = true;
        }
    }
}
