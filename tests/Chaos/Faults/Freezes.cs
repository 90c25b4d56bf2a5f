using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>Processes that stand still for a while, and then go on as if nothing had been.</summary>
internal static class Freezes
{
    internal static IReadOnlyList<FaultKind> All { get; } =
    [
        new(7, stage => Host(stage, stage.AnyNode())),
        new(3, stage => Keeper(stage, stage.AnyNode())),
        new(3, stage => Host(stage, stage.Monitor)),
    ];

    private static Fault Host(Stage stage, TestNode node) => Make(stage, node, "frozen", $"freeze {stage.Describe(node)}", node.Freeze);

    private static Fault Keeper(Stage stage, TestNode node) => Make(
        stage, node, "'s pg_autoctl frozen", $"freeze pg_autoctl of {stage.Describe(node)}, whose PostgreSQL goes on", node.FreezeAutoctl);

    private static Fault Make(Stage stage, TestNode node, string kind, string what, Action freeze) => new(
        kind[0] == '\'' ? stage.Role(node) + kind : $"{stage.Role(node)} {kind}",
        [node],
        _ =>
        {
            stage.Story.Tell(what);
            if (node.AutoctlPid is not null)
            {
                freeze();
            }

            return Task.CompletedTask;
        },
        _ =>
        {
            stage.Story.Tell($"thaw {node.Name}");
            node.Thaw();
            return Task.CompletedTask;
        })
    {
        MayAnswerLate = [node],
        MayShowUnconfirmed = [node],
    };
}
