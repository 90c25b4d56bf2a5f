namespace PgAutoFailover.Postgres.Settings;

/// <summary>
/// The settings of <c>postgresql-auto-failover.conf</c>: 2.0's, in its order, and beyond them those that decide how fast a failure is
/// noticed and replication comes back.
/// </summary>
internal static class ServerSettings
{
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384";

    public static IEnumerable<(string Name, string Value)> For(PostgresOptions options, int majorVersion) => options.IsMonitor
        ? [.. Monitor(options), .. Security(options), .. CrashRecovery(majorVersion), .. MonitorParameters()]
        : [.. DataNode(options), .. Security(options), .. Wal(), .. CrashRecovery(majorVersion)];

    private static IEnumerable<(string, string)> DataNode(PostgresOptions options) =>
    [
        ("shared_preload_libraries", "pg_stat_statements"),
        ("listen_addresses", Quote(options.ListenAddresses)),
        ("port", options.Port.ToString()),
        ("max_wal_senders", "12"),
        ("max_replication_slots", "12"),
        ("wal_level", "'replica'"),
        ("wal_log_hints", "on"),

        // 2.0 has 30 s. Standbys answer every second: five without an answer is a standby that is gone.
        ("wal_sender_timeout", "'5s'"),
        ("hot_standby_feedback", "on"),
        ("hot_standby", "on"),
        ("synchronous_commit", "on"),
        ("logging_collector", "on"),
        .. Logging(),
    ];

    private static IEnumerable<(string, string)> Monitor(PostgresOptions options) =>
    [
        ("cluster_name", "'pg_auto_failover monitor'"),
        ("listen_addresses", Quote(options.ListenAddresses)),
        ("port", options.Port.ToString()),
        ("log_destination", "stderr"),
        ("logging_collector", "on"),
        .. Logging().Skip(1),
        ("log_statement", "ddl"),
    ];

    private static IEnumerable<(string, string)> Logging() =>
    [
        ("log_destination", "stderr"),
        ("log_directory", "log"),
        ("log_min_messages", "info"),
        ("log_connections", "off"),
        ("log_disconnections", "off"),
        ("log_lock_waits", "on"),
    ];

    private static IEnumerable<(string, string)> Security(PostgresOptions options)
    {
        if (options.AuthMethod is "md5" or "scram-sha-256" or "password")
        {
            yield return ("password_encryption", Quote(options.AuthMethod == "password" ? "scram-sha-256" : options.AuthMethod));
        }

        var ssl = options.Ssl;
        yield return ("ssl", ssl.Active ? "on" : "off");
        (string Name, string? Value)[] files =
            [("ssl_ca_file", ssl.CaFile), ("ssl_crl_file", ssl.CrlFile), ("ssl_cert_file", ssl.CertFile), ("ssl_key_file", ssl.KeyFile)];
        foreach (var (name, value) in files)
        {
            if (!string.IsNullOrEmpty(value))
            {
                yield return (name, Quote(value));
            }
        }

        yield return ("ssl_ciphers", Quote(Ciphers));
    }

    // Not in 2.0, which leaves PostgreSQL's 5 s, 10 s and 60 s: after a restart of the primary, writes wait until the standby tries again.
    private static IEnumerable<(string, string)> Wal() =>
    [
        ("wal_keep_size", "'8 GB'"),
        ("wal_retrieve_retry_interval", "'200ms'"),
        ("wal_receiver_status_interval", "'1s'"),
        ("wal_receiver_timeout", "'3s'"),
    ];

    // Not in 2.0. After a crash PostgreSQL first flushes every file of the cluster, one by one: seconds in which a restart in place
    // could be over. Linux does it in one call, which reports errors reliably since 5.8.
    private static IEnumerable<(string, string)> CrashRecovery(int majorVersion) =>
        majorVersion >= 14 && Environment.OSVersion.Version >= new Version(5, 8) ? [("recovery_init_sync_method", "syncfs")] : [];

    // Their names and defaults are 2.0's; there they are declared by its extension. A custom parameter exists in every session as
    // soon as a configuration file gives it a value.
    private static IEnumerable<(string, string)> MonitorParameters() =>
    [
        ("pgautofailover.enable_version_checks", "on"),
        ("pgautofailover.enable_health_checks", "on"),
        ("pgautofailover.health_check_period", "5000"),
        ("pgautofailover.health_check_timeout", "5000"),
        ("pgautofailover.health_check_max_retries", "2"),
        ("pgautofailover.health_check_retry_delay", "2000"),
        ("pgautofailover.enable_sync_wal_log_threshold", "16777216"),
        ("pgautofailover.promote_wal_log_threshold", "16777216"),
        ("pgautofailover.primary_demote_timeout", "30000"),
        ("pgautofailover.node_considered_unhealthy_timeout", "20000"),
        ("pgautofailover.startup_grace_period", "10000"),
        ("pgautofailover.replication_stall_timeout", "10000"),
    ];

    /// <summary>A value as a configuration file wants it.</summary>
    internal static string Quote(string value) =>
        $"'{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
