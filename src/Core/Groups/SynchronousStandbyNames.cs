using System.Globalization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Groups;

/// <summary>
/// The value of <c>synchronous_standby_names</c> that a group's primary is to have (monitor-api.md section 7; the SQL function of
/// that name answers the same).
/// </summary>
public static class SynchronousStandbyNames
{
    /// <summary>The name under which a standby connects: its replication slot and its application_name.</summary>
    public static string StandbyName(long nodeId) => string.Create(CultureInfo.InvariantCulture, $"pgautofailover_standby_{nodeId}");

    /// <summary>The value for the group as it is; empty when nothing is to be waited for.</summary>
    public static string For(GroupView group)
    {
        var live = group.Live;
        if (live.Length < 2 || live.FirstOrDefault(n => n.Goal.CanTakeWrites()) is not { } primary)
        {
            return "";
        }

        var members = live.Where(n => n.Id != primary.Id && n.ReplicationQuorum).OrderByDescending(n => n.CandidatePriority).ToList();
        if (live.Length == 2)
        {
            return members is [{ Goal: NodeState.Secondary } only] ? $"ANY 1 ({StandbyName(only.Id)})" : "";
        }

        return members.Count == 0 || primary.ConvergedTo(NodeState.WaitPrimary)
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"ANY {Math.Max(1, group.Formation.NumberSyncStandbys)} ({string.Join(", ", members.Select(n => StandbyName(n.Id)))})");
    }
}
