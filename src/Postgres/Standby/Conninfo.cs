using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>libpq connection strings, in their keyword form, to another node as the replication role.</summary>
internal static class Conninfo
{
    public const string Replicator = "pgautofailover_replicator";

    /// <summary>Name of a node's slot on its upstream, and its application_name there.</summary>
    public static string SlotOf(long nodeId) => $"pgautofailover_standby_{nodeId}";

    /// <summary>For <c>primary_conninfo</c>. Without the password, which the server would write into its log with the setting: <see cref="PasswordFile"/> has it.</summary>
    public static string ForStreaming(Upstream upstream, PostgresOptions options)
    {
        List<(string, string?)> parts =
        [
            ("application_name", upstream.OwnNodeId > 0 ? SlotOf(upstream.OwnNodeId) : null),
            .. Address(upstream),
            ("passfile", string.IsNullOrEmpty(options.ReplicationPassword) ? null : PasswordFile.PathOf(options)),
            .. Security(options.Ssl),

            // An upstream that is unreachable is given up after 2 s, not after libpq's endless wait; the next attempt follows.
            ("connect_timeout", "2"),
        ];
        return Join(parts);
    }

    /// <summary>For a program's command line, which everyone can read: without the password.</summary>
    public static string ForPrograms(Upstream upstream, PostgresOptions options, string? database) =>
        Join([.. Address(upstream), ("dbname", database), .. Security(options.Ssl), ("connect_timeout", "2")]);

    /// <summary>What goes into a program's environment instead.</summary>
    public static void AddSecrets(Dictionary<string, string> environment, PostgresOptions options, string applicationName)
    {
        environment["PGAPPNAME"] = applicationName;
        if (options.ReplicationPassword is { Length: > 0 } password)
        {
            environment["PGPASSWORD"] = password;
        }
    }

    private static IEnumerable<(string, string?)> Address(Upstream upstream) =>
        [("host", upstream.Host), ("port", upstream.Port.ToString()), ("user", upstream.Role)];

    private static IEnumerable<(string, string?)> Security(SslOptions ssl) => ssl.ClientParameters.Select(p => (p.Key, (string?)p.Value));

    private static string Join(IEnumerable<(string Key, string? Value)> parts) =>
        string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Key}={Quote(p.Value!)}")); // null was filtered out

    private static string Quote(string value) => value.AsSpan().IndexOfAny(" '\\") < 0
        ? value
        : $"'{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
