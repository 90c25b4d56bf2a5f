using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>Links that are cut, in both directions or in one.</summary>
internal static class Partitions
{
    internal static IReadOnlyList<FaultKind> All { get; } =
    [
        new(5, stage => Unplugged(stage, stage.AnyNode())),
        new(3, stage => Unplugged(stage, stage.Monitor)),
        new(4, stage => Between(stage, stage.AnyNode(), [stage.Monitor])),
        new(4, stage => Between(stage, stage.Primary, [stage.AnyStandby()])),
        new(4, stage => Between(stage, stage.Primary, stage.Standbys)),
        new(2, stage => Between(stage, stage.Standbys[0], [stage.Standbys[1]])),
        new(6, stage => FromAll(stage, stage.AnyNode())),
    ];

    /// <summary>Clients cannot reach it either.</summary>
    private static Fault Unplugged(Stage stage, TestNode node) => new(
        $"{stage.Role(node)} unplugged",
        [node],
        async cancellationToken =>
        {
            stage.Story.Tell($"unplug {stage.Describe(node)} from the network");
            await stage.Cluster.Links.UnplugAsync(node.Host, cancellationToken);
        },
        async cancellationToken =>
        {
            stage.Story.Tell($"plug {node.Name} in again");
            await stage.Cluster.Links.PlugInAsync(node.Host, cancellationToken);
        })
    {
        IsPartition = true,
        MayAnswerLate = [node],
        MayShowUnconfirmed = [node],
    };

    /// <summary>Clients still reach it.</summary>
    private static Fault FromAll(Stage stage, TestNode node) =>
        Between(stage, node, [stage.Monitor, .. stage.Cluster.Nodes.Where(n => n != node)]);

    private static Fault Between(Stage stage, TestNode node, TestNode[] others)
    {
        (string way, bool hears, bool isHeard) = stage.OneOf<(string, bool, bool)>(
            [("", false, false), ("", false, false), (", one way: it still hears", true, false), (", one way: it is still heard", false, true)]);
        (TestHost From, TestHost To)[] cut =
        [
            .. others.Where(_ => !isHeard).Select(o => (node.Host, o.Host)),
            .. others.Where(_ => !hears).Select(o => (o.Host, node.Host)),
        ];
        string from = others.Length == stage.Cluster.Nodes.Count ? "all but the clients" : string.Join(" and ", others.Select(stage.Describe));
        string kind = others.Length == stage.Cluster.Nodes.Count ? "all" : string.Join(" and ", others.Select(stage.Role).Distinct());
        return new(
            $"{stage.Role(node)} cut from {kind}{(hears || isHeard ? ", one way" : "")}",
            [node],
            async cancellationToken =>
            {
                stage.Story.Tell($"cut {stage.Describe(node)} from {from}{way}");
                foreach ((TestHost sender, TestHost receiver) in cut)
                {
                    await NamespaceNetwork.SwallowAsync(sender, receiver, cancellationToken);
                }
            },
            async cancellationToken =>
            {
                stage.Story.Tell($"mend the links of {node.Name}");
                foreach ((TestHost sender, TestHost receiver) in cut)
                {
                    await NamespaceNetwork.StopSwallowingAsync(sender, receiver, cancellationToken);
                }
            })
        {
            IsPartition = true,
            MayAnswerLate = [node, .. others],
            MayShowUnconfirmed = [node, .. others],
        };
    }
}
