using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>What PostgreSQL does on a node of the model.</summary>
public enum Pg
{
    Nothing,
    Stopped,
    Receiving,
    Detached,
    SyncPrimary,
    AsyncPrimary,
}

/// <summary>
/// One node: what its keeper is doing (Actual), what the monitor was told (Reported) and wants (Goal), what the keeper knows of that
/// (Told, null after a restart), whether host and link are up, and whether it holds every acknowledged write.
/// </summary>
public readonly record struct ModelNode(
    bool Exists, NodeState Actual, NodeState Reported, NodeState Goal, bool Confirmed, NodeState? Told, bool ToldIsPresent, bool Up, bool Link, bool SeenLost, bool LeaseOver,
    bool PgReported, Pg Pg, bool HoldsAll, bool Quorum)
{
    public bool PgRuns => Up && Pg is Pg.Receiving or Pg.Detached or Pg.SyncPrimary or Pg.AsyncPrimary;
}

/// <summary>A pair and its monitor, small enough to visit every state that can be reached.</summary>
public sealed record PairModel(ModelNode One, ModelNode Two, int FaultsLeft, int OperationsLeft)
{
    /// <summary>The monitor's table; a test may leave something out.</summary>
    public ImmutableArray<GroupRule> Rules { get; init; } = GroupRuleTable.Table;

    /// <summary>Whether a report counts although its keeper did not know the goal.</summary>
    public bool TrustsEveryReport { get; init; }

    private static readonly MonitorSettings s_settings = MonitorSettings.Default;
    private static readonly Clock s_clock = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    public static PairModel Start(int faults, int operations, bool quorum) => new(
        new(true, NodeState.Init, NodeState.Init, NodeState.Single, false, null, false, true, true, false, false, true, Pg.Nothing, true, quorum),
        new(true, NodeState.WaitStandby, NodeState.WaitStandby, NodeState.WaitStandby, false, null, false, true, true, false, false, true, Pg.Nothing, false, quorum),
        faults, operations);

    public ModelNode this[int i] => i == 0 ? One : Two;

    public PairModel With(int i, ModelNode node) => i == 0 ? this with { One = node } : this with { Two = node };

    /// <summary>The node can acknowledge a write at this moment.</summary>
    public bool CanAcknowledge(int i) =>
        this[i].Up && (this[i].Pg == Pg.AsyncPrimary || (this[i].Pg == Pg.SyncPrimary && this[1 - i].Up && this[1 - i].Pg == Pg.Receiving));

    /// <summary>The monitor's view, as Core sees it.</summary>
    public GroupView View()
    {
        var model = this;
        return new GroupView(Formation.Default, 0, [.. new[] { 0, 1 }.Where(i => model[i].Exists).Select(i => model.ViewOf(i))]);
    }

    /// <summary>Everything that can happen next, by name.</summary>
    public IEnumerable<(string Name, PairModel Next)> Steps(Action<GroupView, Decision>? observe)
    {
        for (var i = 0; i < 2; i++)
        {
            if (!this[i].Exists)
            {
                continue;
            }

            foreach (var step in NodeSteps(i, observe))
            {
                yield return step;
            }
        }

        if (OperationsLeft > 0)
        {
            foreach (var (name, result) in OperatorCommands())
            {
                if (result is { Error: null, Decision: { } decision })
                {
                    observe?.Invoke(View(), decision);
                    yield return (name, (this with { OperationsLeft = OperationsLeft - 1 }).Apply(decision).Settle(observe));
                }
            }
        }
    }

    /// <summary>Faults stop: everything is up and linked, and whoever can do something does it, until nothing changes.</summary>
    public PairModel Rest()
    {
        var model = this;
        for (var i = 0; i < 2; i++)
        {
            model = model.With(i, model[i] with { Link = true });
            if (model[i].Exists && !model[i].Up)
            {
                model = model.Restart(i);
            }
        }

        for (var round = 0; round < 100; round++)
        {
            var before = model;
            for (var i = 0; i < 2; i++)
            {
                if (model[i].Exists)
                {
                    model = model.Report(i, null).CatchUp(i);
                    model = model[i].Exists ? model.Act(i) ?? model : model;
                }
            }

            if (model == before)
            {
                return model;
            }
        }

        return model;
    }

    /// <summary>A client's write is acknowledged by a node. Throws when that node lacks one that was acknowledged before.</summary>
    public PairModel Write(int i)
    {
        if (!this[i].HoldsAll)
        {
            throw new InvalidOperationException($"node {i + 1} acknowledges although it lacks an acknowledged write");
        }

        return With(1 - i, this[1 - i] with { HoldsAll = this[i].Pg == Pg.SyncPrimary });
    }

    private IEnumerable<(string Name, PairModel Next)> NodeSteps(int i, Action<GroupView, Decision>? observe)
    {
        var node = this[i];
        var n = i + 1;
        if (node.Up && node.Link)
        {
            yield return ($"report {n}", Report(i, observe));
        }

        if (node.Up && Act(i) is { } acted && acted != this)
        {
            yield return ($"act {n}", acted);
        }

        if (CanAcknowledge(i))
        {
            yield return ($"write {n}", Write(i));
        }

        if (CatchUp(i) is var caught && caught != this)
        {
            yield return ($"catch up {n}", caught);
        }

        if (!node.Up)
        {
            yield return ($"restart {n}", Restart(i));
        }

        if (!(node.Up && node.Link) && !node.SeenLost)
        {
            yield return ($"declare {n} lost", With(i, node with { SeenLost = true }).Settle(observe));
        }

        if (node.SeenLost && !node.LeaseOver && !CanAcknowledge(i) && node.Pg is not (Pg.SyncPrimary or Pg.AsyncPrimary))
        {
            yield return ($"lease of {n} ends", With(i, node with { LeaseOver = true }).Settle(observe));
        }

        if (node.Up && !node.Link && node.Actual == NodeState.Primary && !(this[1 - i].Up && this[1 - i].Pg == Pg.Receiving))
        {
            yield return ($"fence {n}", With(i, node with { Actual = NodeState.DemoteTimeout, Pg = Pg.Stopped }));
        }

        if (!node.Link)
        {
            yield return ($"heal {n}", With(i, node with { Link = true }));
        }

        foreach (var fault in FaultsLeft > 0 ? Faults(i, observe) : [])
        {
            yield return fault;
        }
    }

    private IEnumerable<(string Name, PairModel Next)> Faults(int i, Action<GroupView, Decision>? observe)
    {
        var node = this[i];
        var n = i + 1;
        var less = this with { FaultsLeft = FaultsLeft - 1 };
        if (node.Up)
        {
            yield return ($"crash {n}", less.With(i, node with { Up = false, Told = null, ToldIsPresent = false, Pg = node.Pg == Pg.Nothing ? Pg.Nothing : Pg.Stopped }));
        }

        if (node.Up && node.Link)
        {
            yield return ($"cut {n}", less.With(i, node with { Link = false }));
            yield return ($"report {n}, answer lost", less.Hear(i, observe));
        }

        if (node.PgRuns && node.Link)
        {
            yield return ($"PostgreSQL of {n} dies for good", less.With(i, node with { Pg = Pg.Stopped, PgReported = false }).Settle(observe));
        }
    }

    private IEnumerable<(string Name, OperationResult Result)> OperatorCommands()
    {
        var view = View();
        yield return ("failover", Failover.Perform(view, s_settings, s_clock));
        foreach (var node in view.Live)
        {
            yield return ($"start maintenance {node.Id}", Maintenance.Start(view, node.Id, s_settings, s_clock));
            yield return ($"stop maintenance {node.Id}", Maintenance.Stop(view, node.Id));
            yield return ($"remove {node.Id}", Removal.Remove(view, node.Id, force: false));
            yield return ($"set quorum of {node.Id}", ReplicationSettings.SetReplicationQuorum(view, node.Name, !node.ReplicationQuorum));
        }
    }

    private PairModel Restart(int i) => With(i, this[i] with { Up = true, Told = null, ToldIsPresent = false });

    private PairModel Report(int i, Action<GroupView, Decision>? observe)
    {
        var heard = Hear(i, observe);
        return heard[i].Exists ? heard.With(i, heard[i] with { Told = heard[i].Goal, ToldIsPresent = true }) : heard;
    }

    private PairModel Hear(int i, Action<GroupView, Decision>? observe)
    {
        var node = this[i];
        var report = new NodeReport(
            "default", i + 1, 0, node.Actual, node.PgRuns || !ShouldRun(node.Actual) || node.Told is null, 1, default, "sync", NodeEvidence.None);
        var view = Reports.Accept(ViewOf(i), report, node.ToldIsPresent || TrustsEveryReport, s_clock);
        return With(i, node with
        {
            Reported = view.Reported,
            Confirmed = view.GoalConfirmed,
            PgReported = view.PgIsRunning,
            SeenLost = false,
            LeaseOver = false,
        }).Settle(observe);
    }

    private PairModel CatchUp(int i)
    {
        var upstream = this[1 - i];
        return this[i].Up && this[i].Pg == Pg.Receiving && upstream.Up && upstream.Pg is Pg.SyncPrimary or Pg.AsyncPrimary && upstream.HoldsAll
            ? With(i, this[i] with { HoldsAll = true })
            : this;
    }

    /// <summary>The keeper carries out what it was told, or makes its current state true. Null when it cannot now.</summary>
    private PairModel? Act(int i)
    {
        var node = this[i];
        if (node.Told is not { } told)
        {
            return null;
        }

        if (told == node.Actual)
        {
            return node.Pg == Pg.Stopped && ShouldRun(node.Actual) ? With(i, node with { Pg = PgOf(node.Actual) }) : this;
        }

        if (KeeperTransitions.Find(node.Actual, told) is not { } transition)
        {
            throw new InvalidOperationException($"node {i + 1} cannot go from {node.Actual} to {told}");
        }

        var model = this;
        foreach (var step in transition.Steps)
        {
            if (model.Take(i, step) is not { } next)
            {
                return null;
            }

            model = next;
        }

        return model.With(i, model[i] with { Actual = told });
    }

    private PairModel? Take(int i, KeeperStep step)
    {
        var node = this[i];
        var other = this[1 - i];
        var otherLeads = other.Exists && other.Up && other.Pg is Pg.SyncPrimary or Pg.AsyncPrimary;
        PairModel Become(Pg pg, bool? holdsAll = null) => With(i, node with { Pg = pg, HoldsAll = holdsAll ?? node.HoldsAll });
        return step switch
        {
            KeeperStep.InitPrimary or KeeperStep.DisableSync or KeeperStep.ResumePrimary => Become(Pg.AsyncPrimary),

            // A standby outside the quorum may be promoted without all writes: the operator has said so, and what it has is the truth from then on.
            KeeperStep.Promote => Become(Pg.AsyncPrimary, node.HoldsAll || !node.Quorum).With(1 - i, other with { HoldsAll = other.HoldsAll && node.HoldsAll }),
            KeeperStep.StartAsPrimary => Become(Pg.SyncPrimary),
            KeeperStep.EnableSync when SynchronousStandbyNames.For(View()).Length == 0 => Become(Pg.AsyncPrimary),
            KeeperStep.EnableSync => other.Up && other.Pg == Pg.Receiving
                ? Become(Pg.SyncPrimary).With(1 - i, other with { HoldsAll = node.HoldsAll })
                : null,
            KeeperStep.CheckpointAndStop or KeeperStep.StopPostgres or KeeperStep.Drop => Become(node.Pg == Pg.Nothing ? Pg.Nothing : Pg.Stopped),
            KeeperStep.StopReceiving or KeeperStep.ReportLsn => Become(Pg.Detached),
            KeeperStep.InitStandby or KeeperStep.RejoinStandby => otherLeads ? Become(Pg.Receiving, holdsAll: false) : null,
            KeeperStep.FollowPrimary => otherLeads ? Become(Pg.Receiving) : null,
            KeeperStep.CheckCaughtUp => otherLeads && node.Pg == Pg.Receiving ? this : null,
            KeeperStep.EnsureRunning => Become(node.Pg == Pg.Stopped ? Pg.Receiving : node.Pg),
            _ => this,
        };
    }

    private PairModel Settle(Action<GroupView, Decision>? observe)
    {
        var model = this;
        for (var round = 0; round < 20; round++)
        {
            var view = model.View();
            if (GroupRules.Decide(Rules, view, s_settings, s_clock) is not { } decision)
            {
                return model;
            }

            observe?.Invoke(view, decision);
            model = model.Apply(decision);
        }

        throw new InvalidOperationException("the rules do not come to rest");
    }

    private PairModel Apply(Decision decision)
    {
        var model = this;
        foreach (var (id, goal) in decision.Goals)
        {
            model = model.With((int)id - 1, model[(int)id - 1] with { Goal = goal, Confirmed = false, ToldIsPresent = false });
        }

        foreach (var (id, quorum) in decision.Quorums)
        {
            model = model.With((int)id - 1, model[(int)id - 1] with { Quorum = quorum });
        }

        foreach (var id in decision.Removed)
        {
            model = model.With((int)id - 1, default);
        }

        return model;
    }

    private NodeView ViewOf(int i)
    {
        var node = this[i];
        var now = s_clock.Now;
        var silence = TimeSpan.FromSeconds(node.LeaseOver ? 120 : (node.SeenLost ? 25 : 0));
        return new NodeView
        {
            Id = i + 1,
            Name = $"node{i + 1}",
            Host = "localhost",
            Port = 5501 + i,
            Goal = node.Goal,
            Reported = node.Reported,
            PgIsRunning = node.PgReported,
            GoalConfirmed = node.Confirmed,
            ReportedAt = now - silence,
            Health = node.SeenLost ? Health.Bad : Health.Good,
            HealthCheckedAt = now,
            StateChangedAt = now - silence,
            ReplicationQuorum = node.Quorum,
            Lsn = new Lsn(0x3000000),
        };
    }

    private static bool ShouldRun(NodeState state) => state.CanTakeWrites() || state is
        NodeState.Secondary or NodeState.CatchingUp or NodeState.PreparePromotion or NodeState.StopReplication or NodeState.WaitMaintenance or NodeState.ReportLsn;

    private static Pg PgOf(NodeState state) => state switch
    {
        NodeState.Primary or NodeState.ApplySettings or NodeState.JoinPrimary => Pg.SyncPrimary,
        NodeState.Single or NodeState.WaitPrimary => Pg.AsyncPrimary,
        NodeState.StopReplication or NodeState.ReportLsn => Pg.Detached,
        _ => Pg.Receiving,
    };
}
