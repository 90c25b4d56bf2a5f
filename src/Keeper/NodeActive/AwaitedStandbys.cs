using PgAutoFailover.Core.Groups;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>The standbys that a primary's commits wait for, as far as they stream: any of those that are named; where nobody is named, and none is waited for, all that there are.</summary>
/// <param name="Required">How many of them a commit waits for; 1 where none is waited for.</param>
internal readonly record struct AwaitedStandbys(int Required, IReadOnlyList<WalSender> Streaming)
{
    public static AwaitedStandbys Of(PostgresObservation primary)
    {
        var streaming = primary.WalSenders.Where(ReportBuilder.IsStreaming);
        return AckTerms.Read(primary.SynchronousStandbyNames) is var (required, members)
            ? new(required, [.. streaming.Where(s => SynchronousStandbyNames.NodeIdOf(s.ApplicationName) is { } id && members.Contains(id))])
            : new(1, [.. streaming]);
    }
}
