using System.Globalization;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Watch;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Tests.Watch;

/// <summary>Formations to look at.</summary>
internal static class WatchSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 18, 7, 34, TimeSpan.Zero);

    /// <summary>A pair: node1 is the primary, node2 follows.</summary>
    public static Snapshot Pair(int events = 2) => new(
        "default",
        0,
        [
            Node("node1", 1, NodeState.Primary, NodeState.Primary),
            Node("node2", 2, NodeState.Secondary, NodeState.Secondary),
        ],
        [.. Enumerable.Range(1, events).Select(Event)]);

    public static Snapshot Many(int nodes, int events = 2) => Pair(events) with
    {
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => Node(Name(i), i, NodeState.Secondary, NodeState.Secondary))],
    };

    public static WatchedNode Node(string name, long id, NodeState reported, NodeState goal, int health = 1, string kind = "pgsql") => new(
        new NodeRow(kind, name, "localhost", 5500 + (int)id, 0, id, reported, goal, 1, "0/3000148", health),
        TimeSpan.FromSeconds(0.4),
        TimeSpan.FromSeconds(3.2));

    public static EventRow Event(int i) => new(
        "", 0, i % 2 == 0 ? 2 : 1, "primary", "primary", string.Create(CultureInfo.InvariantCulture, $"Event {i} tells what happened"))
    {
        Id = 100 + i,
        At = Now.AddMinutes(-60).AddSeconds(i),
    };

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"node{i}");
}
