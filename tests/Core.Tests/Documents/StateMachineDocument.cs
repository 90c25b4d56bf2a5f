using System.Globalization;
using System.Text;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Tests.Documents;

/// <summary>Writes <c>docs/state-machine.md</c> from the two tables.</summary>
internal static class StateMachineDocument
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            # The state machine

            Generated from `src/Core/Rules/GroupRuleTable.cs` and `src/Core/Transitions/KeeperTransitions.cs`: do not edit, run
            `./build.sh docs`. Two tables make the machine. The **monitor** gives goal states: it looks at each node of a group (A)
            together with the group's primary (P), and the first row whose conditions all hold decides. The **keeper** beside each
            PostgreSQL carries a goal out: from the state that its node is in, a row names the steps that lead to the assigned one.

            A node *is* in a state when it has reported it, it is its goal, and its keeper knew that when it reported. What counts as
            unhealthy is written in `src/Core/Rules/NodeJudgement.cs`: evidence at once, silence after the documented timeouts, and
            never while a standby still hears its primary.

            ## How a pair moves

            What each node of a pair goes through; the number is the monitor's row.

            ```mermaid
            stateDiagram-v2

            """);
        text.AppendJoin('\n', PairEdges()).Append('\n');

        text.Append("""
            ```

            ## The monitor's rows

            Ids are stable; they follow each decision into the event, the log and the notification.


            """);
        text.Append("| id | name | when | then | because |\n|---|---|---|---|---|\n");
        foreach (var rule in GroupRuleTable.Table)
        {
            var then = rule.RemovesA
                ? "A's row is deleted"
                : string.Join("<br>", rule.Then.Select(e => $"{e.Subject.Name}: `{e.Goal.ToWire()}`"));
            text.Append(Row(rule.Id.ToString(CultureInfo.InvariantCulture), rule.Name, string.Join("<br>", rule.When.Select(c => c.Name)), then.Length == 0 ? "nothing" : then, rule.Rationale));
        }

        text.Append("""

            ## The keeper's rows


            """);
        text.Append("| from | to | steps | because |\n|---|---|---|---|\n");
        foreach (var rows in KeeperTransitions.Table.GroupBy(t => (t.To, t.Why, Steps: string.Join(", ", t.Steps))))
        {
            var from = string.Join(", ", rows.Select(t => t.From is { } state ? $"`{state.ToWire()}`" : "any"));
            var steps = rows.Key.Steps.Length == 0 ? "none" : rows.Key.Steps;
            text.Append(Row(from, $"`{rows.Key.To.ToWire()}`", steps, rows.Key.Why));
        }

        return text.ToString();
    }

    private static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |\n";

    private static IEnumerable<string> PairEdges()
    {
        yield return "    [*] --> single: register";
        yield return "    [*] --> wait_standby: register";
        foreach (var (from, to, label) in new (NodeState, NodeState, string)[]
        {
            (NodeState.Single, NodeState.WaitPrimary, "401"),
            (NodeState.WaitPrimary, NodeState.Primary, "411"),
            (NodeState.Primary, NodeState.WaitPrimary, "407"),
            (NodeState.Primary, NodeState.ApplySettings, "set"),
            (NodeState.ApplySettings, NodeState.Primary, "415"),
            (NodeState.Primary, NodeState.Draining, "325, perform failover"),
            (NodeState.Draining, NodeState.DemoteTimeout, "339"),
            (NodeState.Draining, NodeState.Demoted, "337"),
            (NodeState.DemoteTimeout, NodeState.Demoted, "347"),
            (NodeState.Draining, NodeState.WaitPrimary, "351"),
            (NodeState.DemoteTimeout, NodeState.WaitPrimary, "351"),
            (NodeState.Demoted, NodeState.CatchingUp, "355"),
            (NodeState.WaitStandby, NodeState.CatchingUp, "315"),
            (NodeState.CatchingUp, NodeState.Secondary, "321"),
            (NodeState.Secondary, NodeState.CatchingUp, "402, 404"),
            (NodeState.Secondary, NodeState.PreparePromotion, "325, perform failover"),
            (NodeState.PreparePromotion, NodeState.WaitPrimary, "337"),
            (NodeState.PreparePromotion, NodeState.StopReplication, "339"),
            (NodeState.StopReplication, NodeState.WaitPrimary, "347"),
            (NodeState.Secondary, NodeState.WaitMaintenance, "enable maintenance"),
            (NodeState.WaitMaintenance, NodeState.Maintenance, "329"),
            (NodeState.Maintenance, NodeState.CatchingUp, "disable maintenance"),
            (NodeState.Primary, NodeState.PrepareMaintenance, "enable maintenance"),
            (NodeState.PrepareMaintenance, NodeState.Maintenance, "337"),
            (NodeState.Primary, NodeState.Single, "209"),
            (NodeState.Secondary, NodeState.Single, "209"),
        })
        {
            if (!KeeperTransitions.CanReach(from, to))
            {
                throw new InvalidOperationException($"the diagram has an edge that the keeper cannot go: {from} to {to}");
            }

            yield return $"    {from.ToWire()} --> {to.ToWire()}: {label}";
        }
    }
}
