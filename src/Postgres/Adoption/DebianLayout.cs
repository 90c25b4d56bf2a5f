using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Adoption;

/// <summary>
/// Clusters made by Debian's tools keep their configuration in <c>/etc/postgresql/&lt;major&gt;/&lt;cluster&gt;</c>, and have none in the data
/// directory, where a standby's copy of the data must find it. It is moved there with all that it includes. What stays behind leads there: links,
/// and a <c>postgresql.conf</c> for Debian's tools and for a server that still runs on it. Debian's own start-up of the cluster is disabled: from
/// now on pg_autoctl runs it.
/// </summary>
internal static class DebianLayout
{
    public const string ConfigurationRoot = "/etc/postgresql";
    private const string Settings = "postgresql.conf";
    private const string Original = ".orig";

    /// <summary>Where Debian keeps the configuration of a data directory that has none itself; null where that is elsewhere.</summary>
    public static string? FindSettings(string pgData, string configurationRoot = ConfigurationRoot) =>
        File.Exists(Path.Combine(pgData, Settings)) || !Directory.Exists(configurationRoot)
            ? null
            : Below(configurationRoot).SelectMany(Below)
                .Select(d => Path.Combine(d, Settings))
                .FirstOrDefault(f => DataDirectoryOf(f) is { } directory && CanonicalPath.Of(directory) == CanonicalPath.Of(pgData));

    /// <summary>True when there was anything to move. Interrupted, it goes on where it was.</summary>
    public static bool Adopt(string pgData, string configurationRoot = ConfigurationRoot)
    {
        if (FindSettings(pgData, configurationRoot) is not { } settings)
        {
            return false;
        }

        var source = Path.GetDirectoryName(settings)!; // a file has a directory
        var original = settings + Original;
        var text = File.ReadAllText(File.Exists(original) ? original : settings);
        foreach (var (setting, name) in new[] { ("hba_file", "pg_hba.conf"), ("ident_file", "pg_ident.conf") })
        {
            MovedFiles.Move(ConfigurationText.Value(text, setting) ?? Path.Combine(source, name), Path.Combine(pgData, name));
        }

        var adopted = ConfigurationText.Disable(MovedFiles.MoveIncluded(text, source, pgData));
        DisableStart(Path.Combine(source, "start.conf"));
        if (!File.Exists(original))
        {
            AtomicFile.Write(original, text);
        }

        AtomicFile.Write(settings, Signpost(pgData));

        // Last: its presence in the data directory says that all of this was done.
        AtomicFile.Write(Path.Combine(pgData, Settings), adopted);
        return true;
    }

    // Other people's clusters stand here, too: what this user may not read is none of its own, and what just went away was none.
    private static string[] Below(string directory) => Readable(() => Directory.GetDirectories(directory)) ?? [];

    private static string? DataDirectoryOf(string settings) => Readable(() => ConfigurationText.Value(File.ReadAllText(settings), "data_directory"));

    private static T? Readable<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Signpost(string pgData) =>
        $"""
        # pg_autoctl runs this cluster, with the configuration in its data directory: change that. What was here before is in {Settings}{Original}.
        data_directory = '{pgData}'
        hba_file = '{Path.Combine(pgData, "pg_hba.conf")}'
        ident_file = '{Path.Combine(pgData, "pg_ident.conf")}'
        include_if_exists = '{Path.Combine(pgData, Settings)}'

        """;

    private static void DisableStart(string file)
    {
        if (File.Exists(file) && !File.Exists(file + Original))
        {
            AtomicFile.Write(file + Original, File.ReadAllText(file));
            AtomicFile.Write(file, "disabled\n");
        }
    }
}
