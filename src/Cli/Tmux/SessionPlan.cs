using System.Collections.Immutable;
using System.Globalization;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>A cluster for a demonstration or a test: a monitor and its nodes in one directory.</summary>
/// <param name="Root">Where all of it lies; an absolute path.</param>
/// <param name="FirstPort">The monitor's port; the nodes have those after it.</param>
/// <param name="SyncStandbys">number-sync-standbys to set once there is a primary; null to leave it as it is.</param>
/// <param name="SkipHba">HBA rules are left to whoever runs the cluster.</param>
/// <param name="Layout">How tmux arranges the panes.</param>
/// <param name="Program">Path of pg_autoctl.</param>
internal sealed record SessionPlan(
    string Root, int FirstPort, ImmutableArray<PlannedNode> Nodes, int? SyncStandbys, bool SkipHba, string Layout, string Program)
{
    public const string MonitorName = "monitor";
    public const string Database = "demo";

    /// <summary>More panes than these no window shows.</summary>
    public const int MostNodes = 12;

    /// <summary>The name of the tmux session.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"pgautofailover-{FirstPort}");

    /// <summary>The options by which the monitor is created, as far as they say who may connect.</summary>
    public string MonitorAuthentication => SkipHba ? "--skip-pg-hba" : "--auth trust";

    /// <summary>The same for a node.</summary>
    public string NodeAuthentication => SkipHba ? "--skip-pg-hba" : "--auth trust --pg-hba-lan";

    /// <summary>Nodes in their order: the last ones are asynchronous; where priorities end, the last of them holds for the rest.</summary>
    public static ImmutableArray<PlannedNode> Plan(int count, int asynchronous, int firstPort, IReadOnlyList<int> priorities) =>
    [
        .. Enumerable.Range(1, count).Select(i => new PlannedNode(
            string.Create(CultureInfo.InvariantCulture, $"node{i}"),
            firstPort + i,
            priorities[Math.Min(i, priorities.Count) - 1],
            IsSynchronous: i <= count - asynchronous)),
    ];
}

/// <summary>A node of a <see cref="SessionPlan"/>.</summary>
internal sealed record PlannedNode(string Name, int Port, int Priority, bool IsSynchronous);
