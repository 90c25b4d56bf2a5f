using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>A group of two or three nodes and its monitor, small enough to visit every state that can be reached with a few events.</summary>
public sealed record GroupModel
{
    /// <summary>A position that has not been told.</summary>
    private const int Unknown = -1;

    private static readonly MonitorSettings s_settings = MonitorSettings.Default;
    private static readonly Clock s_clock = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    /// <summary>The monitor's table; a test may leave something out.</summary>
    public ImmutableArray<GroupRule> Rules { get; init; } = GroupRuleTable.Table;

    /// <summary>Whether the last position that a node told counts, although it may have received more before it stopped.</summary>
    public bool TrustsEveryPosition { get; init; }

    public ModelNodes Nodes { get; init; }

    /// <summary>What the monitor has stored of the terms of acknowledgement, one a line.</summary>
    public string Terms { get; init; } = "";

    public int NumberSyncStandbys { get; init; }

    /// <summary>Writes that were acknowledged to a client, by bit.</summary>
    public uint Acknowledged { get; init; }

    public int WritesMade { get; init; }

    public int WritesLeft { get; init; }

    public int FaultsLeft { get; init; }

    public int OperationsLeft { get; init; }

    /// <summary>Something has failed.</summary>
    public bool IsTroubled { get; init; }

    /// <summary>Operators may remove nodes, too.</summary>
    public bool MayRemove { get; init; } = true;

    /// <summary>A node that is being created and one that waits to join it.</summary>
    public static GroupModel NewPair(int faults, int operations, int writes, bool quorum = true) => new()
    {
        FaultsLeft = faults,
        OperationsLeft = operations,
        WritesLeft = writes,
        Nodes = new([Node(NodeState.Init, NodeState.Single, Pg.Nothing, quorum), Node(NodeState.WaitStandby, NodeState.WaitStandby, Pg.Nothing, quorum)]),
    };

    /// <summary>A primary and two secondaries, settled.</summary>
    public static GroupModel Three(int faults, int operations, int writes, int number = 1, int priority3 = 100, bool quorum = true)
    {
        var names = quorum ? "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3)" : "";
        ModelNode Settled(NodeState state, Pg pg) => Node(state, state, pg, quorum) with
        {
            Confirmed = true,
            Told = state,
            ToldIsPresent = true,
            Upstream = 1,
            Timeline = 1,
            ReportedTimeline = 1,
        };
        return new()
        {
            FaultsLeft = faults,
            OperationsLeft = operations,
            WritesLeft = writes,
            NumberSyncStandbys = number,
            Terms = $"1 {names}",
            Nodes = new([
                Settled(NodeState.Primary, Pg.Primary) with { Names = names },
                Settled(NodeState.Secondary, Pg.Receiving),
                Settled(NodeState.Secondary, Pg.Receiving) with { Priority = priority3 }]),
        };
    }

    public ModelNode this[int i] => Nodes[i];

    public int Count => Nodes.Count;

    public GroupModel With(int i, ModelNode node) => this with { Nodes = Nodes.With(i, node) };

    /// <summary>A write made on the node now could be acknowledged without any keeper doing anything.</summary>
    public bool CanAcknowledge(int i)
    {
        if (!this[i].Up || this[i].Pg != Pg.Primary)
        {
            return false;
        }

        return new AckTerms(i + 1, this[i].Names).Standbys is not var (required, members)
            || members.Count(m => IsReceivingFrom((int)m - 1, i)) >= required;
    }

    /// <summary>The monitor's view, as Core sees it.</summary>
    public GroupView View()
    {
        var model = this;
        return new GroupView(
            Formation.Default with { NumberSyncStandbys = NumberSyncStandbys }, 0,
            [.. Enumerable.Range(0, Count).Where(i => model[i].Exists).Select(i => model.ViewOf(i))])
        {
            Terms = [.. Terms.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(t => new AckTerms(t[0] - '0', t[2..]))],
        };
    }

    /// <summary>Everything that can happen next, by name.</summary>
    public IEnumerable<(string Name, GroupModel Next)> Steps(Action<GroupView, Decision>? observe)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Exists)
            {
                foreach (var step in NodeSteps(i, observe))
                {
                    yield return step;
                }
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
    public GroupModel Rest()
    {
        var model = this;
        for (var i = 0; i < Count; i++)
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
            for (var i = 0; i < Count; i++)
            {
                if (model[i].Exists)
                {
                    model = model.Report(i, null).Receive(i);
                    model = model[i].Exists ? model.Act(i) ?? model : model;
                }
            }

            if (model == before && !model.LosesPatience(out model))
            {
                return model;
            }
        }

        return model;
    }

    private bool LosesPatience(out GroupModel model)
    {
        var i = Enumerable.Range(0, Count).FirstOrDefault(n => this[n].Exists && IsSteppingDown(this[n]) && !this[n].PatienceOver, -1);
        model = i < 0 ? this : With(i, this[i] with { PatienceOver = true }).Settle(null);
        return i >= 0;
    }

    /// <summary>A node is lost for good, and whoever is down stays down; everybody else does what can be done, in any order, until nothing changes.</summary>
    public GroupModel RestWithout(int lost, Random order)
    {
        var model = With(lost, this[lost] with { Up = false, Told = null, ToldIsPresent = false, Pg = this[lost].Pg == Pg.Nothing ? Pg.Nothing : Pg.Stopped });
        for (var round = 0; round < 100; round++)
        {
            var before = model;
            var moves = Enumerable.Range(0, 3 * Count).ToArray();
            order.Shuffle(moves);
            model = moves.Aggregate(model, (m, move) => m[move / 3].Exists ? m.Move(move / 3, move % 3) : m);
            if (model == before)
            {
                return model;
            }
        }

        throw new InvalidOperationException("the group does not come to rest");
    }

    private GroupModel Move(int i, int kind) => (this[i].Up, kind) switch
    {
        (true, 0) => (IsSteppingDown(this[i]) ? With(i, this[i] with { PatienceOver = true }) : this).Report(i, null),
        (true, 1) => Receive(i),
        (true, _) => Act(i) ?? this,
        (false, 0) => With(i, this[i] with { SeenLost = true }).Settle(null),
        (false, 1) => this[i].SeenLost ? With(i, this[i] with { LeaseOver = true }).Settle(null) : this,
        (false, _) => this[i].Goal == NodeState.ReportLsn && this[i].Reported != NodeState.ReportLsn ? With(i, this[i] with { PatienceOver = true }).Settle(null) : this,
    };

    private IEnumerable<(string Name, GroupModel Next)> NodeSteps(int i, Action<GroupView, Decision>? observe)
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

        if (node.Up && node.Pg == Pg.Primary && WritesLeft > 0)
        {
            yield return ($"write on {n}", (this with { WritesLeft = WritesLeft - 1, WritesMade = WritesMade + 1 })
                .With(i, node with { Writes = node.Writes | (1u << WritesMade) }).Acknowledge(i));
        }

        if (Receive(i) is var received && received != this)
        {
            yield return ($"receive {n}", received);
        }

        if (!node.Up)
        {
            yield return ($"restart {n}", Restart(i));
        }

        if (!(node.Up && node.Link) && !node.SeenLost)
        {
            yield return ($"declare {n} lost", With(i, node with { SeenLost = true }).Settle(observe));
        }

        if (node.SeenLost && !node.LeaseOver && node.Pg != Pg.Primary)
        {
            yield return ($"lease of {n} ends", With(i, node with { LeaseOver = true }).Settle(observe));
        }

        if (node.Goal == NodeState.ReportLsn && node.Reported != NodeState.ReportLsn && !node.PatienceOver)
        {
            yield return ($"no patience with {n}", With(i, node with { PatienceOver = true }).Settle(observe));
        }

        if (IsSteppingDown(node) && !node.PatienceOver)
        {
            yield return ($"no patience with who is to replace {n}", With(i, node with { PatienceOver = true }).Settle(observe));
        }

        if (node.Up && !node.Link && node.Actual is NodeState.Primary or NodeState.ApplySettings && !Enumerable.Range(0, Count).Any(j => IsReceivingFrom(j, i)))
        {
            yield return ($"fence {n}", With(i, node with { Actual = NodeState.DemoteTimeout, Pg = Pg.Stopped, Told = null, ToldIsPresent = false }));
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

    private IEnumerable<(string Name, GroupModel Next)> Faults(int i, Action<GroupView, Decision>? observe)
    {
        var node = this[i];
        var n = i + 1;
        var less = this with { FaultsLeft = FaultsLeft - 1, IsTroubled = true };
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
            yield return ($"promote {node.Id}", Failover.Promote(view, node.Name, s_settings, s_clock));
            yield return ($"start maintenance {node.Id}", Maintenance.Start(view, node.Id, s_settings, s_clock));
            yield return ($"stop maintenance {node.Id}", Maintenance.Stop(view, node.Id));
            if (MayRemove)
            {
                yield return ($"remove {node.Id}", Removal.Remove(view, node.Id, force: false));
            }

            yield return ($"set quorum of {node.Id}", ReplicationSettings.SetReplicationQuorum(view, node.Name, !node.ReplicationQuorum));
        }

        yield return ("set number_sync_standbys", ReplicationSettings.SetNumberSyncStandbys(view, NumberSyncStandbys == 0 ? 1 : 0));
    }

    private GroupModel Restart(int i) => With(i, this[i] with { Up = true, Told = null, ToldIsPresent = false });

    private GroupModel Report(int i, Action<GroupView, Decision>? observe)
    {
        var heard = Hear(i, observe);
        return heard[i].Exists ? heard.With(i, heard[i] with { Told = heard[i].Goal, ToldIsPresent = true }) : heard;
    }

    private GroupModel Hear(int i, Action<GroupView, Decision>? observe)
    {
        var node = this[i];
        var report = new NodeReport(
            "default", i + 1, 0, node.Actual, node.PgRuns || !ShouldRun(node.Actual) || node.Told is null, node.PgRuns ? node.Timeline : 0,
            node.PgRuns ? PositionOf(node.Lsn) : default, "sync", new NodeEvidence
            {
                KeeperVersion = "model",
                SynchronousStandbyNames = node.Pg == Pg.Primary ? node.Names : null,
                StoppedAt = EndOf(node.Actual.HasStopped() ? node.StoppedWith : 0),
            });
        var before = View();
        var view = Reports.Accept(ViewOf(i), report, node.ToldIsPresent, s_clock);
        var after = AckKnowledge.Confirm(before, before.With(view), i + 1);
        return (this with { Terms = Store(after) }).With(i, node with
        {
            Reported = view.Reported,
            Confirmed = view.GoalConfirmed,
            PgReported = view.PgIsRunning,
            ReportedTimeline = view.Timeline,
            ReportedStoppedWith = node.Actual.HasStopped() ? node.StoppedWith : 0,
            ReportedLsn = node.PgRuns ? node.Lsn : view.Lsn.IsValid || TrustsEveryPosition ? node.ReportedLsn : Unknown,
            SeenLost = false,
            LeaseOver = false,
            PatienceOver = node.PatienceOver && view.Reported != NodeState.ReportLsn,
        }).Settle(observe);
    }

    private bool IsReceivingFrom(int i, int upstream) =>
        i < Count && this[i].Up && this[i].Pg == Pg.Receiving && this[i].Upstream == upstream + 1 && this[upstream].Up && this[upstream].Pg == Pg.Primary;

    private GroupModel Receive(int i)
    {
        var from = this[i].Upstream - 1;
        return from >= 0 && IsReceivingFrom(i, from) && (this[i].Writes & ~this[from].Writes) == 0
            ? With(i, this[i] with { Writes = this[from].Writes, Timeline = this[from].Timeline }).Acknowledge(from)
            : this;
    }

    /// <summary>Whatever the node has that enough standbys hold is acknowledged. Throws when it lacks a write that was acknowledged before.</summary>
    private GroupModel Acknowledge(int i)
    {
        var node = this[i];
        var model = this;
        var acknowledged = Acknowledged;
        for (var bit = 1u; bit != 0 && bit <= node.Writes; bit <<= 1)
        {
            if ((node.Writes & bit) != 0 && (acknowledged & bit) == 0
                && (new AckTerms(i + 1, node.Names).Standbys is not var (required, members)
                    || members.Count(m => IsReceivingFrom((int)m - 1, i) && (model[(int)m - 1].Writes & bit) != 0) >= required))
            {
                acknowledged |= bit;
            }
        }

        return acknowledged != Acknowledged && (Acknowledged & ~node.Writes) != 0
            ? throw new InvalidOperationException($"node {i + 1} acknowledges although it lacks an acknowledged write")
            : this with { Acknowledged = acknowledged };
    }

    /// <summary>The keeper carries out what it was told, or makes its current state true. Null when it cannot now.</summary>
    private GroupModel? Act(int i)
    {
        var node = this[i];
        if (node.Told is not { } told)
        {
            return null;
        }

        if (told == node.Actual)
        {
            return node.Pg == Pg.Stopped && ShouldRun(node.Actual)
                ? With(i, node with { Pg = PgOf(node.Actual) })
                : node.Pg == Pg.Primary && node.Actual is NodeState.WaitPrimary or NodeState.Single && node.Names.Length > 0
                    ? With(i, node with { Names = "" }).Acknowledge(i)
                    : this;
        }

        if (KeeperTransitions.Find(node.Actual, told) is not { } transition)
        {
            throw new InvalidOperationException($"node {i + 1} cannot go from {node.Actual} to {told}");
        }

        var model = this;
        foreach (var step in transition.Steps)
        {
            if (model.Take(i, step) is not var (next, isDone))
            {
                return null;
            }

            model = next;
            if (!isDone)
            {
                return model;
            }
        }

        return model.With(i, model[i] with { Actual = told, StoppedWith = told.HasStopped() ? model[i].StoppedWith : 0 });
    }

    private (GroupModel Model, bool IsDone)? Take(int i, KeeperStep step)
    {
        var node = this[i];
        (GroupModel, bool)? Become(ModelNode next) => (With(i, next), true);
        return step switch
        {
            KeeperStep.InitPrimary => Become(node with { Pg = Pg.Primary, Names = "", Timeline = 1 }),
            KeeperStep.DisableSync or KeeperStep.ResumePrimary => (With(i, node with { Pg = Pg.Primary, Names = "" }).Acknowledge(i), true),
            KeeperStep.Promote => (Promote(i), true),
            KeeperStep.StartAsPrimary => Become(node with { Pg = Pg.Primary }),
            KeeperStep.EnableSync => EnableSync(i),
            KeeperStep.CheckpointAndStop or KeeperStep.StopPostgres or KeeperStep.Drop => Become(node with
            {
                Pg = node.Pg == Pg.Nothing ? Pg.Nothing : Pg.Stopped,
                StoppedWith = node.Pg == Pg.Primary ? node.Lsn + 1 : node.StoppedWith,
            }),
            KeeperStep.StopReceiving or KeeperStep.ReportLsn or KeeperStep.FinishFastForward => Become(node with { Pg = Pg.Detached, Upstream = 0 }),
            KeeperStep.InitStandby => Attach(i, copy: true),
            KeeperStep.RejoinStandby => Attach(i, copy: false),
            KeeperStep.CheckCaughtUp => Leader() is { } leader && IsReceivingFrom(i, leader) ? (this, true) : null,
            KeeperStep.EnsureRunning => Become(node with { Pg = node.Pg == Pg.Stopped ? Pg.Detached : node.Pg }),
            KeeperStep.FastForward => FastForward(i),
            _ => (this, true),
        };
    }

    private GroupModel Promote(int i)
    {
        var node = this[i];
        var model = this with { Acknowledged = GivenUp(node) };
        return (model.Acknowledged & ~node.Writes) != 0
            ? throw new InvalidOperationException($"node {i + 1} is promoted although it lacks an acknowledged write")
            : model.With(i, node with { Pg = Pg.Primary, Names = "", Timeline = node.Timeline + 1 }).Acknowledge(i);
    }

    // Without a quorum the operator has accepted that a failover loses what was not replicated: what the new primary has is the truth from then on. Not so where
    // nothing has failed and the old primary could go on.
    private uint GivenUp(ModelNode promoted) =>
        promoted.Quorum || (!IsTroubled && !MayRemove) || Enumerable.Range(0, Count).Select(i => this[i]).Any(n => n.Exists && n.Quorum && n != promoted && !n.Goal.HasStopped() && !n.Goal.IsMaintenance())
            ? Acknowledged
            : Acknowledged & promoted.Writes;

    private int? Leader()
    {
        var leader = View().Live.FirstOrDefault(n => n.Goal.CanTakeWrites());
        return leader is not null && this[(int)leader.Id - 1] is { Up: true, Pg: Pg.Primary } ? (int)leader.Id - 1 : null;
    }

    private (GroupModel Model, bool IsDone)? Attach(int i, bool copy)
    {
        if (Leader() is not { } leader || leader == i)
        {
            return null;
        }

        var upstream = this[leader];
        return (With(i, this[i] with
        {
            Pg = Pg.Receiving,
            Upstream = leader + 1,
            Timeline = upstream.Timeline,
            Writes = copy ? upstream.Writes : this[i].Writes & upstream.Writes,
            Names = "",
        }), true);
    }

    /// <summary>In steps, of which the last may not come: PostgreSQL runs, the new value is in force, and enough standbys have everything.</summary>
    private (GroupModel Model, bool IsDone)? EnableSync(int i)
    {
        var node = this[i];
        if (node.Pg != Pg.Primary)
        {
            return (With(i, node with { Pg = Pg.Primary }), false);
        }

        // The monitor gives the value to a node that it wants to lead, and to no other.
        if (!node.Link || !node.Goal.CanTakeWrites())
        {
            return null;
        }

        var names = SynchronousStandbyNames.For(View());
        if (node.Names != names)
        {
            return (With(i, node with { Names = names }).Acknowledge(i), false);
        }

        var model = this;
        return new AckTerms(i + 1, names).Standbys is not var (required, members)
            || members.Count(m => IsReceivingFrom((int)m - 1, i) && model[(int)m - 1].Writes == node.Writes) >= required
                ? (this, true)
                : null;
    }

    private (GroupModel Model, bool IsDone)? FastForward(int i)
    {
        var sources = View().Live.Where(n => n.Id != i + 1 && n.Reported == NodeState.ReportLsn).OrderBy(n => n.Timeline).ThenBy(n => n.Lsn);
        if (sources.LastOrDefault() is not { } source || this[(int)source.Id - 1] is not { PgRuns: true } from)
        {
            return null;
        }

        return (With(i, this[i] with { Pg = Pg.Detached, Upstream = 0, Timeline = from.Timeline, Writes = from.Writes }), true);
    }

    private GroupModel Settle(Action<GroupView, Decision>? observe)
    {
        var model = this with { Terms = Store(AckKnowledge.Widen(View())) };
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

    private GroupModel Apply(Decision decision)
    {
        var after = GroupRules.Apply(View(), decision, s_clock);
        var model = this with { Terms = Store(after), NumberSyncStandbys = after.Formation.NumberSyncStandbys };
        foreach (var node in after.Nodes)
        {
            var i = (int)node.Id - 1;
            var changed = decision.Goals.Any(g => g.NodeId == node.Id);
            model = model.With(i, model[i] with
            {
                Goal = node.Goal,
                Confirmed = node.GoalConfirmed,
                ToldIsPresent = model[i].ToldIsPresent && !changed,
                PatienceOver = model[i].PatienceOver && !changed,
                Quorum = node.ReplicationQuorum,
                Priority = node.CandidatePriority,
            });
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
            StateChangedAt = now - (silence > TimeSpan.Zero || !node.PatienceOver ? silence : TimeSpan.FromSeconds(10)),
            ReplicationQuorum = node.Quorum,
            CandidatePriority = node.Priority,
            Timeline = node.ReportedTimeline,
            Lsn = PositionOf(node.ReportedLsn),
            Evidence = new NodeEvidence { StoppedAt = EndOf(node.ReportedStoppedWith) },
        };
    }

    private static ModelNode Node(NodeState reported, NodeState goal, Pg pg, bool quorum) => new()
    {
        Exists = true,
        Actual = reported,
        Reported = reported,
        Goal = goal,
        Up = true,
        Link = true,
        PgReported = true,
        Pg = pg,
        Names = "",
        Quorum = quorum,
        Priority = 100,
        Timeline = 1,
        ReportedTimeline = 1,
    };

    private static string Store(GroupView view) => string.Join('\n', view.Terms.Select(t => $"{t.LeaderId} {t.StandbyNames}"));

    private static Lsn PositionOf(int lsn) => lsn == Unknown ? Lsn.Invalid : new(0x3000000 + (ulong)lsn);

    private static string? EndOf(int stoppedWith) => stoppedWith == 0 ? null : PositionOf(stoppedWith - 1).ToString();

    private static bool IsSteppingDown(ModelNode node) => node.ReportedStoppedWith > 0 && !node.Goal.CanTakeWrites();

    private static bool ShouldRun(NodeState state) => state.CanTakeWrites() || state is
        NodeState.Secondary or NodeState.CatchingUp or NodeState.PreparePromotion or NodeState.StopReplication or NodeState.WaitMaintenance
        or NodeState.ReportLsn or NodeState.FastForward or NodeState.JoinSecondary;

    private static Pg PgOf(NodeState state) => state.CanTakeWrites()
        ? Pg.Primary
        : state is NodeState.StopReplication or NodeState.ReportLsn or NodeState.FastForward or NodeState.JoinSecondary
            ? Pg.Detached
            : Pg.Receiving;
}
