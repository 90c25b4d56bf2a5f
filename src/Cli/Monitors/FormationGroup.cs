using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>Which group of a formation a command means.</summary>
internal static class FormationGroup
{
    /// <summary>The group of the option, else the local node's own, else the only one that the formation has.</summary>
    /// <exception cref="CommandFailure">The formation has no node, or several groups.</exception>
    public static async Task<int> FindAsync(
        MonitorConnection monitor, MonitorTarget target, string formation, int? option, CommandContext context, CancellationToken cancellationToken)
    {
        if (option is { } given)
        {
            return given;
        }

        if (target.Keeper is { } keeper && keeper.Number(ConfigKeys.Group) is var own and >= 0)
        {
            context.Log.TargetGroup(own, formation);
            return own;
        }

        var groups = await monitor.QueryAsync(
            "select distinct groupid from pgautofailover.node where formationid = $1 order by groupid",
            row => row.GetInt32(0),
            cancellationToken,
            formation);
        return groups switch
        {
            [] => throw new CommandFailure(ExitCode.BadState, $"Formation \"{formation}\" has no node"),
            [var only] => only,
            _ => throw CommandFailure.BadArguments($"Formation \"{formation}\" has {groups.Count} groups: option --group is needed"),
        };
    }

    /// <summary>For what would otherwise be an empty table, which says nothing of a mistyped name.</summary>
    /// <exception cref="CommandFailure">There is no such formation.</exception>
    public static async Task RequireFormationAsync(MonitorConnection monitor, string formation, CancellationToken cancellationToken)
    {
        if (!await monitor.ScalarAsync<bool>(
            "select exists (select from pgautofailover.formation where formationid = $1)", cancellationToken, formation))
        {
            throw CommandFailure.BadArguments($"Formation \"{formation}\" does not exist", "\"pg_autoctl show uri\" lists the formations");
        }
    }
}
