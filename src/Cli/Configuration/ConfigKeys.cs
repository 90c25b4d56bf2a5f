using System.Globalization;
using System.Net;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>The settings of a keeper and of a monitor, in the order in which their files have them.</summary>
internal static class ConfigKeys
{
    /// <summary>Value of <see cref="Monitor"/> for a node that is run without a monitor.</summary>
    public const string MonitorDisabled = "PG_AUTOCTL_DISABLED";

    public const string KeeperRole = "keeper";
    public const string MonitorRole = "monitor";

    public static readonly ConfigKey Role = new("pg_autoctl", "role", Required: true, Check: OneOf(MonitorRole, KeeperRole));
    public static readonly ConfigKey Monitor = new("pg_autoctl", "monitor", Check: ConnectionString);
    public static readonly ConfigKey Formation = new("pg_autoctl", "formation", "default", Required: true);
    public static readonly ConfigKey Group = new("pg_autoctl", "group", "-1", IsNumber: true);
    public static readonly ConfigKey Name = new("pg_autoctl", "name");
    public static readonly ConfigKey HostName = new("pg_autoctl", "hostname", Required: true, Check: OneHost);
    public static readonly ConfigKey ClientHostName = new("pg_autoctl", "client_hostname", Check: OneHost);
    public static readonly ConfigKey ClientPort = new("pg_autoctl", "client_port", IsNumber: true, Check: Within(1, 65535));
    public static readonly ConfigKey NodeKind = new("pg_autoctl", "nodekind", "standalone", Check: OneOf("standalone", "coordinator", "worker"));

    public static readonly ConfigKey PgData = new("postgresql", "pgdata", Required: true);
    public static readonly ConfigKey PgCtl = new("postgresql", "pg_ctl");
    public static readonly ConfigKey UserName = new("postgresql", "username");
    public static readonly ConfigKey DbName = new("postgresql", "dbname", "postgres");
    public static readonly ConfigKey Host = new("postgresql", "host");
    public static readonly ConfigKey Port = new("postgresql", "port", "5432", Required: true, IsNumber: true, Check: Within(1, 65535));
    public static readonly ConfigKey ProxyPort = new("postgresql", "proxyport", "0", IsNumber: true, Check: Within(0, 65535));
    public static readonly ConfigKey ListenAddresses = new("postgresql", "listen_addresses", "*");
    public static readonly ConfigKey AuthMethod = new("postgresql", "auth_method");
    public static readonly ConfigKey HbaLevel = new("postgresql", "hba_level", "minimal", Check: OneOf("skip", "minimal", "app"));

    public static readonly ConfigKey SslActive = new("ssl", "active", "0", IsNumber: true, Check: Within(0, 1));
    public static readonly ConfigKey SslMode = new("ssl", "sslmode", "prefer",
        Check: OneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full"));
    public static readonly ConfigKey CaFile = new("ssl", "ca_file");
    public static readonly ConfigKey CrlFile = new("ssl", "crl_file");
    public static readonly ConfigKey CertFile = new("ssl", "cert_file");
    public static readonly ConfigKey KeyFile = new("ssl", "key_file");

    public static readonly ConfigKey MaximumBackupRate = new("replication", "maximum_backup_rate", "100M", Check: TransferRate);
    public static readonly ConfigKey BackupDirectory = new("replication", "backup_directory", Check: BackupDirectoryOrNone);
    public static readonly ConfigKey ReplicationPassword = new("replication", "password");

    public static readonly ConfigKey NetworkPartitionTimeout = Timeout("network_partition_timeout", 20);
    public static readonly ConfigKey RestartFailureTimeout = Timeout("postgresql_restart_failure_timeout", 20);
    public static readonly ConfigKey RestartFailureMaxRetries = Timeout("postgresql_restart_failure_max_retries", 3);

    public static readonly ConfigKey HttpPort = new("http", "port", IsNumber: true, Check: Within(0, 65535), Implied: "0");
    public static readonly ConfigKey HttpListen = new("http", "listen_address", Check: IpAddress, Implied: "127.0.0.1");

    public static readonly ConfigKey BeforeChange = new("hooks", "before_change", Check: HookOrNone);
    public static readonly ConfigKey AfterChange = new("hooks", "after_change", Check: HookOrNone);
    public static readonly ConfigKey HookTimeout = new("hooks", "timeout", IsNumber: true, Check: Within(1, 600), Implied: "30");

    public static readonly ConfigKey CitusRole = new("citus", "role", "primary", Check: OneOf("primary", "secondary"));
    public static readonly ConfigKey CitusClusterName = new("citus", "cluster_name");

    public static IReadOnlyList<ConfigKey> OfKeeper { get; } =
    [
        Role, Monitor, Formation, Group, Name, HostName, ClientHostName, ClientPort, NodeKind,
        PgData, PgCtl, UserName, DbName, Host, Port, ProxyPort, ListenAddresses, AuthMethod, HbaLevel,
        SslActive, SslMode, CaFile, CrlFile, CertFile, KeyFile,
        MaximumBackupRate, BackupDirectory, ReplicationPassword,
        NetworkPartitionTimeout,
        Timeout("prepare_promotion_catchup", 30),
        Timeout("prepare_promotion_walreceiver", 5),
        RestartFailureTimeout, RestartFailureMaxRetries,
        Timeout("listen_notifications_timeout", 60),
        Timeout("citus_master_update_node_lock_cooldown", 10000),
        Timeout("citus_coordinator_wait_max_retries", 100),
        Timeout("citus_coordinator_wait_timeout", 300),
        CitusRole, CitusClusterName,
        HttpPort, HttpListen,
        BeforeChange, AfterChange, HookTimeout,
    ];

    public static IReadOnlyList<ConfigKey> OfMonitor { get; } =
    [
        Role, HostName,
        PgData, PgCtl, UserName, DbName with { Default = "pg_auto_failover" }, Host, Port, ListenAddresses, AuthMethod,
        SslMode, SslActive, CaFile, CrlFile, CertFile, KeyFile,
        HttpPort, HttpListen,
    ];

    /// <summary>Every setting that there is, as the command line names it.</summary>
    public static IEnumerable<string> Paths => OfKeeper.Concat(OfMonitor).Select(k => k.Path).Distinct(StringComparer.Ordinal);

    private static ConfigKey Timeout(string name, int value) =>
        new("timeout", name, value.ToString(CultureInfo.InvariantCulture), IsNumber: true, Check: Within(0, int.MaxValue));

    private static string? IpAddress(string value) =>
        IPAddress.TryParse(value, out _) ? null : "expected an IP address; 127.0.0.1 is this machine alone, 0.0.0.0 every address that it has";

    private static string? BackupDirectoryOrNone(string value) =>
        value == BackupPlace.InPlace || Path.IsPathRooted(value) ? null : $"expected an absolute path, or {BackupPlace.InPlace}";

    // As pg_basebackup --max-rate has it, which would find out only when a standby is made.
    private static string? TransferRate(string value)
    {
        const int MaxKilobytes = 1024 * 1024;
        const int MinKilobytes = 32;
        var (digits, factor) = value[^1] switch
        {
            'k' => (value[..^1], 1),
            'M' => (value[..^1], 1024),
            _ => (value, 1),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor is >= MinKilobytes and <= MaxKilobytes
            ? null
            : "expected kilobytes a second, from 32k to 1024M";
    }

    private static string? OneHost(string value) => Core.Vocabulary.HostName.IsValid(value) ? null : "expected a host name, or an address";

    private static string? ConnectionString(string value)
    {
        try
        {
            _ = value == MonitorDisabled ? null : ConnectionUri.Parse(value).ToConnectionString("pg_autoctl");
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static string? HookOrNone(string value)
    {
        try
        {
            _ = HookCommand.Parse(value);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static Func<string, string?> OneOf(params string[] values) => value =>
        values.Contains(value, StringComparer.Ordinal) ? null : $"expected {string.Join(", ", values)}";

    private static Func<string, string?> Within(int least, int most) => value =>
        int.Parse(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most ? null
            : most == int.MaxValue ? $"expected {least} or more" : $"expected {least} to {most}";
}
