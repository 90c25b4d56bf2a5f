using System.Collections.Immutable;
using System.Globalization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Groups;

/// <summary>
/// The value of <c>synchronous_standby_names</c> that a group's primary is to have (monitor-api.md section 7; the SQL function of
/// that name answers the same). Where 2.0 names every standby of the quorum, this names those that are secondary, as long as they are
/// enough: a standby that is away need not be heard then before another one may take over.
/// </summary>
public static class SynchronousStandbyNames
{
    private const string Prefix = "pgautofailover_standby_";

    /// <summary>The name under which a standby connects: its replication slot and its application_name.</summary>
    public static string StandbyName(long nodeId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{nodeId}");

    /// <summary>The node that connects under a name, or null when the name is not one of ours.</summary>
    public static long? NodeIdOf(string standbyName) =>
        standbyName.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(standbyName.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>The value for the group as it is; empty when nothing is to be waited for.</summary>
    public static string For(GroupView group)
    {
        var live = group.Live;
        if (live.FirstOrDefault(n => n.Goal.CanTakeWrites()) is not { } primary || primary.ConvergedTo(NodeState.WaitPrimary))
        {
            return "";
        }

        var quorum = live.Where(n => n.Id != primary.Id && n.ReplicationQuorum).ToImmutableArray();
        var secondaries = quorum.Where(n => n.Goal == NodeState.Secondary).ToImmutableArray();
        var number = group.Formation.NumberSyncStandbys;
        if (quorum.IsEmpty || (secondaries.IsEmpty && number == 0))
        {
            return "";
        }

        // Too few to acknowledge: whoever of the quorum comes back first is waited for, and writes are until then.
        var required = Math.Max(1, number);
        var named = secondaries.Length >= required ? secondaries : quorum;
        return Any(required, named.OrderByDescending(n => n.CandidatePriority).Select(n => n.Id));
    }

    /// <summary>The value that waits for so many of these nodes.</summary>
    internal static string Any(int required, IEnumerable<long> nodeIds) =>
        string.Create(CultureInfo.InvariantCulture, $"ANY {required} ({string.Join(", ", nodeIds.Select(StandbyName))})");
}
