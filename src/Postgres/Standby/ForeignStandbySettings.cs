using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// The upstream of a cluster that includes none of our files: in <c>postgresql.auto.conf</c>, where <c>pg_basebackup</c> and <c>pg_rewind</c> put it with
/// <c>--write-recovery-conf</c>. It is in the data directory wherever postgresql.conf is, and comes last.
/// </summary>
internal static class ForeignStandbySettings
{
    private static readonly string[] s_names = ["primary_conninfo", "primary_slot_name"];

    /// <summary>True when anything changed.</summary>
    public static bool Write(PostgresOptions options, Upstream? upstream)
    {
        var path = Path.Combine(options.PgData, "postgresql.auto.conf");
        var kept = (File.Exists(path) ? File.ReadAllLines(path) : [])
            .Where(l => !s_names.Any(n => l.StartsWith(n + " ", StringComparison.Ordinal) || l.StartsWith(n + "=", StringComparison.Ordinal)))
            .ToList();
        if (upstream is not null)
        {
            kept.Add($"primary_conninfo = {ServerSettings.Quote(Conninfo.ForStreaming(upstream, options))}");
        }

        return AtomicFile.Write(path, string.Concat(kept.Select(l => l + "\n")));
    }
}
