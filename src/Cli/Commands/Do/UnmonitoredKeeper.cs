using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Keeper.ByHand;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>The local node of a command that is for nodes without a monitor, and its list of nodes.</summary>
internal static class UnmonitoredKeeper
{
    /// <exception cref="CommandFailure">It is a monitor, or has one: then the monitor says what the node is to be, and who the others are.</exception>
    public static LocalNode Load(string? pgdata, CommandContext context)
    {
        var local = LocalKeeper.Load(pgdata, context);
        return local.Config.MonitorUri is null
            ? local
            : throw new CommandFailure(
                ExitCode.BadConfiguration,
                $"The node at \"{local.Paths.PgData}\" has a monitor, which alone says what it is to be",
                "This command is for nodes that were created with --disable-monitor, or whose monitor was disabled with \"pg_autoctl disable monitor\"");
    }

    /// <summary>The list that it was given; empty where there is none.</summary>
    /// <exception cref="CommandFailure">The list cannot be used.</exception>
    public static IReadOnlyList<NodeAddress> ReadNodes(LocalNode local)
    {
        var problems = new List<string>();
        var nodes = new NodesFile(local.Paths.NodesFile).Load(problems);
        return problems.Count == 0
            ? nodes
            : throw new CommandFailure(
                ExitCode.BadState,
                $"List of nodes \"{local.Paths.NodesFile}\" cannot be used:\n{Lines(problems)}",
                "\"pg_autoctl do fsm nodes set FILE\" replaces it");
    }

    /// <summary>Problems as lines of an error.</summary>
    public static string Lines(IEnumerable<string> problems) => string.Join('\n', problems.Select(p => $"  {p}"));
}
