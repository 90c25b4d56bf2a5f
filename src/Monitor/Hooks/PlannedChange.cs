using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Monitor.Hooks;

/// <summary>A change that an operator asks for, and that nodes may have a say in.</summary>
/// <param name="Operation">As hooks are told.</param>
/// <param name="TargetId">The node that is to be promoted, or to go into maintenance; null where none was named.</param>
/// <param name="Judge">Core's judgement; asked before the nodes are, and again after.</param>
/// <param name="IsVoid">The function returns nothing.</param>
internal sealed record PlannedChange(GroupActor Group, string Operation, long? TargetId, Func<GroupChange, OperationResult> Judge, bool IsVoid)
{
    public const string Failover = "failover";
    public const string Promotion = "promotion";
    public const string StartMaintenance = "start_maintenance";

    /// <summary>
    /// The nodes whose hooks have a say: those in touch that have one. Nobody's where the primary is not known to be well: then this is no planned change, whoever
    /// asks for it, and nothing delays it.
    /// </summary>
    public IReadOnlyList<NodeView> WhoHasASay(MonitorSettings settings, Clock clock)
    {
        var view = Group.View;
        return Situation.PrimaryOf(view) is { } primary && NodeJudgement.IsHealthy(primary, view, settings, clock)
            ? [.. view.Live.Where(n => n is { Link: KeeperLink.Connected, Evidence.BeforeChangeSeconds: not null } && NodeJudgement.IsInTouch(n, view, settings, clock))]
            : [];
    }

    public HookQuestion Question(long id, IEnumerable<NodeView> nodes) => new()
    {
        Id = id,
        Nodes = [.. nodes.Select(n => n.Id)],
        Operation = Operation,
        Target = TargetId is { } target ? Told(Group.View.Find(target)) : null,
        Primary = Told(Situation.PrimaryOf(Group.View)),
    };

    private static HookNode? Told(NodeView? node) => node is null ? null : new(node.Id, node.Name, node.Host, node.Port, node.Client.Host, node.Client.Port);
}
