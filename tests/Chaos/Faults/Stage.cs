using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>Who plays which part when a scene begins, and the dice.</summary>
internal sealed class Stage(Cluster cluster, Random chance, StoryLog story)
{
    internal Cluster Cluster => cluster;

    internal Random Chance => chance;

    internal StoryLog Story => story;

    internal TestNode Monitor => cluster.Monitor;

    internal TestNode Primary { get; } = cluster.Primary;

    internal TestNode[] Standbys { get; } = [.. cluster.Nodes.Where(n => n != cluster.Primary)];

    /// <summary>The primary as often as one of the others.</summary>
    internal TestNode AnyNode() => chance.Next(2) == 0 ? Primary : AnyStandby();

    internal TestNode AnyStandby() => OneOf(Standbys);

    internal T OneOf<T>(IReadOnlyList<T> choices) => choices[chance.Next(choices.Count)];

    /// <summary>A name with the part that the node plays.</summary>
    internal string Describe(TestNode node) => node == Monitor ? "the monitor" : $"{node.Name} ({(node == Primary ? "primary" : "standby")})";

    internal string Role(TestNode node) => node == Monitor ? "monitor" : node == Primary ? "primary" : "standby";
}
