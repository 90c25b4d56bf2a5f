using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Tests.Rules;

/// <summary>Views of groups for tests, an hour after the monitor's start, with everybody in touch.</summary>
internal static class Views
{
    public static readonly Clock AtNoon = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    public static NodeView Node(long id, NodeState reported, NodeState goal) => new()
    {
        Id = id,
        Name = $"node{id}",
        Host = "localhost",
        Port = 5500 + (int)id,
        Reported = reported,
        Goal = goal,
        ReportedAt = AtNoon.Now,
        StateChangedAt = AtNoon.Now - TimeSpan.FromMinutes(1),
        Health = Health.Good,
        HealthCheckedAt = AtNoon.Now - TimeSpan.FromSeconds(1),
        Probe = ProbeOutcome.Accepting,
        ProbedAt = AtNoon.Now - TimeSpan.FromSeconds(1),
        Link = KeeperLink.Connected,
        Lsn = new Lsn(0x3000000),
    };

    public static NodeView Node(long id, NodeState state) => Node(id, state, state);

    /// <summary>A group whose primary, if it has one, has confirmed that it waits for the secondaries.</summary>
    public static GroupView Group(params NodeView[] nodes)
    {
        var group = new GroupView(Formation.Default, 0, [.. nodes]);
        return nodes.FirstOrDefault(n => n.Reported.BelongsToPrimary()) is { } leader
            ? group with { Terms = [new AckTerms(leader.Id, SynchronousStandbyNames.For(group.With(leader with { Goal = leader.Reported })))] }
            : group;
    }

    /// <summary>The keeper's session ended and nothing listens on the port any more.</summary>
    public static NodeView Killed(this NodeView node) => node with
    {
        Link = KeeperLink.Gone,
        LinkChangedAt = AtNoon.Now,
        Probe = ProbeOutcome.Refused,
        ProbedAt = AtNoon.Now,
    };

    /// <summary>Neither reports nor health checks have come through for some time.</summary>
    public static NodeView SilentFor(this NodeView node, TimeSpan time) => node with
    {
        ReportedAt = AtNoon.Now - time,
        Health = Health.Bad,
        HealthCheckedAt = AtNoon.Now,
        Probe = ProbeOutcome.TimedOut,
        ProbedAt = AtNoon.Now,
    };

    public static NodeView Streaming(this NodeView node, long from, TimeSpan age) => node with
    {
        Evidence = new NodeEvidence
        {
            KeeperVersion = "1",
            WalReceiver = new WalReceiverEvidence { Streaming = true, UpstreamNodeId = from, LastMessageAgeMs = (long)age.TotalMilliseconds },
        },
    };

    /// <summary>The decision about a group whose nodes are changed first.</summary>
    public static Decision? Decide(this GroupView group, Func<NodeView, NodeView> change) =>
        (group with { Nodes = [.. group.Nodes.Select(change)] }).Decide();

    public static Decision? Decide(this GroupView group) => GroupRules.Decide(group, MonitorSettings.Default, AtNoon);
}
