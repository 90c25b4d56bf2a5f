using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Simulation.Servers;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Checks;

/// <summary>
/// Which writes clients were told to be committed, and that whoever acknowledges a later one has them all. What the settings do not promise
/// is written off, each time with the reason in the story: see docs/simulation.md.
/// </summary>
internal sealed class Ledger(World world)
{
    // Of each branch of WAL, up to where something on it was acknowledged: who has that has all before it.
    private readonly Dictionary<SimGroup, Dictionary<WalBranch, int>> _acknowledged = [];

    // Dropped with all that only they have: each serves until its keeper hears of it.
    private readonly HashSet<(SimGroup, long)> _dropped = [];

    public long Count { get; private set; }

    public void Acknowledged(SimNode node, PgInstance instance, int commit)
    {
        if (node.IsForcedOut || _dropped.Contains((node.Group, node.Id)) || Acknowledgers.IsExcused(node.Group, node) || IsHeldByGivenUp(node.Group, instance, commit))
        {
            return;
        }

        Count++;
        node.Group.Acknowledged++;
        var branches = Of(node.Group);
        var branch = instance.Data.Branch;
        if (!ReferenceEquals(node.Group.LastAcknowledged, branch))
        {
            node.Group.LastAcknowledged = branch;
            Check(node, branch, commit, "acknowledges a write");
        }

        branches[branch] = Math.Max(branches.GetValueOrDefault(branch), commit);
    }

    /// <summary>At the end: the primary has everything.</summary>
    public void CheckAtRest(SimNode primary) =>
        Check(primary, primary.Pg.Data!.Branch, primary.Pg.Data.Flushed, "is the primary at the end"); // a primary has data

    /// <summary>The rows have changed: what the operators' settings do not promise is written off.</summary>
    public void Committed(GroupCommit commit)
    {
        if (world.FindGroup(commit.After.Formation.Id) is not { } group)
        {
            return;
        }

        if (commit.After.Live.IsEmpty && !commit.Before.Live.IsEmpty)
        {
            WriteOff(group, "the last node of the group is dropped");
            _dropped.UnionWith(commit.Before.Live.Select(n => (group, n.Id)));
        }

        foreach (var node in commit.After.Nodes)
        {
            if (commit.Before.Find(node.Id) is { } old && IsPromotion(old, node) && NobodyIsInQuorum(commit.Before) && !CouldGoOn(commit.Before))
            {
                WriteOff(group, $"{node.Name} is promoted, and no standby is in the quorum");
                group.Nodes.Where(n => n.Name != node.Name && world.Now < n.UnattendedUntil).ToList().ForEach(n => n.Unfenced = n.Pg.Instance);
            }

            if (commit.Before.Find(node.Id) is { Goal: var goal } && goal.CanTakeWrites() && node.Goal == NodeState.Dropped && NobodyIsInQuorum(commit.Before))
            {
                WriteOff(group, $"{node.Name} is dropped by an operator, and no standby is in the quorum");
                _dropped.Add((group, node.Id));
            }
        }
    }

    /// <summary>An operator has removed a node by force: what only it holds is given up.</summary>
    public void ForcedOut(SimNode node, GroupView before)
    {
        node.IsForcedOut = true;
        var row = before.Nodes.FirstOrDefault(n => n.Name == node.Name);
        var isReplaceable = row is null || (row.Goal is NodeState.Secondary or NodeState.CatchingUp or NodeState.WaitStandby or NodeState.Maintenance or NodeState.Demoted
            && row.Reported == row.Goal && before.Live.Any(n => n.Id != row.Id && n.ConvergedTo(n.Goal) && n.Goal.CanTakeWrites()));
        if (!isReplaceable)
        {
            WriteOff(node.Group, $"{node.Name} was removed by force");

            // A primary that is being dropped may go on with the acknowledgements of the one that was given up, until it hears of it.
            _dropped.UnionWith(before.Nodes.Where(n => n.Goal == NodeState.Dropped).Select(n => (node.Group, n.Id)));
        }
    }

    // A node that an operator gave up may live, and acknowledge until it hears of that, or the primary does, which may be cut off.
    private static bool IsHeldByGivenUp(SimGroup group, PgInstance instance, int commit)
    {
        var givenUp = group.GivenUp;
        return givenUp.Count > 0 && !instance.Commits.Rule.IsEmpty
            && instance.Commits.Rule.Confirmed(instance.Senders.Confirmations().Where(c => !givenUp.Contains(c.Name))) < commit;
    }

    private static bool IsPromotion(NodeView before, NodeView after) =>
        before.Goal != after.Goal && after.Goal is NodeState.WaitPrimary or NodeState.Single && !before.Goal.CanTakeWrites() && !before.Reported.CanTakeWrites();

    private static bool NobodyIsInQuorum(GroupView group) => LastPrimary(group) is var primary && group.Live.All(n => n.Id == primary?.Id || !n.ReplicationQuorum);

    // Of several that led one after the other the last: those before it may have stopped and not have come back yet.
    private static NodeView? LastPrimary(GroupView group) => group.Nodes.Where(n => n.Reported.BelongsToPrimary() || n.Reported.HasStopped())
        .OrderByDescending(n => n.Reported.BelongsToPrimary()).ThenByDescending(n => n.StateChangedAt).FirstOrDefault();

    /// <summary>The change is a planned one: the primary that is replaced was stopped while it served, says so, and is well. Then nothing may be lost.</summary>
    private static bool CouldGoOn(GroupView group) =>
        LastPrimary(group) is { Goal: NodeState.Draining or NodeState.DemoteTimeout or NodeState.PrepareMaintenance, Evidence.StoppedAt: not null, Link: KeeperLink.Connected } primary
        && group.Terms.Any(t => t.LeaderId == primary.Id)
        && group.Nodes.Max(n => n.ReportedAt) - primary.ReportedAt < TimeSpan.FromSeconds(2);

    private void WriteOff(SimGroup group, string why)
    {
        if (Of(group).Count > 0)
        {
            world.Story.Tell("ledger", $"acknowledged writes of {group.FormationId} may be lost from here on: {why}");
            Of(group).Clear();
        }
    }

    private void Check(SimNode node, WalBranch branch, int count, string what)
    {
        foreach (var (other, acknowledged) in Of(node.Group))
        {
            // An answer that was under way when its server was stopped may come late: then the later branch has that write.
            if (!branch.Includes(count, other, acknowledged) && !other.Includes(acknowledged, branch, count))
            {
                world.Fail(ViolationKind.Safety,
                    $"{node.Name} {what} on {branch}, which left out acknowledged ones on {other} up to {other.LsnAt(acknowledged)}");
            }
        }
    }

    private Dictionary<WalBranch, int> Of(SimGroup group)
    {
        if (!_acknowledged.TryGetValue(group, out var branches))
        {
            _acknowledged[group] = branches = [];
        }

        return branches;
    }
}
