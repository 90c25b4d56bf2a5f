using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// Starts a postmaster as a child of this process. A shell opens its files for it and then becomes it: were its output a pipe to
/// us, it would lose its descriptors, and then its life, when we are killed. It leads a session of its own, so that a Ctrl-C meant
/// for us does not reach it: we stop it in our own time.
/// </summary>
internal static class PostmasterLaunch
{
    private const string Script =
        "umask 077; if command -v setsid >/dev/null 2>&1; then set -- setsid \"$0\" \"$@\"; else set -- \"$0\" \"$@\"; fi; "
        + "exec \"$@\" </dev/null >>startup.log 2>&1";

    /// <summary>Starts it and does not wait for it to be ready.</summary>
    public static Postmaster Start(PostgresOptions options, ILogger logger, IReadOnlyList<string>? extraArguments = null)
    {
        string[] command = [options.Program("postgres"), .. Arguments(options), .. extraArguments ?? []];
        Log.StartingPostgres(logger, string.Join(' ', command.Select(a => a.Length == 0 ? "''" : a)));
        InheritedChildren.Remember();
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, .. command]) { WorkingDirectory = options.PgData };
        if (LeftBehind.Exception(options.PgData) is { } exception)
        {
            start.Environment[exception.Name] = exception.Value;
        }

        if (!string.IsNullOrEmpty(options.ReplicationPassword))
        {
            // To the walreceiver it would go before the configured one, and it may be the monitor's.
            start.Environment.Remove("PGPASSWORD");
        }

        try
        {
            using var process = Process.Start(start) ?? throw new PostgresException("could not start /bin/sh");
            var handle = ProcessHandle.TryOpen(process.Id)
                ?? throw new PostgresException($"PostgreSQL ended at once in \"{options.PgData}\"", "Look at startup.log in the data directory.");
            return new Postmaster(handle, options.PgData);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PostgresException($"could not start PostgreSQL in \"{options.PgData}\": {e.Message}", null, e);
        }
    }

    private static List<string> Arguments(PostgresOptions options)
    {
        List<string> arguments = ["-D", options.PgData, "-p", options.Port.ToString(), "-h", options.ListenAddresses];
        if (options.SocketDirectory is { } directory)
        {
            arguments.AddRange(["-k", directory]);
        }

        return arguments;
    }
}
