using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>The steps of an election among several standbys. A group of two uses them only when a primary is removed.</summary>
internal static class Election
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Stops receiving, so that the position that is reported next does not move any more. A node that was stopped comes up as a
    /// standby without an upstream; the slots of its time as a primary would hold WAL back for nobody.
    /// </summary>
    public static async Task ReportLsnAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        if (c.Server.IsRunning)
        {
            await Promotion.StopReceivingAsync(c, cancellationToken);
            return;
        }

        await c.Server.WriteStandbySettingsAsync(upstream: null, cancellationToken);
        await Running.EnsureAsync(c, cancellationToken);
        await c.Server.DropSlotsAsync(cancellationToken);
    }

    /// <summary>Receives from the most advanced standby until nothing that it has is missing.</summary>
    public static async Task FastForwardAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var source = await c.Monitor.GetMostAdvancedStandbyAsync(c.Options.FormationId, c.GroupId, cancellationToken);
        if (source is null || source.NodeId == c.NodeId)
        {
            return;
        }

        await Running.EnsureAsync(c, cancellationToken);
        await Upstreams.PointAtAsync(c, Upstreams.From(c, source), cancellationToken);
        while ((await c.Server.ObserveAsync(cancellationToken)).Lsn < source.Lsn)
        {
            await Task.Delay(s_look, c.Time, cancellationToken);
        }
    }

    public static async Task InitFromStandbyAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var source = await c.Monitor.GetMostAdvancedStandbyAsync(c.Options.FormationId, c.GroupId, cancellationToken)
            ?? throw new MonitorException("no node of the group has reported its position yet");
        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        await Rewriting.CopyAsync(c, Upstreams.From(c, source), cancellationToken);
        await Rewriting.StartStandbyAsync(c, upstream: null, cancellationToken);
        await SystemIdentity.PublishAsync(c, cancellationToken);
    }
}
