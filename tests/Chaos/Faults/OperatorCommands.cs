using System.Globalization;
using PgAutoFailover.Chaos.Checks;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>
/// What operators do, at good moments and at bad ones. A command may be refused, or give up after its time; it must not crash.
/// It runs while the story goes on, and the scene ends when it has ended.
/// </summary>
internal static class OperatorCommands
{
    internal static IReadOnlyList<FaultKind> All { get; } =
    [
        new(6, stage => OnMonitor(stage, "switchover", "perform", "switchover")),
        new(3, stage => OnMonitor(stage, "failover", "perform", "failover")),
        new(6, stage => OnMonitor(stage, "promotion", "perform", "promotion", "--name", stage.AnyStandby().Name)),
        new(3, stage => OnMonitor(
            stage, "set candidate-priority", "set", "node", "candidate-priority", "--name", stage.OneOf(stage.Cluster.Nodes).Name, stage.OneOf(["0", "50", "50", "80", "100"]))),
        new(2, stage => OnMonitor(
            stage, "set number-sync-standbys", "set", "formation", "number-sync-standbys", stage.Chance.Next(2).ToString(CultureInfo.InvariantCulture))),
        new(6, stage => Maintenance(stage, stage.AnyNode())),
        new(3, stage => Drop(stage, stage.AnyStandby())),
    ];

    private static Fault OnMonitor(Stage stage, string kind, params string[] arguments)
    {
        Task command = Task.CompletedTask;
        return new(
            kind,
            [],
            cancellationToken =>
            {
                command = RunAsync(stage, stage.Monitor, arguments, cancellationToken);
                return Task.CompletedTask;
            },
            _ => command);
    }

    private static Fault Maintenance(Stage stage, TestNode node)
    {
        Task command = Task.CompletedTask;
        return new(
            $"maintenance of a {stage.Role(node)}",
            [],
            cancellationToken =>
            {
                command = RunAsync(stage, node, ["enable", "maintenance", "--allow-failover"], cancellationToken);
                return Task.CompletedTask;
            },
            _ => command)
        {
            MendAsync = async cancellationToken =>
            {
                await command;
                await stage.Cluster.UntilAsync("the monitor answers", s => s.Error is null, cancellationToken);
                while (InMaintenance(stage, node))
                {
                    await RunAsync(stage, node, ["disable", "maintenance"], cancellationToken);
                    await stage.Cluster.UntilAsync("the table is read again", _ => true, cancellationToken);
                }
            },
        };
    }

    private static bool InMaintenance(Stage stage, TestNode node) =>
        stage.Cluster.States.Last.Node(node.Name) is { } status
        && (status.Goal.Contains("maintenance", StringComparison.Ordinal) || status.Reported == "maintenance" && status.IsSettled);

    private static Fault Drop(Stage stage, TestNode node)
    {
        Task command = Task.CompletedTask;
        bool destroys = stage.Chance.Next(2) == 0;
        return new(
            "standby dropped and made again",
            [node],
            cancellationToken =>
            {
                command = destroys
                    ? RunAsync(stage, node, ["drop", "node", "--destroy"], cancellationToken)
                    : RunAsync(stage, stage.Monitor, ["drop", "node", "--name", node.Name], cancellationToken);
                return Task.CompletedTask;
            },
            _ => command)
        {
            MendAsync = async cancellationToken =>
            {
                await command;
                await stage.Cluster.UntilAsync("the monitor answers", s => s.Error is null, cancellationToken);
                if (stage.Cluster.States.Last.Node(node.Name) is { } known)
                {
                    // Refused, or asked for and not finished.
                    if (known.Goal != "dropped")
                    {
                        return;
                    }

                    await stage.Cluster.UntilAsync($"{node.Name} is gone", s => s.Error is null && s.Node(node.Name) is null, cancellationToken);
                }

                await stage.Cluster.UntilAsync($"{node.Name} has ended", () => node.AutoctlPid is null, cancellationToken);
                stage.Story.Tell($"create {node.Name} again");
                await stage.Cluster.CreateNodeAsync(node, cancellationToken);
            },
        };
    }

    private static async Task RunAsync(Stage stage, TestNode where, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string line = $"pg_autoctl {string.Join(' ', arguments)}{(where == stage.Monitor ? "" : $" on {stage.Describe(where)}")}";
        stage.Story.Tell(line);
        CommandResult result = await where.AutoctlAsync(arguments, cancellationToken);
        string said = result.Error.Split('\n').FirstOrDefault(l => l.Contains(" ERROR ", StringComparison.Ordinal))?.Trim() ?? result.Error.Trim();
        stage.Story.Tell(string.Create(
            CultureInfo.InvariantCulture, $"  … ended with {result.ExitCode} after {result.Duration.TotalSeconds:0.0} s{(result.ExitCode == 0 ? "" : ": " + said)}"));
        if (result.Error.Contains("\n   at ", StringComparison.Ordinal) || result.ExitCode > 128)
        {
            throw Violation.Crash($"{line}\n{result.Error}");
        }
    }
}
