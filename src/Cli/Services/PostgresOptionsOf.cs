using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Cli.Services;

/// <summary>How a configuration and the environment say that PostgreSQL is to be run.</summary>
internal static class PostgresOptionsOf
{
    public static PostgresOptions Node(LocalNode local, CommandContext context) => Shared(local, context) with
    {
        UserName = local.Config[ConfigKeys.UserName],
        DbName = local.Config[ConfigKeys.DbName] ?? "postgres",
        ReplicationPassword = local.Config[ConfigKeys.ReplicationPassword],
        MaximumBackupRate = local.Config[ConfigKeys.MaximumBackupRate] ?? "100M",
        BackupDirectory = local.Config[ConfigKeys.BackupDirectory] is { } directory && directory != BackupPlace.InPlace ? directory : null,
        RestartFailureTimeout = local.Config.Seconds(ConfigKeys.RestartFailureTimeout),
        RestartFailureMaxRetries = local.Config.Number(ConfigKeys.RestartFailureMaxRetries),
    };

    public static PostgresOptions Monitor(LocalNode local, CommandContext context) => Shared(local, context) with { IsMonitor = true };

    /// <summary>Many nodes are to fit on one machine: a test.</summary>
    public static bool HasSmallMemory(CommandContext context) => context.IsDebug && context.Environment("PG_REGRESS_SOCK_DIR") is not null;

    public static SslOptions Ssl(NodeConfig config) => new()
    {
        Active = config.Number(ConfigKeys.SslActive) == 1,
        Mode = config[ConfigKeys.SslMode]!,
        CaFile = config[ConfigKeys.CaFile],
        CrlFile = config[ConfigKeys.CrlFile],
        CertFile = config[ConfigKeys.CertFile],
        KeyFile = config[ConfigKeys.KeyFile],

        // Nothing in the file says so: a certificate at the place where ours is made is ours to make.
        SelfSigned = config.Number(ConfigKeys.SslActive) == 1 && config[ConfigKeys.CertFile] == Path.Join(config.PgData, "server.crt"),
    };

    private static PostgresOptions Shared(LocalNode local, CommandContext context)
    {
        var config = local.Config;
        return new PostgresOptions
        {
            PgData = local.Paths.PgData,
            PgCtl = config[ConfigKeys.PgCtl]!,
            Port = config.Number(ConfigKeys.Port),
            ListenAddresses = config[ConfigKeys.ListenAddresses]!,
            SocketDirectory = context.Environment("PG_REGRESS_SOCK_DIR"),
            HostName = config[ConfigKeys.HostName]!,
            AuthMethod = config[ConfigKeys.AuthMethod] is { } method && method != "skip" ? method : "trust",
            HbaLevel = (config[ConfigKeys.AuthMethod], config[ConfigKeys.HbaLevel]) switch
            {
                ("skip", _) or (_, "skip") => HbaLevel.Skip,
                (_, "app") => HbaLevel.App,
                _ => HbaLevel.Minimal,
            },
            Ssl = Ssl(config),
            StateDirectory = local.Paths.StateDirectory,
            SmallMemory = HasSmallMemory(context),
        };
    }
}
