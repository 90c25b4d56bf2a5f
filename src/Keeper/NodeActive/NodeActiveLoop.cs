using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
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
    private static readonly TimeSpan s_retryPause = TimeSpan.FromSeconds(1);

    private readonly KeeperContext _c;
    private readonly LoopInputs _inputs;
    private readonly Observer _observer;
    private readonly Heartbeat _heartbeat;
    private readonly JobSlot _jobs;
    private readonly Outage _outage;
    private readonly FreezeGuard _freeze;
    private readonly StateSaver _saver;
    private readonly LoopNews _news;
    private readonly bool _hasStandbyOnDisk;

    private NodeState? _goal;
    private long _answersFrom;
    private long _observeFrom;
    private long _retryAt;
    private bool _reportIsDue = true;
    private bool _adoptIsDue = true;
    private bool _peersAreDue = true;
    private bool _syncIsDue = true;
    private KeeperOutcome? _outcome;

    /// <param name="c">What the steps work with.</param>
    /// <param name="inputs">What happens elsewhere.</param>
    /// <param name="hasStandbyOnDisk">The data directory is a standby's for certain, so that starting it needs nobody's leave.</param>
    public NodeActiveLoop(KeeperContext c, LoopInputs inputs, bool hasStandbyOnDisk)
    {
        (_c, _inputs, _hasStandbyOnDisk) = (c, inputs, hasStandbyOnDisk);
        _observer = new Observer(c.Server, inputs.Signal, c.Time);
        _heartbeat = new Heartbeat(c, inputs.Signal);
        _jobs = new JobSlot(inputs.Signal, c.Time);
        _outage = new Outage(c.Time);
        _freeze = new FreezeGuard(c.Time);
        _saver = new StateSaver(c, inputs.Signal);
        _news = new LoopNews(c);
    }

    private NodeState Role => _c.State.Current.CurrentRole;

    /// <summary>What the node is to be; what it is, until the monitor has spoken.</summary>
    private NodeState Goal => _goal ?? Role;

    public async Task<KeeperOutcome> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                NoticeFreeze();
                TakeInputs();
                TakeObservation();
                TakeJob();
                TakeAnswer();
                if (_outcome is { } outcome)
                {
                    return outcome;
                }

                Act(cancellationToken);
                Ask(cancellationToken);
                _freeze.EndRound();
                await _inputs.Signal.WaitAsync(UntilNextRound(), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return KeeperOutcome.Stopped;
        }
        finally
        {
            await _jobs.EndAsync();
        }
    }

    public void Dispose() => _jobs.Dispose();

    /// <summary>A process that was stopped and goes on knows nothing of the present: it asks the monitor before it does anything.</summary>
    private void NoticeFreeze()
    {
        if (_freeze.WasFrozen() is { } pause)
        {
            _c.Log.WasFrozen(pause.TotalSeconds);
            _c.Lease.Doubt();
            _goal = null;
            _answersFrom = _c.Time.GetTimestamp();
            _reportIsDue = true;
            _jobs.MakeWay(urgent: false);
        }
    }

    private void TakeInputs()
    {
        var inputs = _inputs.Take();
        _reportIsDue |= inputs != LoopInput.None;
        if (inputs.HasFlag(LoopInput.GroupChanged))
        {
            _peersAreDue = _syncIsDue = true;
            _retryAt = 0;
        }

        if (inputs.HasFlag(LoopInput.PostgresChanged))
        {
            _observeFrom = _c.Time.GetTimestamp();
            _retryAt = 0;
        }
    }

    private void TakeObservation()
    {
        var before = _observer.Latest;
        if (!_observer.TryTake())
        {
            return;
        }

        var now = _observer.Latest;
        _outage.Observe(now, ToRun());
        _news.Tell(before, now);
        _reportIsDue |= before.IsReady != now.IsReady || before.Phase != now.Phase || before.WalReceiver?.Streaming != now.WalReceiver?.Streaming;
        if (now is { IsReady: true, InRecovery: false })
        {
            foreach (var sender in now.WalSenders.Where(ReportBuilder.IsStreaming))
            {
                _c.Lease.SecondaryReplied(_observer.LatestBegan ?? 0, sender.SinceReply);
            }
        }
    }

    private void TakeJob()
    {
        if (!_jobs.TryTake(out var result))
        {
            return;
        }

        // Whatever it did, the next report is to be about what is now.
        _observeFrom = _c.Time.GetTimestamp();
        _reportIsDue = true;
        if (result is { Succeeded: true, Job.Kind: JobKind.Transition })
        {
            _peersAreDue = true;
            _syncIsDue = false;
            _news.Forget();
            if (_goal == NodeState.Dropped && _c.Lease is { MonitorKnowsNode: false })
            {
                _outcome = _c.Lease.MonitorHasAnswered ? KeeperOutcome.Dropped : KeeperOutcome.Unknown;
            }
        }
        else if (result is { Succeeded: true, Job.Kind: JobKind.Fence })
        {
            (_goal, _answersFrom) = (null, _c.Time.GetTimestamp());
        }
        else if (!result.Succeeded)
        {
            _peersAreDue = _syncIsDue = true;
            if (!result.WasCancelled)
            {
                _retryAt = _c.Time.GetTimestamp() + Ticks(s_retryPause);
                _outage.StartFailed();
                _news.TellFailure(result);
            }
        }
    }

    private void TakeAnswer()
    {
        if (_heartbeat.TryTake() is not { } answer)
        {
            return;
        }

        if (answer.Assignment is { } assignment && answer.SentAt >= _answersFrom)
        {
            if (!_c.Lease.MonitorHasAnswered)
            {
                _peersAreDue = _syncIsDue = true;
            }

            _c.Lease.MonitorAnswered(answer.SentAt);
            if (_goal != assignment.Goal && assignment.Goal != Role)
            {
                _c.Log.GoalAssigned(assignment.Goal.ToWire());
                _retryAt = 0;
            }

            _goal = assignment.Goal;
            EndAfter(answer.Reported);
        }
        else if (answer.Error is { SqlState: MonitorException.UndefinedObject } && answer.SentAt >= _answersFrom)
        {
            _c.Log.UnknownToMonitor(_c.NodeName, answer.Error.Message);
            _c.Lease.MonitorForgotNode();
            _goal = NodeState.Dropped;
            if (Role == NodeState.Dropped)
            {
                _outcome = _c.Lease.MonitorHasAnswered ? KeeperOutcome.Dropped : KeeperOutcome.Unknown;
            }
        }
    }

    /// <summary>Some states are the last thing that there is to say.</summary>
    private void EndAfter(NodeState reported)
    {
        if (reported == NodeState.Dropped && Role == NodeState.Dropped && Goal == NodeState.Dropped)
        {
            _outcome = KeeperOutcome.Dropped;
        }
        else if (_c.Options.StopWhenInitialized && reported == Role && !RoleRules.IsBeingCreated(reported))
        {
            _outcome = KeeperOutcome.Initialized;
        }
    }

    /// <summary>Starts what has to be done now, or has what is being done make way for it.</summary>
    private void Act(CancellationToken cancellationToken)
    {
        var current = _jobs.Current;
        if (current is { Kind: JobKind.Fence } || Want(current) is not { } wanted)
        {
            return;
        }

        if (current is not null)
        {
            _jobs.MakeWay(wanted.IsUrgent);
        }
        else if (_c.Time.GetTimestamp() >= _retryAt || wanted.Kind == JobKind.Fence)
        {
            _jobs.Start(wanted, cancellationToken);
        }
    }

    /// <summary>What should be running instead of <paramref name="current"/>; null when that is right, or nothing is to be done.</summary>
    private Job? Want(Job? current)
    {
        if (RoleRules.MayBeReplaced(Role) && _c.Server.IsRunning && _freeze.IsOver && _c.Lease.IsOver(_c.Settings.NetworkPartitionTimeout))
        {
            return FenceJob.For(_c);
        }

        if (Goal != Role)
        {
            return current?.Row?.To == Goal ? null : Transition();
        }

        if (current is { Row: { } row })
        {
            // The goal is back to what the node is. What has begun to commit without a standby must not stop halfway and still be
            // called primary; everything else can be given up.
            return row.Steps.Contains(KeeperStep.DisableSync) ? null : Job.Nothing;
        }

        return current is null ? WantUpkeep() : null;
    }

    private Job? Transition()
    {
        if (KeeperTransitions.Find(Role, Goal) is { } row)
        {
            return TransitionJob.For(_c, row, Role);
        }

        _news.TellNoTransition(Role, Goal);
        return null;
    }

    private Job? WantUpkeep()
    {
        if (_observer.LatestBegan is null || _c.Time.GetTimestamp() < _retryAt)
        {
            return null;
        }

        if (_inputs.TakeSettings() is { } settings)
        {
            return ReloadJob.For(_c, settings);
        }

        var hasAnswered = _c.Lease.MonitorHasAnswered;
        var needs = Upkeep.Plan(_c.State.Current, _observer.Latest, _c.Server.IsRunning, new UpkeepSituation
        {
            AdoptIsDue = _adoptIsDue,
            MayStart = MayStart(),
            PeersDue = hasAnswered && _peersAreDue,
            SyncDue = hasAnswered && _syncIsDue,
        });
        if (needs == UpkeepNeeds.None)
        {
            return null;
        }

        _adoptIsDue = false;
        _peersAreDue &= !needs.HasFlag(UpkeepNeeds.Peers);
        _syncIsDue &= !needs.HasFlag(UpkeepNeeds.CheckSync);
        return Upkeep.For(_c, needs);
    }

    /// <summary>
    /// A primary is never started on the keeper's own authority: the monitor must have answered this process, and recently enough that it
    /// cannot have given the role away. A data directory that is certainly a standby's can do no harm.
    /// </summary>
    private bool MayStart() =>
        _c.Lease.MonitorHasAnswered
            ? !RoleRules.MayBeReplaced(Role) || !_c.Lease.IsOver(_c.Settings.NetworkPartitionTimeout)
            : _hasStandbyOnDisk && RoleRules.IsStandby(Role);

    private bool ToRun() =>
        RoleRules.MustRun(Role) && !RoleRules.MustBeStopped(Goal) && Goal != NodeState.Dropped && _jobs.Current is not { IsUrgent: true };

    private void Ask(CancellationToken cancellationToken)
    {
        var now = _c.Time.GetTimestamp();
        if (!_observer.IsLooking && (_observer.LatestBegan is null || _observer.LatestBegan < _observeFrom || now - _observer.LastBegan >= Ticks(ObservationPeriod())))
        {
            _observer.Look(cancellationToken);
        }

        var isFresh = _observer.LatestBegan is { } began && began >= _observeFrom;
        if (!_heartbeat.IsCalling && isFresh && (_reportIsDue || now - _heartbeat.LastSent >= Ticks(s_period * 0.9)))
        {
            _reportIsDue = false;
            var outage = new OutageView(ToRun(), _outage.DownFor, _outage.FailedStarts);
            var upstream = _c.Others.IdOf(_observer.Latest.WalReceiver);
            _heartbeat.Send(
                ReportBuilder.Build(_c.Options, _c.Settings, _c.State.Current, _observer.Latest, outage, upstream), cancellationToken);
        }

        _saver.SaveIfDue(_goal, cancellationToken);
    }

    /// <summary>A standby that is about to stream is looked at more often: the monitor and the primary wait to hear of it.</summary>
    private TimeSpan ObservationPeriod() =>
        Role == NodeState.CatchingUp && _observer.Latest.WalReceiver is not { Streaming: true } && _observer.Latest.IsReady
            ? s_period / 10
            : s_period;

    private TimeSpan UntilNextRound()
    {
        var now = _c.Time.GetTimestamp();
        var next = Math.Min(now + Ticks(s_period), Math.Max(now, _observer.LastBegan + Ticks(ObservationPeriod())));
        return _c.Time.GetElapsedTime(now, Math.Max(next, now + Ticks(s_period / 50)));
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _c.Time.TimestampFrequency);
}
