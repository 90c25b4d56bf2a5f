using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The connection string that applications use to reach a formation.</summary>
internal static class FormationUri
{
    /// <summary>Name of the Citus cluster of nodes that have been given none.</summary>
    public const string DefaultCluster = "default";

    private const string Sql = "select pgautofailover.formation_uri($1, $2, $3, $4, $5)";

    /// <exception cref="CommandFailure">There is no such formation, or it has no node.</exception>
    public static async Task<string> ReadAsync(
        MonitorConnection monitor, MonitorTarget target, string formation, string cluster, CancellationToken cancellationToken)
    {
        var ssl = UriSslParameters.Of(target);
        return await monitor.ScalarAsync<string>(Sql, cancellationToken, formation, cluster, ssl.Mode, ssl.RootCertificate, ssl.RevocationList)
            ?? throw new CommandFailure(
                ExitCode.Monitor, $"Formation \"{formation}\" does not exist, or has no node{(cluster == DefaultCluster ? "" : $" of Citus cluster \"{cluster}\"")}");
    }
}
