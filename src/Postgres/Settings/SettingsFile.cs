using System.Text;
using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Settings;

/// <summary>Writes <c>postgresql-auto-failover.conf</c> and the line of <c>postgresql.conf</c> that includes it.</summary>
public static class SettingsFile
{
    public const string Name = "postgresql-auto-failover.conf";
    internal const string StandbyName = "postgresql-auto-failover-standby.conf";
    internal const string FirstLine = "# Settings by pg_auto_failover";

    /// <summary>True when anything changed.</summary>
    internal static bool Write(PostgresOptions options)
    {
        var path = Path.Combine(options.PgData, Name);
        var content = Compose(options, ClusterFiles.MajorVersion(options.PgData), File.Exists(path) ? File.ReadAllText(path) : "");
        var changed = AtomicFile.Write(path, content);
        return IncludeLine.Ensure(options.PgData, Name) || changed;
    }

    /// <summary>The whole file; the tuning block of an existing one is kept.</summary>
    internal static string Compose(PostgresOptions options, int majorVersion, string existing)
    {
        var text = new StringBuilder();
        text.Append(FirstLine).Append('\n');
        foreach (var (name, value) in ServerSettings.For(options, majorVersion))
        {
            text.Append($"{name} = {value}\n");
        }

        var tuning = existing.IndexOf(MachineTuning.Header, StringComparison.Ordinal);
        return text.Append('\n').Append(tuning < 0 ? MachineTuning.Describe(options.SmallMemory) : existing[tuning..]).ToString();
    }
}
