using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Files;

/// <summary>
/// A note, beside the data directory, that work on it began and has not ended: initdb, a base backup made in place, a rewind. Such a
/// directory may look whole, even cleanly shut down, and is not: nothing may be started on it. The note outlives a crash of
/// this program and of the machine.
/// </summary>
internal static class UnfinishedWork
{
    public const string InitDb = "initdb";
    public const string BaseBackup = "base backup";
    public const string Rewind = "rewind";

    /// <summary>What was under way, or null.</summary>
    public static string? Read(PostgresOptions options) => File.Exists(PathOf(options)) ? File.ReadAllText(PathOf(options)).Trim() : null;

    public static void Begin(PostgresOptions options, string what)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(options))!); // a file has a directory
        AtomicFile.Write(PathOf(options), what + "\n");
    }

    public static void End(PostgresOptions options) => AtomicFile.Delete(PathOf(options));

    public static void ThrowIfAny(PostgresOptions options)
    {
        if (Read(options) is { } what)
        {
            throw new PostgresException(
                $"a {what} of \"{options.PgData}\" was interrupted, so that its content cannot be trusted",
                $"It must be made anew. The note of it is \"{PathOf(options)}\".");
        }
    }

    private static string PathOf(PostgresOptions options) => FileBeside.PathOf(options, "unfinished");
}
