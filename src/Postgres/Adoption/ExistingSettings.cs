using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Adoption;

/// <summary>What the configuration files of a cluster that pg_autoctl has not set up say, includes and all: what a server started on them would use.</summary>
/// <param name="Port">Null where no file sets it.</param>
/// <param name="IsElsewhere">The files are not in the data directory, and are to be moved there.</param>
/// <param name="HbaFile">Absolute path.</param>
public sealed record ExistingSettings(
    int? Port, string ListenAddresses, string WalLevel, bool HotStandby, int WalSenders, int ReplicationSlots, string SynchronousCommit, bool Fsync, bool IsElsewhere, string HbaFile)
{
    // A default that no file would set: what the program answers when it found nothing.
    private const string NoPort = "1";

    /// <summary>Null for a data directory that holds no cluster, one whose configuration is nowhere to be found, or one that is ours already.</summary>
    /// <exception cref="PostgresException">The configuration cannot be read: a server would not start on it.</exception>
    public static async Task<ExistingSettings?> ReadAsync(string pgCtl, string pgData, CancellationToken cancellationToken)
    {
        var own = Path.Combine(pgData, "postgresql.conf");
        var file = File.Exists(own) ? own : DebianLayout.FindSettings(pgData);
        if (!ClusterFiles.Exist(pgData) || file is null || File.Exists(Path.Combine(pgData, SettingsFile.Name)))
        {
            return null;
        }

        return new(
            int.Parse(await ValueAsync("port"), CultureInfo.InvariantCulture) is var port && port.ToString(CultureInfo.InvariantCulture) != NoPort ? port : null,
            await ValueAsync("listen_addresses"),
            await ValueAsync("wal_level"),
            await ValueAsync("hot_standby") == "on",
            int.Parse(await ValueAsync("max_wal_senders"), CultureInfo.InvariantCulture),
            int.Parse(await ValueAsync("max_replication_slots"), CultureInfo.InvariantCulture),
            await ValueAsync("synchronous_commit"),
            await ValueAsync("fsync") == "on",
            file != own,
            Path.GetFullPath(await ValueAsync("hba_file"), pgData));

        async Task<string> ValueAsync(string name)
        {
            var call = new ProgramCall(Path.Combine(Path.GetDirectoryName(pgCtl) ?? "", "postgres"), "-D", pgData, "-c", $"config_file={file}", "-C", name)
            {
                Environment = { ["PGPORT"] = NoPort },
            };
            return (await new ProgramRunner(NullLogger.Instance).RunAsync(call, LogLevel.None, cancellationToken)).Trim();
        }
    }
}
