using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// A standby counts again when its walreceiver streams from the primary on the primary's own timeline; with it come the slots that
/// the other nodes would need if it took over.
/// </summary>
internal static class CheckCaughtUp
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks at one answer of the upstream before it is asked again.</summary>
    private const int LooksPerAnswer = 40;

    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        while (true)
        {
            // While this waits PostgreSQL may die for good, and the group may get another primary.
            await Running.EnsureAsync(c, cancellationToken);
            var upstream = await Upstreams.PrimaryAsync(c, cancellationToken);
            if (await Upstreams.FollowedAsync(c, cancellationToken) != upstream.NodeId)
            {
                await RejoinStandby.FollowAsync(c, upstream, cancellationToken);
            }

            await Upstreams.PointAtAsync(c, upstream, cancellationToken);
            var identity = await c.Server.IdentifyAsync(upstream, cancellationToken);
            for (var look = 0; look < LooksPerAnswer; look++)
            {
                var observation = await c.Server.ObserveAsync(cancellationToken);
                if (observation is { InRecovery: true, RecoveryTarget: { Length: > 0 } target })
                {
                    throw RecoveryTarget.Refusal(target);
                }

                if (Follows(observation, upstream, identity))
                {
                    c.Log.ReachedTimeline(identity.Timeline, upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port));
                    await PeerUpkeep.RunAsync(c, follows: false, cancellationToken);
                    return;
                }

                await Task.Delay(s_look, c.Time, cancellationToken);
            }
        }
    }

    private static bool Follows(PostgresObservation observation, Upstream upstream, UpstreamIdentity identity) =>
        observation is { IsReady: true, InRecovery: true, WalReceiver: { Streaming: true } receiver }
        && receiver.Host == upstream.Host
        && receiver.Port == upstream.Port
        && receiver.Timeline == identity.Timeline;
}
