using System.Diagnostics;
using System.Globalization;

namespace PgAutoFailover.Cli.Files;

/// <summary>What <c>pg_controldata</c> says of a data directory, as far as commands show it.</summary>
/// <param name="LastLsn">Where recovery ends at least; on a primary, which knows no such place, its latest checkpoint.</param>
internal sealed record ControlFileData(
    int Version,
    int CatalogVersion,
    string SystemIdentifier,
    string State,
    string LatestCheckpoint,
    string LastLsn,
    int Timeline)
{
    private const string NoPosition = "0/0";

    /// <summary>Null where the program is missing or cannot read the directory.</summary>
    public static ControlFileData? Read(string? pgCtl, string pgdata)
    {
        var program = Path.Join(Path.GetDirectoryName(pgCtl), "pg_controldata");
        if (!File.Exists(program))
        {
            return null;
        }

        // Its labels follow the language of the environment.
        var start = new ProcessStartInfo(program, ["-D", pgdata]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start);
        var text = process?.StandardOutput.ReadToEnd() ?? "";
        var values = text.Split('\n')
            .Select(l => l.Split(':', 2))
            .Where(w => w.Length == 2)
            .ToLookup(w => w[0].Trim(), w => w[1].Trim(), StringComparer.Ordinal);
        var checkpoint = values["Latest checkpoint location"].FirstOrDefault() ?? NoPosition;
        var recoveryEnd = values["Minimum recovery ending location"].FirstOrDefault() ?? NoPosition;
        return values["Database system identifier"].FirstOrDefault() is { } identifier
            ? new ControlFileData(
                Number(values["pg_control version number"]),
                Number(values["Catalog version number"]),
                identifier,
                values["Database cluster state"].FirstOrDefault() ?? "",
                checkpoint,
                recoveryEnd == NoPosition ? checkpoint : recoveryEnd,
                Number(values["Latest checkpoint's TimeLineID"]))
            : null;
    }

    private static int Number(IEnumerable<string> values) =>
        int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
