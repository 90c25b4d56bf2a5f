using System.Globalization;
using Npgsql;
using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Settings;

/// <summary>
/// Reads the settings as they were given, in base units. A custom parameter takes any text, so PostgreSQL cannot refuse a bad one when it
/// is set: what cannot be used is reported, and the default stays in force. View <c>pgautofailover.settings</c> goes by the same rule.
/// </summary>
internal static class SettingsReader
{
    /// <summary>As <c>SHOW</c> and the documents name them, in base units.</summary>
    public static string Describe(MonitorSettings settings)
    {
        (string Name, object Value)[] values =
        [
            ("enable_health_checks", settings.EnableHealthChecks ? "on" : "off"),
            ("health_check_period", settings.HealthCheckPeriod),
            ("health_check_timeout", settings.HealthCheckTimeout),
            ("health_check_max_retries", settings.HealthCheckMaxRetries),
            ("health_check_retry_delay", settings.HealthCheckRetryDelay),
            ("enable_sync_wal_log_threshold", settings.EnableSyncWalLogThreshold),
            ("promote_wal_log_threshold", settings.PromoteWalLogThreshold),
            ("primary_demote_timeout", settings.PrimaryDemoteTimeout),
            ("node_considered_unhealthy_timeout", settings.NodeConsideredUnhealthyTimeout),
            ("startup_grace_period", settings.StartupGracePeriod),
            ("replication_stall_timeout", settings.ReplicationStallTimeout),
        ];
        return string.Join(", ", values.Select(v => string.Create(
            CultureInfo.InvariantCulture, $"pgautofailover.{v.Name} = {(v.Value is TimeSpan span ? $"{(long)span.TotalMilliseconds} ms" : v.Value)}")));
    }

    public static async Task<(MonitorSettings Settings, IReadOnlyList<string> Problems)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, (string? Setting, string? Min, string? Max, string Type)>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name, setting, min_val, max_val, vartype from pgautofailover_private.given_settings", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            values[reader.GetString(0)] = (Text(reader, 1), Text(reader, 2), Text(reader, 3), reader.GetString(4));
        }

        var problems = new List<string>();
        var d = MonitorSettings.Default;
        var settings = new MonitorSettings
        {
            EnableHealthChecks = Bool("enable_health_checks", d.EnableHealthChecks),
            HealthCheckPeriod = Duration("health_check_period", d.HealthCheckPeriod),
            HealthCheckTimeout = Duration("health_check_timeout", d.HealthCheckTimeout),
            HealthCheckMaxRetries = (int)Number("health_check_max_retries", d.HealthCheckMaxRetries),
            HealthCheckRetryDelay = Duration("health_check_retry_delay", d.HealthCheckRetryDelay),
            EnableSyncWalLogThreshold = Number("enable_sync_wal_log_threshold", d.EnableSyncWalLogThreshold),
            PromoteWalLogThreshold = Number("promote_wal_log_threshold", d.PromoteWalLogThreshold),
            PrimaryDemoteTimeout = Duration("primary_demote_timeout", d.PrimaryDemoteTimeout),
            NodeConsideredUnhealthyTimeout = Duration("node_considered_unhealthy_timeout", d.NodeConsideredUnhealthyTimeout),
            StartupGracePeriod = Duration("startup_grace_period", d.StartupGracePeriod),
            ReplicationStallTimeout = Duration("replication_stall_timeout", d.ReplicationStallTimeout),
        };
        return (settings, problems);

        TimeSpan Duration(string name, TimeSpan standard) => TimeSpan.FromMilliseconds(Number(name, (long)standard.TotalMilliseconds));

        bool Bool(string name, bool standard)
        {
            switch (Find(name).Setting)
            {
                case "on":
                    return true;
                case "off":
                    return false;
                default:
                    problems.Add($"pgautofailover.{name} is \"{Find(name).Setting}\", which is neither on nor off: {(standard ? "on" : "off")} is used");
                    return standard;
            }
        }

        long Number(string name, long standard)
        {
            var (setting, min, max, _) = Find(name);
            if (long.TryParse(setting, out var value) && value >= long.Parse(min ?? "0") && value <= long.Parse(max ?? "9223372036854775807"))
            {
                return value;
            }

            problems.Add($"pgautofailover.{name} is \"{setting}\", which is not a number from {min} to {max}: {standard} is used");
            return standard;
        }

        (string? Setting, string? Min, string? Max, string Type) Find(string name) => values.GetValueOrDefault($"pgautofailover.{name}");
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
