using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>Processes that die, and are started again later.</summary>
internal static class Kills
{
    internal static IReadOnlyList<FaultKind> All { get; } =
    [
        new(6, stage => Postmaster(stage, stage.AnyNode())),
        new(4, stage => Keeper(stage, stage.AnyNode())),
        new(10, stage => Host(stage, stage.AnyNode())),
        new(4, stage => Stop(stage, stage.AnyNode())),
        new(2, stage => Postmaster(stage, stage.Monitor)),
        new(2, stage => Keeper(stage, stage.Monitor)),
        new(4, stage => Host(stage, stage.Monitor)),
    ];

    private static Fault Postmaster(Stage stage, TestNode node) => new(
        $"{stage.Role(node)}'s postmaster killed",
        [node],
        _ =>
        {
            stage.Story.Tell($"kill -9 the postmaster of {stage.Describe(node)}");
            if (node.PostmasterPid is not null)
            {
                node.KillPostmaster();
            }

            return Task.CompletedTask;
        },
        _ => Task.CompletedTask)
    {
        MayShowUnconfirmed = [node],
    };

    private static Fault Keeper(Stage stage, TestNode node) => new(
        $"{stage.Role(node)}'s pg_autoctl killed",
        [node],
        async cancellationToken =>
        {
            stage.Story.Tell($"kill -9 pg_autoctl of {stage.Describe(node)}, whose PostgreSQL goes on");
            if (node.AutoctlPid is not null)
            {
                await node.KillAutoctlAsync(cancellationToken);
            }
        },
        _ => RunAgain(stage, node))
    {
        MayAnswerLate = [node],
        MayShowUnconfirmed = [node],
    };

    private static Fault Host(Stage stage, TestNode node) => new(
        $"{stage.Role(node)}'s host lost",
        [node],
        async cancellationToken =>
        {
            stage.Story.Tell($"kill -9 every process of {stage.Describe(node)}");
            await node.KillEverythingAsync(cancellationToken);
        },
        _ => RunAgain(stage, node))
    {
        MayShowUnconfirmed = [node],
    };

    private static Fault Stop(Stage stage, TestNode node) => new(
        $"{stage.Role(node)} stopped in order",
        [node],
        async cancellationToken =>
        {
            stage.Story.Tell($"stop {stage.Describe(node)}");
            await node.StopAsync(cancellationToken);
        },
        _ => RunAgain(stage, node))
    {
        MayShowUnconfirmed = [node],
    };

    private static Task RunAgain(Stage stage, TestNode node)
    {
        stage.Story.Tell($"start {node.Name} again");
        if (node.AutoctlPid is null)
        {
            node.Run();
        }

        return Task.CompletedTask;
    }
}
