using System.Globalization;
using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>A group with its nodes, and the clients that write to it.</summary>
internal sealed class SimGroup
{
    private readonly List<SimNode> _nodes;

    public SimGroup(World world, GroupPlan plan)
    {
        (World, Plan) = (world, plan);
        _nodes = [.. plan.Nodes.Select((n, i) => new SimNode(this, NameOf(i), n))];
    }

    public World World { get; }

    public GroupPlan Plan { get; }

    public string FormationId => Plan.FormationId;

    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>The rows of the group as they are durable now.</summary>
    public GroupView Rows => World.Monitor.Tables.Find(FormationId) ?? new GroupView(Formation.Default with { Id = FormationId }, 0, []);

    /// <summary>Names, as standbys, of the nodes that an operator has removed by force.</summary>
    public IReadOnlyList<string> GivenUp => [.. _nodes.Where(n => n.IsForcedOut).Select(n => SimNode.StandbyName(n.Id))];

    public SimNode? Find(string name) => _nodes.Find(n => n.Name == name);

    /// <summary>Where the last write was acknowledged.</summary>
    public Wal.WalBranch? LastAcknowledged { get; set; }

    /// <summary>Acknowledged writes, for a liveness check.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Clients try every node that takes writes, again and again.</summary>
    public void StartClients()
    {
        World.Scheduler.After(World.Chance.Until(Plan.WriteEvery), World.Outside.Kernel, static g =>
        {
            var group = (SimGroup)g!;
            group.Write();
            group.StartClients();
        }, this);
    }

    private void Write()
    {
        foreach (var node in _nodes)
        {
            if (node is { Host.IsUp: true, Pg.Instance: { TakesWrites: true } instance })
            {
                World.Scheduler.Post(instance.Process, static i =>
                {
                    var server = (Servers.PgInstance)i!;
                    if (server.TakesWrites)
                    {
                        server.Write();
                    }
                }, instance);
            }
        }
    }

    private string NameOf(int index) => string.Create(
        CultureInfo.InvariantCulture, $"{(FormationId == "default" ? "" : $"{FormationId[^1]}-")}node{index + 1}");
}
