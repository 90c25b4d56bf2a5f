using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// What can be known of an assignment to be wrong before it is made. Without a monitor an operator decides which node takes writes; that another
/// one does so already is a mistake that can be seen.
/// </summary>
internal static class AssignmentCheck
{
    private static readonly ImmutableArray<KeeperStep> s_follow = [KeeperStep.InitStandby, KeeperStep.RejoinStandby, KeeperStep.CheckCaughtUp];

    /// <exception cref="CommandFailure">It lacks something that the list of nodes has to say, or another node takes writes.</exception>
    public static async Task RefuseAsync(LocalNode local, KeeperState state, NodeState wanted, CommandContext context, CancellationToken cancellationToken)
    {
        if (state.CurrentRole == wanted || KeeperTransitions.Find(state.CurrentRole, wanted) is not { } row)
        {
            return;
        }

        var nodes = UnmonitoredKeeper.ReadNodes(local);
        var others = nodes.Where(n => n.NodeId != state.NodeId).ToList();
        if (row.Steps.Any(s => s_follow.Contains(s)))
        {
            await RefuseToFollowAsync(local, state, others.Find(n => n.IsPrimary) ?? throw NobodyToFollow(nodes), context, cancellationToken);
        }

        if (row.Steps.Contains(KeeperStep.EnableSync) && others.Count == 0)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                "The list of nodes names no other node: none could acknowledge a write",
                "\"pg_autoctl do fsm nodes set FILE\" replaces the list; a node that is alone is \"single\" or \"wait_primary\"");
        }

        if (wanted.CanTakeWrites() && !state.CurrentRole.CanTakeWrites())
        {
            await RefuseSecondPrimaryAsync(local, state, others, context, cancellationToken);
        }
    }

    private static CommandFailure NobodyToFollow(IReadOnlyList<NodeAddress> nodes) => new(
        ExitCode.BadState,
        nodes.Any(n => n.IsPrimary) ? "The list of nodes names this node as the primary: there is nobody to follow" : "The list of nodes names no primary: there is nobody to follow",
        "\"pg_autoctl do fsm nodes set FILE\" replaces the list");

    // What this node has and the one to follow has not is taken back: that must not happen for one that was never promoted.
    private static async Task RefuseToFollowAsync(LocalNode local, KeeperState state, NodeAddress primary, CommandContext context, CancellationToken cancellationToken)
    {
        await using var server = NewServer(local, context);
        if (await AskAsync(server, state, primary, context, cancellationToken) is false)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"{Describe(primary)} is the primary by the list of nodes, and a standby in truth: there is nobody to follow",
                "Promote it first: there, assign prepare_promotion, stop_replication and wait_primary; or correct the list with \"pg_autoctl do fsm nodes set FILE\"");
        }
    }

    private static async Task RefuseSecondPrimaryAsync(
        LocalNode local, KeeperState state, List<NodeAddress> others, CommandContext context, CancellationToken cancellationToken)
    {
        await using var server = NewServer(local, context);
        var answers = await Task.WhenAll(others.Select(async n => (Node: n, TakesWrites: await AskAsync(server, state, n, context, cancellationToken))));
        if (Array.Find(answers, a => a.TakesWrites is true).Node is { } other)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"{Describe(other)} takes writes: with two primaries, one loses what it was given",
                "There, \"pg_autoctl do fsm assign draining\" comes first; \"demoted\" where it is single");
        }
    }

    /// <summary>Whether a node takes writes; null where it does not answer.</summary>
    private static async Task<bool?> AskAsync(
        LocalPostgresServer server, KeeperState state, NodeAddress node, CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await server.TakesWritesAsync(new Upstream(node.NodeId, node.Name, node.Host, node.Port, state.NodeId), cancellationToken);
        }
        catch (PostgresException exception)
        {
            context.Log.CannotAsk(node.NodeId, node.Name, exception.Message);
            return null;
        }
    }

    private static LocalPostgresServer NewServer(LocalNode local, CommandContext context) =>
        new(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);

    private static string Describe(NodeAddress node) => $"Node {node.NodeId} \"{node.Name}\" ({HostName.WithPort(node.Host, node.Port)})";
}
