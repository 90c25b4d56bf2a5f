using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.ByHand;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm assign</c>: tells the running keeper of a node without a monitor what the node is to be, and waits until it is that.</summary>
internal static class DoFsmAssignCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>How often the service is looked for; a change of the state file is noticed at once.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Flag("--json", "-J", "accepted as in 2.0; JSON is printed in any case");
        var goal = new Argument<string>("goal state");
        goal.CompletionSources.Add(_ => Goals);
        var command = new Command("assign") { pgData, json, goal };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = Parse(parsed.GetValue(goal)!); // required
            var local = UnmonitoredKeeper.Load(parsed.GetValue(pgData), context);
            await RefuseAsync(local, wanted, context, cancellationToken);
            await AssignAsync(local, wanted, context, cancellationToken);
            context.Print(PrettyJson.Format(FsmStateJson.Of(local)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static NodeState Parse(string text) =>
        NodeStates.TryParse(text, out var state) && state != NodeState.Unknown
            ? state
            : throw CommandFailure.BadArguments(
                $"\"{text}\" is not a state",
                $"One of {string.Join(", ", Goals)}");

    private static IEnumerable<string> Goals => KeeperTransitions.Table.Select(t => t.To).Distinct().Order().Select(s => s.ToWire());

    private static async Task RefuseAsync(LocalNode local, NodeState wanted, CommandContext context, CancellationToken cancellationToken)
    {
        var state = StateFileText.Load(local.Paths.StateFile);
        if (RunningService.Find(local.Paths) is null)
        {
            throw new CommandFailure(
                ExitCode.BadState, $"pg_autoctl does not run for \"{local.Paths.PgData}\": nobody would carry it out", "Start it with \"pg_autoctl run\"");
        }

        if (!state.IsDetached)
        {
            throw new CommandFailure(
                ExitCode.BadState, $"The service of \"{local.Paths.PgData}\" has not let go of its monitor yet", "Use \"pg_autoctl reload\", and try again");
        }

        if (!KeeperTransitions.CanReach(state.CurrentRole, wanted))
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"There is no way from state {state.CurrentRole.ToWire()} to state {wanted.ToWire()}",
                "\"pg_autoctl do fsm list\" shows the states that this node can go to");
        }

        await AssignmentCheck.RefuseAsync(local, state, wanted, context, cancellationToken);
    }

    private static async Task AssignAsync(LocalNode local, NodeState wanted, CommandContext context, CancellationToken cancellationToken)
    {
        var request = new GoalRequest(local.Paths.GoalFile);
        using var watch = new FileWatch(local.Paths.StateDirectory, Path.GetFileName(local.Paths.StateFile));
        request.Ask(wanted);
        var asked = context.Time.GetTimestamp();
        try
        {
            while (StateFileText.Load(local.Paths.StateFile) is var state && !(state.CurrentRole == wanted && state.AssignedRole == wanted))
            {
                if (context.Time.GetElapsedTime(asked) >= s_patience || RunningService.Find(local.Paths) is null)
                {
                    throw NotReached(local, state, wanted);
                }

                await watch.WaitAsync(s_look, context.Time, cancellationToken);
            }
        }
        finally
        {
            // Where the keeper has not taken it by now, it is not to be surprised by it later.
            request.Withdraw();
        }
    }

    private static CommandFailure NotReached(LocalNode local, KeeperState state, NodeState wanted) => RunningService.Find(local.Paths) is null
        ? new(ExitCode.BadState, $"pg_autoctl has ended for \"{local.Paths.PgData}\" in state {state.CurrentRole.ToWire()}", "Its log says why")
        : state.AssignedRole == wanted
            ? new(
                ExitCode.BadState,
                $"Failed to reach state {wanted.ToWire()} within {s_patience.TotalSeconds:0} s: the node is in state {state.CurrentRole.ToWire()}, and goes on trying",
                $"The log of pg_autoctl says what it waits for; \"pg_autoctl do fsm assign {state.CurrentRole.ToWire()}\" calls it off")
            : new(
                ExitCode.BadState,
                $"The service of \"{local.Paths.PgData}\" has not taken up state {wanted.ToWire()} within {s_patience.TotalSeconds:0} s",
                "The log of pg_autoctl says what it is busy with; nothing was changed");
}
