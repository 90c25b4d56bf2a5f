using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// The keeper's loop: observe, report, act. It owns all decisions and awaits nothing but its signal; looks at PostgreSQL, calls to
/// the monitor and work on PostgreSQL run beside it, one of each at a time, and wake it when they end. So whatever hangs, the clock
/// of the partition rule goes on, and the monitor goes on hearing from a node that copies a terabyte.
/// </summary>
internal sealed class NodeActiveLoop : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>A report goes with each periodic look, whose end is a moment after its second.</summary>
    private static readonly TimeSpan s_reportPeriod = TimeSpan.FromSeconds(0.9);

    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(20);

    private readonly KeeperContext _c;
    private readonly LoopInputs _inputs;
    private readonly Situation _situation;
    private readonly Looking _looking;
    private readonly Heartbeat _heartbeat;
    private readonly AnswerIntake _answers;
    private readonly JobSlot _jobs;
    private readonly JobIntake _results;
    private readonly JobChoice _choice;
    private readonly Outage _outage;
    private readonly FreezeGuard _freeze;
    private readonly StateSaver _saver;
    private readonly LoopNews _news;
    private volatile NodeStatus? _status;
    private NodeState _toldRole;

    /// <param name="c">What the steps work with.</param>
    /// <param name="inputs">What happens elsewhere.</param>
    /// <param name="hasStandbyOnDisk">The data directory is a standby's for certain, so that starting it needs nobody's leave.</param>
    public NodeActiveLoop(KeeperContext c, LoopInputs inputs, bool hasStandbyOnDisk)
    {
        (_c, _inputs) = (c, inputs);
        _news = new LoopNews(c);
        _situation = new Situation(c);
        _outage = new Outage(c.Time);
        _freeze = new FreezeGuard(c.Time);
        _saver = new StateSaver(c, inputs.Signal);
        _looking = new Looking(c, _situation, new Observer(c.Server, inputs.Signal, c.Time), _outage, _news);
        _heartbeat = new Heartbeat(c, inputs.Signal);
        _answers = new AnswerIntake(c, _situation, _heartbeat);
        _jobs = new JobSlot(inputs.Signal, c.Time);
        _results = new JobIntake(c, _situation, _jobs, _outage, _news);
        _toldRole = _situation.Role;
        _choice = new JobChoice(c, _situation, _looking, inputs, _freeze, _news, hasStandbyOnDisk);
    }

    public async Task<KeeperOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await RunRoundsAsync(ending.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return KeeperOutcome.Stopped;
        }
        finally
        {
            Cancel(ending);
            await Task.WhenAll(_jobs.EndAsync(), _saver.EndAsync(), _heartbeat.EndAsync(), _looking.EndAsync());
        }
    }

    /// <summary>What was known at the end of the last round; null before the first.</summary>
    public NodeStatus? Status => _status;

    /// <inheritdoc cref="NodeActiveService.RoleChanged"/>
    public Action<RoleChange>? RoleChanged { get; init; }

    public void Dispose() => _jobs.Dispose();

    // In this turn: its callbacks are brief, and the simulator allows no other thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private async Task<KeeperOutcome> RunRoundsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NoticeFreeze();
            TakeInputs();
            _looking.Take(_choice.IsToRun(_jobs.Current));
            _results.Take();
            TellRole();
            _answers.Take();
            if (_situation.Outcome is { } outcome)
            {
                return outcome;
            }

            Act(cancellationToken);
            _looking.LookIfDue(cancellationToken);
            ReportIfDue(cancellationToken);
            _saver.SaveIfDue(_situation.Assigned, cancellationToken);
            _freeze.EndRound();
            _status = StatusNow();
            await _inputs.Signal.WaitAsync(UntilNextRound(), cancellationToken);
        }
    }

    private void TellRole()
    {
        if (_situation.Role != _toldRole)
        {
            RoleChanged?.Invoke(new(_c.NodeId, _c.GroupId, _toldRole, _situation.Role));
            _toldRole = _situation.Role;
        }
    }

    /// <summary>A process that was stopped and goes on knows nothing of the present: it asks the monitor before it does anything.</summary>
    private void NoticeFreeze()
    {
        if (_freeze.WasFrozen() is { } pause)
        {
            _c.Log.WasFrozen(pause.TotalSeconds);
            _c.Lease.Doubt();
            _situation.DoubtAssignment();
            _jobs.MakeWay(urgent: false);
        }
    }

    private void TakeInputs()
    {
        var inputs = _inputs.Take();
        if (inputs.HasFlag(LoopInput.GroupChanged))
        {
            _situation.GroupChanged();
            _situation.EndPause();
        }

        if (inputs.HasFlag(LoopInput.PostgresChanged))
        {
            _situation.PostgresChanged();
        }
    }

    /// <summary>Starts what has to be done now, or has what is being done make way for it.</summary>
    private void Act(CancellationToken cancellationToken)
    {
        if (_choice.Choose(_jobs.Current) is not { } wanted)
        {
            return;
        }

        if (_jobs.Current is null)
        {
            _news.TellStart(wanted, _situation.Role);
            _jobs.Start(wanted, cancellationToken);
        }
        else
        {
            _jobs.MakeWay(wanted.IsUrgent);
        }
    }

    private void ReportIfDue(CancellationToken cancellationToken)
    {
        var isDue = _situation.ReportIsDue || _c.Time.GetElapsedTime(_heartbeat.LastSent) >= s_reportPeriod;
        if (!isDue || _heartbeat.IsCalling || !_looking.IsFresh)
        {
            return;
        }

        _situation.ReportIsDue = false;
        var outage = new OutageView(_choice.IsToRun(_jobs.Current), _outage.DownFor, _outage.FailedStarts);
        var upstream = _c.Others.IdOf(_looking.Latest.WalReceiver);
        _heartbeat.Send(
            ReportBuilder.Build(_c.Options, _c.Settings, _situation.State, _looking.Latest, outage, upstream), cancellationToken);
    }

    private NodeStatus StatusNow() => new()
    {
        At = _c.Time.GetTimestamp(),
        NodeId = _c.NodeId,
        GroupId = _c.GroupId,
        Role = _situation.Role,
        Goal = _situation.Goal,
        IsStopping = _jobs.Current is { IsUrgent: true },
        IsRunning = _c.Server.IsRunning,
        Observation = _looking.Latest,
        ObservedAt = _looking.LatestBegan,
        MonitorHasAnswered = _c.Lease.MonitorHasAnswered,
        SinceMonitor = _c.Lease.SinceMonitor(),
        SinceStandby = _c.Lease.SinceSecondary(),
        ReportingSince = _heartbeat.IsCalling ? _heartbeat.LastSent : null,
        NetworkPartitionTimeout = _c.Settings.NetworkPartitionTimeout,
    };

    private TimeSpan UntilNextRound()
    {
        var remaining = _looking.Remaining;
        return remaining > s_period ? s_period : remaining < s_shortestWait ? s_shortestWait : remaining;
    }
}
