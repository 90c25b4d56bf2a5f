using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>What the keeper of a node will report next: the state that it can reach, and what PostgreSQL is then seen to do.</summary>
internal static class ForeseenReport
{
    public static NodeReport Of(NodeView node, GroupView group, Presence presence)
    {
        var outlook = new KeeperOutlook(group, presence);
        var row = outlook.Next(node);
        var after = node with { Reported = row?.To ?? node.Reported, PgIsRunning = row is null ? node.PgIsRunning : IsRunning(row.To) };
        var (timeline, lsn) = Position(after, row, outlook);
        return new NodeReport(
            group.Formation.Id, node.Id, group.GroupId, after.Reported, after.PgIsRunning, timeline, lsn, node.RepState,
            node.Evidence.KeeperVersion is null ? node.Evidence : Evidence(after, row, group, outlook));
    }

    private static bool IsRunning(NodeState state) => !state.HasStopped();

    private static (int Timeline, Lsn Lsn) Position(NodeView node, KeeperTransition? row, KeeperOutlook outlook)
    {
        if (row is { } made && made.Steps.Contains(KeeperStep.Promote))
        {
            return (node.Timeline + 1, node.Lsn);
        }

        var from = row?.To == NodeState.FastForward ? outlook.Source(node) : outlook.Streams(node) ? outlook.Leader : null;
        return from is null ? (node.Timeline, node.Lsn) : (from.Timeline, from.Lsn.IsValid ? from.Lsn : node.Lsn);
    }

    private static NodeEvidence Evidence(NodeView node, KeeperTransition? row, GroupView group, KeeperOutlook outlook)
    {
        var plain = new NodeEvidence { KeeperVersion = node.Evidence.KeeperVersion };
        if (!node.PgIsRunning)
        {
            return plain with { StoppedAt = node.Evidence.StoppedAt };
        }

        var names = Names(node, row, group);
        var terms = AckTerms.Read(names ?? "");
        return node.Reported.CanTakeWrites()
            ? plain with
            {
                StreamingStandbys = group.Live.Count(n => outlook.Streams(n) && (terms is not var (_, awaited) || awaited.Contains(n.Id))),
                SynchronousStandbyNames = names,
            }
            : outlook.Streams(node) && outlook.Leader is { } leader
                ? plain with { WalReceiver = new WalReceiverEvidence { Streaming = true, UpstreamNodeId = leader.Id, LastMessageAgeMs = 0 } }
                : plain;
    }

    private static string? Names(NodeView node, KeeperTransition? row, GroupView group) =>
        row is null ? node.Evidence.SynchronousStandbyNames
        : row.Steps.Contains(KeeperStep.EnableSync) ? SynchronousStandbyNames.For(group)
        : row.Steps.Any(s => s is KeeperStep.DisableSync or KeeperStep.Promote or KeeperStep.ResumePrimary or KeeperStep.InitPrimary) ? ""
        : node.Evidence.SynchronousStandbyNames;
}
