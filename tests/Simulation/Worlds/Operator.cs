using System.Globalization;
using System.Text.Json;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Simulation.Keepers;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>Somebody who issues commands at bad moments, and when faults have stopped ends the maintenance that he began.</summary>
internal sealed class Operator(World world)
{
    private readonly SimProcess _process = world.Outside.NewProcess("operator");
    private bool _isOn;

    private Chance Chance => world.Chance;

    public void Start()
    {
        if (world.Plan.Faults.HasFlag(Faults.Operators))
        {
            _isOn = true;
            Next();
        }
    }

    /// <summary>Stops issuing commands, and from now on only brings nodes back from maintenance.</summary>
    public void Stop()
    {
        _isOn = false;
        _process.Post(_ => EndMaintenance(), null);
    }

    /// <summary>Something has happened to a node: whoever looks at it gives it up, or takes it out of service, or has it replaced.</summary>
    public void OnTrouble(SimNode node)
    {
        if (_isOn && world.Plan.OperatorsReact && Chance.Is(0.4))
        {
            world.Scheduler.After(Chance.Span(200, 15_000), _process, _ => ReactTo(node));
        }
    }

    /// <summary>Calls a function of the SQL API.</summary>
    public void Call(string function, string argumentsJson, Action<JsonElement>? then = null)
    {
        var monitor = world.Monitor;
        if (monitor.Open(_process, world.Outside, () => { }) is not { } session)
        {
            return;
        }

        var call = new Call<JsonDocument>(_process, world.Outside, monitor.Host);
        _process.Post(_ => _ = WaitAsync(call, function, argumentsJson, then), null);
        call.Send(c => monitor.CallService(session, function, argumentsJson, c));
    }

    private async Task WaitAsync(Call<JsonDocument> call, string function, string argumentsJson, Action<JsonElement>? then)
    {
        try
        {
            var document = await call.Answer;
            world.Story.Tell("operator", $"{function}({argumentsJson}): {document.RootElement}");
            then?.Invoke(document.RootElement.GetProperty("result"));
        }
        catch (MonitorException e)
        {
            world.Story.Tell("operator", $"{function}({argumentsJson}) was refused: {e.Message}");
        }
    }

    private void Next() => world.Scheduler.After(Chance.Until(world.Plan.CommandEvery), _process, static o => ((Operator)o!).Act(), this);

    private void Act()
    {
        if (!_isOn)
        {
            return;
        }

        Act(Chance.In(world.Groups));
        Next();
    }

    private void Act(SimGroup group)
    {
        var formation = $"\"formation_id\":\"{group.FormationId}\"";
        var rows = group.Rows.Nodes;
        var row = rows.IsEmpty ? null : Chance.In(rows);
        switch (Chance.Below(row is null ? 1 : 12))
        {
            case 0:
                AddNode(group);
                break;
            case 1 or 2 or 3:
                Call("perform_failover", $"{{{formation},\"group_id\":0}}");
                break;
            case 4:
                Call("perform_promotion", $"{{{formation},\"node_name\":\"{row!.Name}\"}}");
                break;
            case 5 or 6:
                Call(row!.Goal == NodeState.Maintenance ? "stop_maintenance" : "start_maintenance", OfNode(row.Id));
                break;
            case 7:
                EndMaintenance();
                break;
            case 8:
                Call("set_node_candidate_priority",
                    string.Create(CultureInfo.InvariantCulture, $"{{{formation},\"node_name\":\"{row!.Name}\",\"candidate_priority\":{Chance.Of(0, 50, 60, 100)}}}"));
                break;
            case 9:
                Call("set_node_replication_quorum", $"{{{formation},\"node_name\":\"{row!.Name}\",\"replication_quorum\":{RequestJson.Bool(Chance.Is(0.6))}}}");
                break;
            case 10:
                Call("set_formation_number_sync_standbys",
                    string.Create(CultureInfo.InvariantCulture, $"{{{formation},\"number_sync_standbys\":{Chance.Below(3)}}}"));
                break;
            case 11:
                DropOrEdit(group, row!);
                break;
        }
    }

    private void ReactTo(SimNode node)
    {
        if (!_isOn || node.Group.Rows.Nodes.FirstOrDefault(n => n.Name == node.Name) is not { } row)
        {
            return;
        }

        switch (Chance.Below(4))
        {
            case 0 or 1:
                Drop(node.Group, row);
                break;
            case 2:
                Call("start_maintenance", OfNode(row.Id));
                break;
            case 3:
                Call("perform_failover", $"{{\"formation_id\":\"{node.Group.FormationId}\",\"group_id\":0}}");
                break;
        }
    }

    private void DropOrEdit(SimGroup group, Core.Groups.NodeView row)
    {
        if (world.Plan.Faults.HasFlag(Faults.TableEdits) && Chance.Is(0.5))
        {
            world.Story.Tell("operator", $"edits the candidate priority of {row.Name} with psql");
            world.Monitor.Edit(group.Rows.With(group.Rows.Find(row.Id)! with { CandidatePriority = Chance.Of(50, 70, 100) }));
            return;
        }

        Drop(group, row);
    }

    private void Drop(SimGroup group, Core.Groups.NodeView row)
    {
        // The last node is worth keeping: a formation without nodes has no story.
        if (group.Rows.Nodes.Length < 2)
        {
            return;
        }

        var force = world.Plan.Faults.HasFlag(Faults.ForcedDrops) && Chance.Is(0.5);
        var before = group.Rows;
        Call("remove_node", RequestJson.Remove(row.Id, force), _ =>
        {
            if (force && group.Find(row.Name) is { } node)
            {
                world.Ledger.ForcedOut(node, before);
            }
        });
    }

    // A node that was dropped is created again, on the data directory that it has left or on none.
    private void AddNode(SimGroup group)
    {
        var idle = group.Nodes.Where(n => n is { IsWanted: false, Keeper: null, Host.IsUp: true } && group.Rows.Nodes.All(r => r.Name != n.Name)).ToList();
        if (idle.Count == 0)
        {
            return;
        }

        var node = Chance.In(idle);
        world.Story.Tell("operator", $"creates {node.Name} again");
        node.Pg.Instance?.Kill("stopped by its operator");
        (node.Pg.Data, node.Pg.IsUnfinished, node.State, node.Init) = (null, false, null, null);
        (node.IsWanted, node.IsToBeCreated, node.IsForcedOut) = (true, true, false);
        node.StartKeeper();
    }

    private void EndMaintenance()
    {
        foreach (var row in world.Groups.SelectMany(g => g.Rows.Nodes).Where(n => n.Goal == NodeState.Maintenance).ToList())
        {
            Call("stop_maintenance", OfNode(row.Id));
        }

        if (!_isOn)
        {
            world.Scheduler.After(TimeSpan.FromSeconds(3), _process, static o => ((Operator)o!).EndMaintenance(), this);
        }
    }

    private static string OfNode(long nodeId) => string.Create(CultureInfo.InvariantCulture, $"{{\"node_id\":{nodeId}}}");
}
