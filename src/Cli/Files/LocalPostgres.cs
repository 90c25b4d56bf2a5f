using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Files;

/// <summary>What <c>postmaster.pid</c> says of the PostgreSQL on a data directory.</summary>
/// <param name="Status">For example <c>ready</c>, <c>standby</c>, <c>starting</c>, <c>stopping</c>.</param>
/// <param name="SocketDirectory">Null where it listens on none.</param>
internal sealed record LocalPostgres(int Pid, int Port, string? SocketDirectory, string Status)
{
    /// <summary>Stands for the status where no postmaster runs.</summary>
    public const string NotRunning = "not running";

    public bool IsReady => Status is "ready" or "standby";

    /// <summary>Null where no postmaster runs.</summary>
    public static LocalPostgres? Read(string pgdata)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Join(pgdata, "postmaster.pid"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return lines.Length >= 5
            && int.TryParse(lines[0].TrimStart('-'), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && Signals.IsAlive(pid) && IsPostmaster(pid, pgdata)
                ? new LocalPostgres(pid, port, lines[4].Trim() is { Length: > 0 } directory ? directory : null, lines.Length > 7 ? lines[7].Trim() : "starting")
                : null;
    }

    /// <summary>For commands that speak to it.</summary>
    /// <exception cref="CommandFailure">It accepts no sessions.</exception>
    public static void RequireReady(string pgdata)
    {
        if (Read(pgdata) is not { IsReady: true })
        {
            throw new CommandFailure(ExitCode.PostgresControl, $"Postgres does not run at \"{pgdata}\", or accepts no sessions yet", "Start it, and try again");
        }
    }

    /// <summary>Where the server's unix socket is: as it says itself, else as configured, else where Debian and PostgreSQL put it.</summary>
    public static string? FindSocketDirectory(NodeConfig config)
    {
        if (Read(config.PgData) is { } running)
        {
            return running.SocketDirectory;
        }

        var candidates = new[] { config[ConfigKeys.Host], "/var/run/postgresql", "/tmp" };
        return candidates.FirstOrDefault(c => c is ['/', ..] && Directory.Exists(c));
    }

    // The file outlives a crash, and its pid may have gone to another program: a postmaster works in its data directory.
    private static bool IsPostmaster(int pid, string pgdata)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget is { } directory
                ? Path.TrimEndingDirectorySeparator(directory) == Path.TrimEndingDirectorySeparator(Resolve(pgdata))
                : Directory.Exists($"/proc/{pid}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists($"/proc/{pid}");
        }
    }

    private static string Resolve(string directory) => new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(directory);
}
