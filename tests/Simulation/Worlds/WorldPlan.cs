using PgAutoFailover.Core.Groups;
using PgAutoFailover.Simulation.Scheduling;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>A kind of fault that a story may have.</summary>
[Flags]
internal enum Faults
{
    None = 0,
    KillPostgres = 1 << 0,
    KillKeeper = 1 << 1,
    PowerLoss = 1 << 2,
    Partition = 1 << 3,
    OneWay = 1 << 4,
    Reset = 1 << 5,
    FreezeKeeper = 1 << 6,
    FreezePostgres = 1 << 7,
    FreezeHost = 1 << 8,
    ClockJump = 1 << 9,
    KillMonitor = 1 << 10,
    MonitorDatabase = 1 << 11,
    DiskFull = 1 << 12,
    StartFailure = 1 << 13,
    AtSteps = 1 << 14,
    Operators = 1 << 15,
    SlowNetwork = 1 << 16,
    TableEdits = 1 << 17,
    ForcedDrops = 1 << 18,

    /// <summary>Only in stories of a kind of their own: <see cref="Worlds.Succession"/>.</summary>
    Succession = 1 << 19,
}

/// <summary>A node as it is created.</summary>
internal sealed record NodePlan(int Priority, bool Quorum, TimeSpan Delay);

/// <summary>A group, which is the only one of its formation.</summary>
internal sealed record GroupPlan(string FormationId, IReadOnlyList<NodePlan> Nodes, int NumberSyncStandbys, TimeSpan WriteEvery);

/// <summary>What kind of story a seed tells: how many nodes, which settings, which faults, how long.</summary>
internal sealed record WorldPlan
{
    public required IReadOnlyList<GroupPlan> Groups { get; init; }

    public required MonitorSettings Settings { get; init; }

    public required Faults Faults { get; init; }

    /// <summary>How long faults go on.</summary>
    public required TimeSpan Unrest { get; init; }

    /// <summary>Mean time between two faults.</summary>
    public required TimeSpan FaultEvery { get; init; }

    /// <summary>Mean time between two commands of an operator.</summary>
    public required TimeSpan CommandEvery { get; init; }

    /// <summary>Operators do not only act at random: they lay hands on what has just broken.</summary>
    public bool OperatorsReact { get; init; }

    public double LatencyMs { get; init; } = 0.3;

    public double SlowShare { get; init; }

    public TimeSpan NetworkPartitionTimeout { get; init; } = TimeSpan.FromSeconds(20);

    private const ulong ReactionSalt = 0x7EAC;

    private const ulong KindSalt = 0x3C5E1;

    /// <summary>Nodes of one group at most.</summary>
    public static int MostNodes { get; } = 7;

    /// <summary>A story without faults: for measuring, and for tests of the simulator itself.</summary>
    public static WorldPlan Quiet(int nodes, TimeSpan length) => new()
    {
        Groups = [new GroupPlan("default", [.. Enumerable.Range(0, nodes).Select(_ => new NodePlan(50, Quorum: true, TimeSpan.Zero))], 0, TimeSpan.FromSeconds(1))],
        Settings = MonitorSettings.Default,
        Faults = Faults.None,
        Unrest = length,
        FaultEvery = TimeSpan.FromDays(1),
        CommandEvery = TimeSpan.FromDays(1),
    };

    /// <summary>
    /// Most stories draw everything at random. Some are of a kind that would hardly come about by itself, and in which managers of this sort have lost writes: their
    /// kind is drawn by itself, so that the stories of all other seeds stay as they were.
    /// </summary>
    public static WorldPlan FromSeed(ulong seed)
    {
        var kind = new Chance(seed ^ KindSalt).Below(20);
        var plan = Ordinary(seed);
        return kind switch
        {
            0 => Asynchronous(plan, new Chance(seed)),
            1 => Contested(plan, new Chance(seed)),
            _ => plan,
        };
    }

    /// <summary>A pair that is not synchronous, whose primary is cut off and given up by somebody: nothing but the lease keeps it from going on.</summary>
    private static WorldPlan Asynchronous(WorldPlan plan, Chance chance) => plan with
    {
        Groups = [new("default", [new(50, Quorum: true, TimeSpan.Zero), new(50, Quorum: false, chance.Span(0, 5000))], 0, chance.Span(100, 500))],
        Faults = (plan.Faults & ~Faults.ForcedDrops) | Faults.Partition | Faults.Operators,
        OperatorsReact = true,
        FaultEvery = chance.Span(5000, 20_000),
    };

    /// <summary>Elections of four nodes whose positions differ, and which end before they are over: those that lead, or give what they have, die in the middle.</summary>
    private static WorldPlan Contested(WorldPlan plan, Chance chance) => plan with
    {
        Groups = [new("default", [.. Enumerable.Range(0, 4).Select(_ => new NodePlan(chance.Of(10, 50, 100), Quorum: true, chance.Span(0, 5000)))], 0, chance.Span(100, 500))],
        Faults = (plan.Faults & (Faults.AtSteps | Faults.KillMonitor | Faults.SlowNetwork)) | Faults.Succession,
        FaultEvery = chance.Span(10_000, 30_000),
        Unrest = chance.Span(100_000, 200_000),
    };

    private static WorldPlan Ordinary(ulong seed)
    {
        var chance = new Chance(seed);
        var faults = SomeFaults(chance);
        var slow = faults.HasFlag(Faults.SlowNetwork);
        return new WorldPlan
        {
            Groups = [.. Enumerable.Range(0, chance.Is(0.85) ? 1 : chance.Between(2, 3)).Select(i => SomeGroup(chance, i))],
            Settings = SomeSettings(chance),
            Faults = faults,
            Unrest = chance.Span(20_000, 150_000),
            FaultEvery = chance.Span(2_000, 25_000),
            CommandEvery = chance.Span(5_000, 40_000),
            LatencyMs = slow ? chance.Of(0.3, 5.0, 40.0) : chance.Of(0.1, 0.3, 2.0),
            SlowShare = slow ? 0.02 : 0,

            // Drawn by itself: the stories of all other seeds stay as they were.
            OperatorsReact = new Chance(seed ^ ReactionSalt).Is(0.25),
        };
    }

    // Each story has a few kinds of faults: with all of them at once hardly anything would ever get far.
    private static Faults SomeFaults(Chance chance)
    {
        var share = chance.Of(0.15, 0.3, 0.5, 0.8);
        var faults = Faults.None;
        foreach (var kind in Enum.GetValues<Faults>())
        {
            if (kind is not (Faults.None or Faults.Succession) && chance.Is(kind is Faults.TableEdits or Faults.ForcedDrops ? share / 2 : share))
            {
                faults |= kind;
            }
        }

        return faults;
    }

    private static GroupPlan SomeGroup(Chance chance, int index)
    {
        var count = chance.Is(0.05) ? 1 : chance.Is(0.5) ? 2 : chance.Between(2, Math.Max(2, MostNodes));
        count = Math.Min(count, MostNodes);
        var ordinary = chance.Is(0.6);
        var nodes = Enumerable.Range(0, count).Select(i => new NodePlan(
            i == 0 || ordinary ? chance.Of(50, 100) : chance.Of(0, 50, 50, 100),
            ordinary || chance.Is(0.7),
            i == 0 ? TimeSpan.Zero : chance.Span(0, 5000))).ToList();
        return new GroupPlan(index == 0 ? "default" : $"formation{index + 1}", nodes, 0, chance.Span(100, 3000));
    }

    private static MonitorSettings SomeSettings(Chance chance) => chance.Is(0.5)
        ? MonitorSettings.Default
        : MonitorSettings.Default with
        {
            HealthCheckPeriod = chance.Span(1000, 10_000),
            HealthCheckTimeout = chance.Span(1000, 5000),
            HealthCheckMaxRetries = chance.Between(1, 4),
            HealthCheckRetryDelay = chance.Span(500, 3000),
            NodeConsideredUnhealthyTimeout = chance.Span(5000, 25_000),
            PrimaryDemoteTimeout = chance.Span(25_000, 40_000),
            StartupGracePeriod = chance.Span(2000, 15_000),
            ReplicationStallTimeout = chance.Span(5000, 15_000),
            PromoteWalLogThreshold = chance.Of(16L << 20, 4L << 10),
            EnableSyncWalLogThreshold = chance.Of(16L << 20, 64L << 10),
        };
}
