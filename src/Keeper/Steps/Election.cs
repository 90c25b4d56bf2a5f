using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>The steps of an election among several standbys.</summary>
internal static class Election
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Stops receiving, so that the position that is reported next does not move any more. A node that was stopped comes up as a
    /// standby without an upstream; the slots of its time as a primary would hold WAL back for nobody.
    /// </summary>
    public static async Task ReportLsnAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await RefuseStrayAsync(c, cancellationToken);
        if (c.Server.IsRunning)
        {
            await Promotion.StopReceivingAsync(c, cancellationToken);
            return;
        }

        c.FollowedNodeId = 0;
        await c.Server.WriteStandbySettingsAsync(upstream: null, cancellationToken);
        await Running.EnsureAsync(c, cancellationToken);
        await c.Server.DropSlotsAsync(cancellationToken);
    }

    /// <summary>
    /// Receives from the most advanced of the others until it lacks nothing that one has. Which one that is, is asked again and again: it
    /// may be lost meanwhile. What this node has and its source has not is taken back first.
    /// </summary>
    public static async Task FastForwardAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        NodeAddress? source = null;
        while (await AheadAsync(c, cancellationToken) is { Count: > 0 } sources)
        {
            source = await FollowFirstAsync(c, sources, source, cancellationToken);
            var asked = c.Time.GetTimestamp();
            while (c.Time.GetElapsedTime(asked) < s_askAgain)
            {
                if (await c.Server.ObserveAsync(cancellationToken) is { IsReady: true } observation && observation.Lsn >= source.Lsn)
                {
                    return;
                }

                await Task.Delay(s_look, c.Time, cancellationToken);
            }
        }
    }

    public static async Task InitFromStandbyAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var source = await AheadAsync(c, cancellationToken) is [var furthest, ..]
            ? furthest
            : throw new MonitorException("no node of the group has reported its position yet");
        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        await Rewriting.CopyAsync(c, Upstreams.From(c, source), cancellationToken);
        await Rewriting.StartStandbyAsync(c, upstream: null, cancellationToken);
        await SystemIdentity.PublishAsync(c, cancellationToken);
    }

    /// <summary>
    /// A standby that somebody has promoted has a history of its own. Its timeline is a later one, so that what it reported would be taken for more than what
    /// the others have; and what they have received since it does not hold.
    /// </summary>
    private static async Task RefuseStrayAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var state = c.State.Current;
        if (RoleRules.MustBeStopped(state.CurrentRole))
        {
            return;
        }

        var isStray = c.Server.IsRunning
            ? await c.Server.ObserveAsync(cancellationToken) is { IsReady: true, InRecovery: false }
            : RoleRules.IsStandby(state.CurrentRole) && c.Server.DataDirectoryExists && state is { FreshCopy: false, RewritingPgData: false }
                && (await c.Server.ReadControlDataAsync(cancellationToken)).State is "in production" or "shut down";
        if (isStray)
        {
            throw new PostgresException(
                "PostgreSQL of this standby has left recovery although the monitor has not assigned that: its history is not that of its group any more",
                "Its position does not count in the election. It is rewound or rebuilt as soon as the group has a primary; where the group waits for it, \"pg_autoctl drop node --force\" lets the others go on without it");
        }
    }

    /// <summary>Follows the first that answers: the monitor may not know yet that one before it does not.</summary>
    private static async Task<NodeAddress> FollowFirstAsync(
        KeeperContext c, IReadOnlyList<NodeAddress> sources, NodeAddress? followed, CancellationToken cancellationToken)
    {
        PostgresException? failure = null;
        foreach (var source in sources)
        {
            if (source.NodeId == followed?.NodeId)
            {
                return source;
            }

            try
            {
                c.Log.Fetching(source.NodeId, source.Name, HostName.WithPort(source.Host, source.Port), source.Lsn);
                await RejoinStandby.FollowAsync(c, Upstreams.From(c, source), cancellationToken);
                return source;
            }
            catch (PostgresException e)
            {
                c.Log.CannotFetch(source.NodeId, source.Name, e.Message);
                failure ??= e;
            }
        }

        throw failure!; // the list is not empty
    }

    private static Task<IReadOnlyList<NodeAddress>> AheadAsync(KeeperContext c, CancellationToken cancellationToken) =>
        c.Monitor.GetStandbysAheadAsync(c.Options.FormationId, c.GroupId, c.NodeId, cancellationToken);
}
