using System.Text;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// What makes a data directory a standby's: <c>standby.signal</c>, and <c>postgresql-auto-failover-standby.conf</c>, which says whom it
/// follows. The order of writing matters: a directory is never left without the signal while it is meant to be a standby's.
/// </summary>
internal static class StandbySettings
{
    public static string SignalOf(PostgresOptions options) => Path.Combine(options.PgData, "standby.signal");

    /// <summary>Writes them; without an upstream, the server stays in recovery and receives from nobody. True when anything changed.</summary>
    public static bool Write(PostgresOptions options, Upstream? upstream)
    {
        var signal = SignalOf(options);
        var changed = upstream is not null && PasswordFile.Write(options, upstream.Role);
        changed |= options.IsForeign ? ForeignStandbySettings.Write(options, upstream) : WriteOwn(options, upstream);
        if (!File.Exists(signal))
        {
            AtomicFile.Replace(signal, []);
            changed = true;
        }

        return changed;
    }

    private static bool WriteOwn(PostgresOptions options, Upstream? upstream)
    {
        var changed = AtomicFile.Write(Path.Combine(options.PgData, SettingsFile.StandbyName), Compose(options, upstream));
        return IncludeLine.Ensure(options.PgData, SettingsFile.StandbyName) || changed;
    }

    /// <summary>After a promotion: removes the signal and empties the file, which postgresql.conf still includes.</summary>
    public static void Clear(PostgresOptions options)
    {
        AtomicFile.Delete(SignalOf(options));
        var settings = Path.Combine(options.PgData, SettingsFile.StandbyName);
        if (File.Exists(settings))
        {
            AtomicFile.Write(settings, "");
        }
    }

    internal static string Compose(PostgresOptions options, Upstream? upstream)
    {
        var text = new StringBuilder(SettingsFile.FirstLine).Append('\n');
        if (upstream is not null)
        {
            text.Append($"primary_conninfo = {ServerSettings.Quote(Conninfo.ForStreaming(upstream, options))}\n");
            text.Append(upstream.OwnNodeId > 0 ? $"primary_slot_name = '{Conninfo.SlotOf(upstream.OwnNodeId)}'\n" : "");
        }

        return text.Append("recovery_target_timeline = 'latest'\n").ToString();
    }
}
