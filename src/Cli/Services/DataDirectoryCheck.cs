using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Postgres.Native;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Refuses a creation in a place where this user cannot write, before anything is made or registered: a registered node that can never have
/// its data would be waited for by everyone else.
/// </summary>
internal static class DataDirectoryCheck
{
    /// <exception cref="CommandFailure">The data directory cannot be made, or what is there is none.</exception>
    public static void RefuseIfUnwritable(string pgData)
    {
        var there = pgData;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { Length: > 0 } parent)
        {
            there = parent;
        }

        if (File.Exists(there))
        {
            throw CommandFailure.BadArguments($"\"{pgData}\" cannot be a data directory: \"{there}\" is a file", "Choose another one with --pgdata");
        }

        if (!FileAccessCheck.CanWriteIn(there))
        {
            throw CommandFailure.BadArguments(
                $"\"{pgData}\" cannot be a data directory: user \"{Environment.UserName}\" may not write in \"{there}\"",
                "Make the directory as root and give it to that user, or choose another one with --pgdata");
        }
    }
}
