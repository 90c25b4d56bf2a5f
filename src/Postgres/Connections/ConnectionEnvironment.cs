namespace PgAutoFailover.Postgres.Connections;

/// <summary>What libpq takes from the environment where a connection string does not say it.</summary>
internal static class ConnectionEnvironment
{
    private static readonly (string Parameter, string Variable)[] s_variables =
    [
        ("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY"), ("sslcrl", "PGSSLCRL"),
    ];

    /// <summary>Parameters that a connection string lacks, each with the variable that it is from. There is no encryption on a unix socket.</summary>
    public static IEnumerable<(string Parameter, string Value, string Variable)> MissingFrom(ConnectionUri uri) => MissingFrom(uri, Environment.GetEnvironmentVariable);

    public static IEnumerable<(string Parameter, string Value, string Variable)> MissingFrom(ConnectionUri uri, Func<string, string?> environment) =>
        uri.Hosts.All(h => h.Host.StartsWith('/')) ? []
        : from known in s_variables
          where uri[known.Parameter] is null
          let value = environment(known.Variable)
          where !string.IsNullOrEmpty(value)
          select (known.Parameter, value, known.Variable);
}
