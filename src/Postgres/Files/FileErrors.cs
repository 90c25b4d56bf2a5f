using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Files;

/// <summary>What the file system refuses, as the error that callers of a server expect; the message names the file.</summary>
internal static class FileErrors
{
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresException(e.Message, "Check owner, mode and free space of the data directory.", e);
        }
    }

    public static Task TranslateAsync(Func<Task> work) => TranslateAsync(async () =>
    {
        await work();
        return true;
    });
}
