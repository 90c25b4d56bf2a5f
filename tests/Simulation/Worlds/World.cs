using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Monitors;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Stories;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>Everything there is in one simulation: hosts, network, monitor, nodes, clients, and what is checked of them.</summary>
internal sealed class World
{
    public World(ulong seed, WorldPlan plan, Story story, Func<GroupView, MonitorSettings, Clock, Decision?> rules)
    {
        (Plan, Story, Chance) = (plan, story, new Chance(seed ^ 0x5DEECE66D));
        Scheduler = new Scheduler { Broken = (process, e) => Fail(ViolationKind.Crash, $"{process.Name}: {e}") };
        story.Now = () => Scheduler.Now;
        Network = new Network(this) { LatencyMs = plan.LatencyMs, SlowShare = plan.SlowShare };
        Outside = new SimHost(this, "outside", 0);
        Ledger = new Ledger(this);
        Acknowledgers = new Acknowledgers(this);
        Monitor = new SimMonitor(this, new SimHost(this, "monitor", 1), rules);
        Groups = [.. plan.Groups.Select(g => new SimGroup(this, g))];
    }

    public WorldPlan Plan { get; }

    public Story Story { get; }

    public Chance Chance { get; }

    public Scheduler Scheduler { get; }

    public Network Network { get; }

    /// <summary>Where clients and operators are; nobody is ever cut off from it.</summary>
    public SimHost Outside { get; }

    public SimMonitor Monitor { get; }

    public IReadOnlyList<SimGroup> Groups { get; }

    public Ledger Ledger { get; }

    public Acknowledgers Acknowledgers { get; }

    /// <summary>Faults happen at points of the product's steps, too, while this is above 0: how likely at each.</summary>
    public double FaultsAtSteps { get; set; }

    /// <summary>What happens at such a point.</summary>
    public Action<SimNode, string>? FaultAtStep { get; set; }

    /// <summary>Told when the rows of a group have changed.</summary>
    public Action<SimGroup>? RowsChanged { get; set; }

    /// <summary>The first thing that went wrong, or null.</summary>
    public Violation? Violation { get; private set; }

    public TimeSpan Now => TimeSpan.FromTicks(Scheduler.Now);

    public IEnumerable<SimNode> Nodes => Groups.SelectMany(g => g.Nodes);

    private int _hosts = 2;

    public SimHost NewHost(string name) => new(this, name, _hosts++);

    /// <summary>Something went wrong; the run ends after this turn.</summary>
    public void Fail(ViolationKind kind, string what)
    {
        if (Violation is null)
        {
            Violation = new Violation(kind, what, Now);
            Story.Add("VIOLATION", $"{kind}: {what}");
        }

        Scheduler.IsToStop = true;
    }

    /// <summary>A node's program has come to a point at which a fault would be interesting.</summary>
    /// <returns>True when there was one.</returns>
    public bool StepPoint(SimNode node, string point)
    {
        if (FaultsAtSteps <= 0 || !Chance.Is(FaultsAtSteps))
        {
            return false;
        }

        FaultAtStep?.Invoke(node, point);
        return true;
    }

    public SimNode? FindNode(string host, int port) => port == SimNode.Port ? Nodes.FirstOrDefault(n => n.Host.Name == host) : null;

    public SimGroup? FindGroup(string formationId) => Groups.FirstOrDefault(g => g.FormationId == formationId);
}
