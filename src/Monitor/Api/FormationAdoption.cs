using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;

namespace PgAutoFailover.Monitor.Api;

/// <summary>A formation takes its kind and database name from its first node; later nodes must agree (monitor-api.md 5.1, steps 2 and 3).</summary>
internal static class FormationAdoption
{
    public static (Formation Formation, ApiError? Error) For(Formation formation, bool isEmpty, NodeRegistration registration)
    {
        FormationKind? wanted = registration.NodeKind switch
        {
            "standalone" => FormationKind.Pgsql,
            "coordinator" or "worker" => FormationKind.Citus,
            "" or "unknown" => formation.Kind,
            _ => null,
        };
        if (wanted is not { } kind)
        {
            return (formation, new(
                ApiError.InvalidParameterValue, $"unknown node kind \"{registration.NodeKind}\"", "The kind is standalone, coordinator or worker"));
        }

        if (isEmpty)
        {
            return (formation with { Kind = kind, DbName = registration.DbName }, null);
        }

        if (kind != formation.Kind)
        {
            return (formation, new(
                ApiError.InternalError, $"a {registration.NodeKind} node cannot join formation \"{formation.Id}\"",
                $"The formation is of kind {(formation.Kind == FormationKind.Citus ? "citus" : "pgsql")} and has nodes already"));
        }

        return registration.DbName == formation.DbName
            ? (formation, null)
            : (formation, new(
                ApiError.InternalError, $"database \"{registration.DbName}\" is not that of formation \"{formation.Id}\"",
                $"The nodes of the formation serve database \"{formation.DbName}\"", $"Register the node with --dbname {formation.DbName}"));
    }
}
