using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Adoption;

/// <summary>
/// Moves configuration files into the data directory and leaves links. A file is there all the time: first it is copied, then replaced. What a
/// file includes goes with it, to the same place relative to it.
/// </summary>
internal static class MovedFiles
{
    private const string Original = ".orig";

    /// <summary>Moves a file; one that is a link, or not there, has been moved before.</summary>
    public static void Move(string source, string target)
    {
        if (new FileInfo(source) is { Exists: true, LinkTarget: null })
        {
            Move(source, target, File.ReadAllText(source));
        }
    }

    /// <summary>Moves what a text includes from below one directory; returns the text with the paths at which it is now found.</summary>
    /// <param name="text">Of a file in <paramref name="source"/>.</param>
    public static string MoveIncluded(string text, string source, string target) => MoveIncluded(text, source, source, target);

    private static string MoveIncluded(string text, string directory, string source, string target) => ConfigurationText.ReplaceIncludes(text, (directive, path) =>
    {
        var file = Path.GetFullPath(Path.Combine(directory, path));
        var place = Path.GetRelativePath(source, file);
        if (place.StartsWith("..", StringComparison.Ordinal))
        {
            // Elsewhere on this machine, where it stays.
            return file;
        }

        if (directive == "include_dir")
        {
            MoveDirectory(file, source, target);
        }
        else if (new FileInfo(file) is { Exists: true, LinkTarget: null })
        {
            Move(file, Path.Combine(target, place), MoveIncluded(File.ReadAllText(file), Path.GetDirectoryName(file)!, source, target)); // a file has a directory
        }

        return Path.GetRelativePath(directory, file);
    });

    private static void MoveDirectory(string directory, string source, string target)
    {
        var info = new DirectoryInfo(directory);
        if (info is { Exists: true, LinkTarget: null })
        {
            var place = Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, directory)));
            foreach (var file in Directory.EnumerateFiles(directory, "*.conf"))
            {
                AtomicFile.Write(Path.Combine(place.FullName, Path.GetFileName(file)), MoveIncluded(File.ReadAllText(file), directory, source, target));
            }

            info.MoveTo(directory + Original);
        }

        if (!Directory.Exists(directory) && Directory.Exists(directory + Original))
        {
            Directory.CreateSymbolicLink(directory, Path.Combine(target, Path.GetRelativePath(source, directory)));
        }
    }

    private static void Move(string source, string target, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!); // a file has a directory
        AtomicFile.Write(target, content);
        var link = source + ".new";
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
        File.Move(link, source, overwrite: true);
    }
}
