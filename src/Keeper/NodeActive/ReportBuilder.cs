using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What is said of PostgreSQL's outage while a report is made.</summary>
/// <param name="ToRun">PostgreSQL is to run: no transition stops it, and nobody else has charge of it.</param>
/// <param name="DownFor">Time since it is down although it is to run.</param>
/// <param name="FailedStarts">Attempts to start it since then.</param>
internal readonly record struct OutageView(bool ToRun, TimeSpan DownFor, int FailedStarts);

/// <summary>Makes a heartbeat of what was observed (keeper-fsm.md section 2). Pure.</summary>
internal static class ReportBuilder
{
    /// <summary>A walsender whose standby has not answered for longer does not count as streaming: the standby answers every second.</summary>
    public static readonly TimeSpan FreshReply = TimeSpan.FromSeconds(3);

    /// <summary>A standby's restart is not worth the monitor's attention for this long.</summary>
    private static readonly TimeSpan s_standbyRestart = TimeSpan.FromSeconds(1);

    // Best first, as 2.0 orders them.
    private static readonly string[] s_syncStates = ["quorum", "sync", "potential", "async"];

    public static NodeReport Build(
        KeeperOptions options, KeeperSettings settings, KeeperState state, PostgresObservation observation, OutageView outage, long? upstreamNodeId)
    {
        var ready = observation.IsReady;
        return new NodeReport(
            options.FormationId,
            state.NodeId,
            state.GroupId,
            state.CurrentRole,
            ready || IsBeingRestarted(settings, state.CurrentRole, observation, outage),
            ready ? observation.Timeline : 0,
            ready ? observation.Lsn : Lsn.Invalid,
            ready ? BestSyncState(observation) : "",
            Evidence(options, settings, state, observation, upstreamNodeId));
    }

    public static bool IsStreaming(WalSender sender) => sender.State == "streaming" && sender.SinceReply <= FreshReply;

    /// <summary>
    /// A restart in place is quicker than any failover, so a primary is reported as running while one is tried, within the limits
    /// that the operator has set.
    /// </summary>
    private static bool IsBeingRestarted(KeeperSettings settings, NodeState role, PostgresObservation observation, OutageView outage)
    {
        if (!outage.ToRun || observation.Phase == PostgresPhase.Failed)
        {
            return false;
        }

        var downFor = observation.DownFor > outage.DownFor ? observation.DownFor : outage.DownFor;
        var attempts = Math.Max(observation.RestartAttempts, outage.FailedStarts);
        return role.CanTakeWrites()
            ? attempts <= settings.RestartFailureMaxRetries && downFor <= settings.RestartFailureTimeout
            : RoleRules.IsStandby(role) && attempts <= 1 && downFor <= s_standbyRestart;
    }

    private static string BestSyncState(PostgresObservation observation) =>
        s_syncStates.FirstOrDefault(s => observation.WalSenders.Any(w => w.SyncState == s)) ?? "";

    private static NodeEvidence Evidence(
        KeeperOptions options, KeeperSettings settings, KeeperState state, PostgresObservation observation, long? upstreamNodeId)
    {
        var evidence = new NodeEvidence
        {
            KeeperVersion = options.ProgramVersion,
            RegistrationId = state.RegistrationId,
            Rewriting = state.RewritingPgData ? true : null,
            StoppedAt = RoleRules.MustBeStopped(state.CurrentRole) && state.StoppedAt is { Length: > 0 } end ? end : null,
            BeforeChangeSeconds = settings.Hooks.BeforeChange is null ? null : (int)settings.Hooks.Timeout.TotalSeconds,
        };
        return observation switch
        {
            { IsReady: false } => evidence,
            { InRecovery: true, WalReceiver: { } receiver } => evidence with
            {
                WalReceiver = new WalReceiverEvidence
                {
                    Streaming = receiver.Streaming,
                    UpstreamNodeId = upstreamNodeId,
                    LastMessageAgeMs = (long)receiver.SinceMessage.TotalMilliseconds,
                    WritesNothing = receiver.WritesNothing ? true : null,
                },
            },
            { InRecovery: true } => evidence,
            _ => evidence with
            {
                StreamingStandbys = AwaitedStandbys.Of(observation).Streaming.Count,
                SynchronousStandbyNames = observation.SynchronousStandbyNames,
            },
        };
    }
}
