using System.Reflection;

namespace PgAutoFailover.Architecture.Tests;

/// <summary>The sources as they lie in the repository, without what a build leaves beside them.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!; // the project file gives it a value

    public static IEnumerable<string> Projects(string folder) => Files(folder, "*.csproj");

    public static IEnumerable<string> Sources(string folder) => Files(folder, "*.cs");

    /// <summary>A path as a reader of a failed test knows it.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Where(IsWritten).Order(StringComparer.Ordinal);

    private static bool IsWritten(string path) =>
        !Name(path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
}
