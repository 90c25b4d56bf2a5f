using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// Takes out of <c>postgresql.auto.conf</c>, on a server that does not run, what must not come into force on a standby:
/// ALTER SYSTEM of its life as a primary, or of the primary that it was copied from; and the target of a restore to a point in time.
/// </summary>
internal static class AlteredSettings
{
    private static readonly string[] s_notForStandbys =
        ["synchronous_standby_names", "primary_conninfo", "primary_slot_name", "default_transaction_read_only", .. RecoveryTarget.Settings];

    public static bool Clean(string pgData)
    {
        var path = Path.Combine(pgData, "postgresql.auto.conf");
        if (!File.Exists(path))
        {
            return false;
        }

        var lines = File.ReadAllLines(path);
        var kept = lines.Where(l => !s_notForStandbys.Any(n => l.StartsWith(n + " ", StringComparison.Ordinal) || l.StartsWith(n + "=", StringComparison.Ordinal))).ToList();
        return kept.Count != lines.Length && AtomicFile.Write(path, string.Concat(kept.Select(l => l + "\n")));
    }
}
