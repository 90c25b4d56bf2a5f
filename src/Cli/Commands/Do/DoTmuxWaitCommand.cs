using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux wait</c>: waits for a node of a session, or for all of them</summary>
internal static class DoTmuxWaitCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string?>("nodename") { Arity = ArgumentArity.ZeroOrOne };
        var state = new Argument<string?>("targetState") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("wait") { name, state };
        var options = new SessionOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wait = new SessionWait(options.Place(parsed), context);
            await ((parsed.GetValue(name), parsed.GetValue(state)) switch
            {
                (null, _) => UntilSettledAsync(wait, options.Plan(parsed).Nodes.Length, cancellationToken),
                (SessionPlan.MonitorName, null) => wait.UntilAsync("the monitor answers", _ => true, cancellationToken),
                (SessionPlan.MonitorName, _) => throw CommandFailure.BadArguments("The monitor has no state that could be waited for"),
                (var node, null) => wait.UntilAsync($"node \"{node}\" is registered", rows => rows.Any(r => r.Name == node), cancellationToken),
                (var node, var wanted) => UntilStateAsync(wait, node, wanted, cancellationToken),
            });
            return ExitCode.Ok;
        });
        return command;
    }

    private static Task UntilSettledAsync(SessionWait wait, int nodes, CancellationToken cancellationToken) => wait.UntilAsync(
        nodes == 1 ? "there is a node that takes writes" : $"there are {nodes} nodes, a primary and its secondaries", rows => SessionWait.IsSettled(rows, nodes), cancellationToken);

    private static Task UntilStateAsync(SessionWait wait, string node, string state, CancellationToken cancellationToken) =>
        NodeStates.TryParse(state, out var wanted)
            ? wait.UntilAsync($"node \"{node}\" is {state}", rows => rows.Any(r => r.Name == node && r.Reported == wanted && r.Goal == wanted), cancellationToken)
            : throw CommandFailure.BadArguments($"\"{state}\" is no state of a node");
}
