using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Settings;

/// <summary>
/// Clusters made by Debian's tools keep their configuration in <c>/etc/postgresql/&lt;major&gt;/&lt;cluster&gt;</c>, and have none in the data
/// directory, where a standby's copy of the data must find it. It is moved there, with links left behind, and Debian's own start-up
/// of the cluster is disabled: from now on pg_autoctl runs it.
/// </summary>
internal static class DebianLayout
{
    // They name the data directory and the files of /etc, or what only Debian's tools use.
    private static readonly string[] s_notKept = ["data_directory", "hba_file", "ident_file", "include_dir", "stats_temp_directory"];

    /// <summary>True when there was anything to move. Interrupted, it goes on where it was.</summary>
    public static bool Adopt(string pgData, string dataRoot = "/var/lib/postgresql", string configurationRoot = "/etc/postgresql")
    {
        var place = Path.GetRelativePath(dataRoot, pgData);
        var source = Path.Combine(configurationRoot, place);
        if (File.Exists(Path.Combine(pgData, "postgresql.conf")) || place.Split('/').Length != 2 || !File.Exists(Path.Combine(source, "postgresql.conf")))
        {
            return false;
        }

        foreach (var name in new[] { "pg_hba.conf", "pg_ident.conf" })
        {
            Move(Path.Combine(source, name), Path.Combine(pgData, name));
        }

        DisableStart(Path.Combine(source, "start.conf"));

        // Last: its presence in the data directory says that all of this was done.
        var settings = Path.Combine(source, "postgresql.conf");
        AtomicFile.Write(Path.Combine(pgData, "postgresql.conf"), WithoutPlaces(File.ReadAllText(settings)));
        return true;
    }

    internal static string WithoutPlaces(string settings) => string.Join('\n', settings.Split('\n').Select(line =>
        s_notKept.Any(n => IsSetting(line, n)) ? $"# {line} # disabled by pg_auto_failover" : line));

    private static bool IsSetting(string line, string name)
    {
        var text = line.TrimStart();
        return text.StartsWith(name, StringComparison.Ordinal) && (text.Length == name.Length || text[name.Length] is ' ' or '\t' or '=');
    }

    private static void Move(string source, string target)
    {
        if (new FileInfo(source) is not { Exists: true, LinkTarget: null })
        {
            return;
        }

        AtomicFile.Write(target, File.ReadAllText(source));
        File.Delete(source);
        File.CreateSymbolicLink(source, target);
    }

    private static void DisableStart(string file)
    {
        if (File.Exists(file) && !File.Exists(file + ".orig"))
        {
            File.Move(file, file + ".orig");
            AtomicFile.Write(file, "disabled\n");
        }
    }
}
