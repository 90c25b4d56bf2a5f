using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>Which session a command means: its directory, and its first port, after which tmux knows it.</summary>
/// <param name="Root">An absolute path.</param>
internal sealed record SessionPlace(string Root, int FirstPort)
{
    public const int DefaultPort = 5500;
    private const string DefaultRoot = "/tmp/pgaf/tmux";

    /// <summary>The base directories in which pg_autoctl keeps its files, so that a session touches none of its user's.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["XDG_DATA_HOME"] = Path.Join(Root, "share"),
        ["XDG_CONFIG_HOME"] = Path.Join(Root, "config"),
        ["XDG_RUNTIME_DIR"] = Path.Join(Root, "run"),
    };

    /// <summary>The files of one of its data directories.</summary>
    public ConfigPaths Paths(string name, CommandContext context) =>
        ConfigPaths.For(Path.Join(Root, name), variable => Environment.GetValueOrDefault(variable) ?? context.Environment(variable));

    public static Option<string?> RootOption() => NewOption.Text("--root", "-D", $"directory of the cluster; default: {DefaultRoot}");

    public static Option<int?> PortOption() => NewOption.Number(
        "--first-pgport", "-p", $"port of the monitor, the nodes have the next ones; default: {DefaultPort}", 1024, 65535 - SessionPlan.MostNodes);

    /// <summary>For commands that find by themselves how many there are.</summary>
    public static Option<int?> IgnoredNodesOption() => NewOption.Number("--nodes", "-n", "accepted, and ignored: all that there are", 0, int.MaxValue);

    public static SessionPlace Of(string? root, int? firstPort) =>
        new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root ?? DefaultRoot)), firstPort ?? DefaultPort);
}
