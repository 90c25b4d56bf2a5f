using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Api;

/// <summary>Creating, dropping and configuring formations (monitor-api.md section 6.8).</summary>
internal sealed class Formations(GroupRegistry groups)
{
    public async Task<ServiceReply> CreateAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var formation = new NewFormation(
            a.Text("formation_id"), a.Text("kind"), a.Text("dbname"), a.Bool("opt_secondary"), a.Int("number_sync_standbys"));
        if (formation.Kind is not ("pgsql" or "citus" or "unknown" or ""))
        {
            return Refused(ApiError.InvalidParameterValue, $"unknown formation kind \"{formation.Kind}\"", "The kind is pgsql or citus");
        }

        if ((NodeNaming.Problem("formation_id", formation.Id) ?? NodeNaming.Problem("dbname", formation.DbName)) is { } problem)
        {
            return ServiceReply.Refused(problem);
        }

        if (formation.NumberSyncStandbys < 0)
        {
            return Refused(ApiError.InvalidParameterValue, "invalid value for number_sync_standbys", "A non-negative integer is expected");
        }

        var result = await groups.Store.CreateFormationAsync(formation, cancellationToken);
        if (result.Refusal is { } refusal)
        {
            return ServiceReply.Refused(refusal);
        }

        await groups.ReloadAsync(cancellationToken);
        return ReplyJson.Record(w =>
        {
            w.WriteString("formation_id", formation.Id);
            w.WriteString("kind", formation.Kind);
            w.WriteString("dbname", formation.DbName);
            w.WriteBoolean("opt_secondary", formation.OptSecondary);
            w.WriteNumber("number_sync_standbys", formation.NumberSyncStandbys);
        });
    }

    public async Task<ServiceReply> DropAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var formationId = a.Text("formation_id");
        var result = await groups.Store.DropFormationAsync(formationId, cancellationToken);
        if (result.IsConflict)
        {
            return Refused(ApiError.InternalError, $"couldn't find formation \"{formationId}\"", null);
        }

        if (result.Refusal is { } refusal)
        {
            return ServiceReply.Refused(refusal with { Hint = refusal.Hint ?? "Drop the nodes of the formation first" });
        }

        await groups.RemoveFormationAsync(formationId);
        return ReplyJson.Null;
    }

    /// <summary>Allows or forbids secondaries; the table's trigger refuses to forbid them while there are any.</summary>
    public async Task<ServiceReply> SetOptSecondaryAsync(RequestArguments a, bool allow, CancellationToken cancellationToken)
    {
        var formationId = a.Text("formation_id");
        if (groups.Find(formationId, 0) is not { } group)
        {
            return Refused(ApiError.InternalError, $"couldn't find formation \"{formationId}\"", null);
        }

        var outcome = await group.AskAsync(
            change =>
            {
                Formation formation = change.After.Formation with { OptSecondary = allow };
                change.After = change.After with { Formation = formation };
                return null;
            },
            cancellationToken);
        return outcome.Error is { } error ? ServiceReply.Refused(error) : ReplyJson.True;
    }

    private static ServiceReply Refused(string sqlState, string message, string? detail) => ServiceReply.Refused(new(sqlState, message, detail));
}
