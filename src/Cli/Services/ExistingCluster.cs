using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Adoption;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// A cluster that is there before pg_autoctl comes: what it is configured to be is held against what a node needs and against the options, before
/// anything is registered or changed. Its own settings come after ours in <c>postgresql.conf</c>, and win.
/// </summary>
internal sealed class ExistingCluster
{
    private readonly string _pgData;
    private readonly int _major;

    private ExistingCluster(string pgData, int major) => (_pgData, _major) = (pgData, major);

    /// <summary>Null where the data directory holds none.</summary>
    public static ExistingCluster? Find(string pgData)
    {
        var version = Path.Join(pgData, "PG_VERSION");
        return File.Exists(version) && int.TryParse(File.ReadAllText(version).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? new ExistingCluster(pgData, major)
            : null;
    }

    /// <summary>The configuration with the pg_ctl of the cluster's version, where no other was asked for.</summary>
    /// <exception cref="CommandFailure">The one that was asked for is of another version.</exception>
    public async Task<NodeConfig> WithProgramsAsync(NodeConfig config, CommandContext context, CancellationToken cancellationToken)
    {
        if (config[ConfigKeys.PgCtl] is not { } pgCtl || !File.Exists(pgCtl))
        {
            return config.IsSet(ConfigKeys.PgCtl) ? config : config.With(ConfigKeys.PgCtl, await PgCtlSearch.FindForAsync(_major, context.Environment, cancellationToken));
        }

        return await PgCtlSearch.ReadMajorVersionAsync(pgCtl, cancellationToken) is var major && major == _major
            ? config
            : throw CommandFailure.BadArguments(
                $"\"{_pgData}\" is a data directory of PostgreSQL {_major}, \"{pgCtl}\" belongs to PostgreSQL {major}",
                $"Give pg_ctl of PostgreSQL {_major} with --pgctl, or none to have it found");
    }

    /// <summary>The configuration with the port and the addresses that the cluster has, where the options name none.</summary>
    /// <exception cref="CommandFailure">The cluster cannot be a node as it is configured. Nothing was changed.</exception>
    public async Task<NodeConfig> JoinAsync(NodeConfig config, CommandContext context, CancellationToken cancellationToken)
    {
        if (await ExistingSettings.ReadAsync(config[ConfigKeys.PgCtl]!, _pgData, cancellationToken) is not { } settings)
        {
            return config;
        }

        RequireWhatReplicationNeeds(settings);
        Warn(settings, context);
        if (!settings.IsElsewhere && config[ConfigKeys.HbaLevel] != "skip" && settings.HbaFile != Path.GetFullPath("pg_hba.conf", _pgData))
        {
            throw Refusal($"hba_file is \"{settings.HbaFile}\"", "pg_autoctl adds its rules to pg_hba.conf in the data directory, and standbys get that one: move the file there, or use --skip-pg-hba");
        }

        context.Log.ClusterIsAdopted(_pgData, _major);
        return Listening(Port(config, settings), settings, context);
    }

    private NodeConfig Port(NodeConfig config, ExistingSettings settings)
    {
        var running = LocalPostgres.Read(_pgData)?.Port;
        var asked = config.IsSet(ConfigKeys.Port) ? config.Number(ConfigKeys.Port) : (int?)null;

        // In files that are moved ours replaces the line; where they stay theirs would win.
        var fixedPort = settings.IsElsewhere ? null : settings.Port;
        if (asked is { } port && (running ?? port, fixedPort ?? port) != (port, port))
        {
            throw CommandFailure.BadArguments(
                $"PostgreSQL at \"{_pgData}\" {(running is not null ? "listens on" : "is configured for")} port {running ?? fixedPort}, not {port}",
                $"Leave out --pgport to take that port, or {(running is null ? "remove the line from its configuration" : "change it and restart PostgreSQL")} first");
        }

        return (asked ?? running ?? settings.Port) is { } chosen ? config.With(ConfigKeys.Port, chosen) : config;
    }

    private static NodeConfig Listening(NodeConfig config, ExistingSettings settings, CommandContext context)
    {
        if (config.IsSet(ConfigKeys.ListenAddresses))
        {
            return config;
        }

        if (settings.ListenAddresses is not ("localhost" or ""))
        {
            return config.With(ConfigKeys.ListenAddresses, settings.ListenAddresses);
        }

        context.Log.ListensMoreWidely(settings.ListenAddresses, config[ConfigKeys.ListenAddresses]!); // it has a default
        return config;
    }

    private void RequireWhatReplicationNeeds(ExistingSettings settings)
    {
        (bool IsTrue, string Problem, string Hint)[] needs =
        [
            (settings.WalLevel != "minimal", "wal_level is minimal", "Standbys need replica or logical"),
            (settings.HotStandby, "hot_standby is off", "A standby's position is read by SQL: it has to be on"),
            (settings.WalSenders > 1, $"max_wal_senders is {settings.WalSenders}", "Each standby needs one, and each base backup two"),
            (settings.ReplicationSlots > 0, $"max_replication_slots is {settings.ReplicationSlots}", "Each standby needs one"),
        ];
        foreach (var (isTrue, problem, hint) in needs)
        {
            if (!isTrue)
            {
                throw Refusal(problem, $"{hint}: change or remove the line, and try again");
            }
        }
    }

    private void Warn(ExistingSettings settings, CommandContext context)
    {
        if (settings.SynchronousCommit is "off" or "local")
        {
            context.Log.RiskySetting("synchronous_commit", settings.SynchronousCommit, _pgData, "commits do not wait for a standby, and a failover may lose them");
        }

        if (!settings.Fsync)
        {
            context.Log.RiskySetting("fsync", "off", _pgData, "a crash of the machine may destroy the data");
        }
    }

    private CommandFailure Refusal(string problem, string hint) =>
        new(ExitCode.PostgresControl, $"The cluster in \"{_pgData}\" cannot become a node as it is: {problem}", $"{hint}. Nothing was changed");
}
