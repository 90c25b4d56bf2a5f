namespace PgAutoFailover.Postgres.Files;

/// <summary>A path without symbolic links, as the kernel shows it in <c>/proc</c>.</summary>
public static class CanonicalPath
{
    public static string Of(string path)
    {
        var resolved = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            resolved = new FileInfo(next).LinkTarget is { } target ? Of(Path.Combine(resolved, target)) : next;
        }

        return resolved;
    }
}
