using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>
/// Where the files of a data directory lie: below the XDG base directories, in a folder that repeats the data directory's
/// path. The configuration must survive the loss of PGDATA, so none of them is inside.
/// </summary>
/// <param name="PgData">Absolute path of the data directory.</param>
internal sealed record ConfigPaths(string PgData, string ConfigDirectory, string StateDirectory, string RuntimeDirectory)
{
    private const string Application = "pg_autoctl";

    public string ConfigFile => Path.Join(ConfigDirectory, "pg_autoctl.cfg");

    public string StateFile => Path.Join(StateDirectory, "pg_autoctl.state");

    public string InitFile => Path.Join(StateDirectory, "pg_autoctl.init");

    /// <summary>The list of nodes that an operator gives to a node without a monitor.</summary>
    public string NodesFile => Path.Join(StateDirectory, "nodes.json");

    /// <summary>What an operator's command asks of a keeper without a monitor; it is taken up within a moment.</summary>
    public string GoalFile => Path.Join(StateDirectory, "pg_autoctl.goal");

    /// <summary>Password of the replication role, for the walreceiver.</summary>
    public string PasswordFile => Path.Join(StateDirectory, "pg_autoctl.pgpass");

    public string PidFile => Path.Join(RuntimeDirectory, "pg_autoctl.pid");

    /// <summary>The part of <see cref="RuntimeDirectory"/> that is of this program, and not of one data directory.</summary>
    public string FirstRuntimeDirectory => RuntimeDirectory[..^PgData.Length];

    /// <param name="pgdata">As given: a relative path is taken below the current directory.</param>
    /// <exception cref="CommandFailure">HOME is not set and something depends on it.</exception>
    public static ConfigPaths For(string pgdata, Func<string, string?> environment)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pgdata));
        var below = full.TrimStart('/');
        var runtime = environment("XDG_RUNTIME_DIR") is { Length: > 0 } dir && Directory.Exists(dir) ? dir : "/tmp";
        return new ConfigPaths(
            full,
            Path.Join(Base(environment, "XDG_CONFIG_HOME", ".config"), Application, below),
            Path.Join(Base(environment, "XDG_DATA_HOME", ".local/share"), Application, below),
            Path.Join(runtime, Application, below));
    }

    private static string Base(Func<string, string?> environment, string variable, string belowHome)
    {
        if (environment(variable) is { Length: > 0 } directory)
        {
            return directory;
        }

        return environment("HOME") is { Length: > 0 } home
            ? Path.Join(home, belowHome)
            : throw CommandFailure.BadArguments($"Neither HOME nor {variable} is set: no place for the files of pg_autoctl");
    }
}
