using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>perform failover</c> and <c>perform switchover</c>, which are the same operation</summary>
internal static class PerformFailoverCommand
{
    public static Command CreateFailover(CommandContext context) => Create(context, "failover");

    public static Command CreateSwitchover(CommandContext context) => Create(context, "switchover");

    private static Command Create(CommandContext context, string name)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var wait = NewOption.Wait("how many seconds to wait for the new primary; 0: no limit");
        var allowDataLoss = new Option<bool>("--allow-data-loss")
        {
            Description = "fail over although acknowledged writes may be lost, where the group cannot serve otherwise",
        };
        var command = new Command(name) { formation, group, wait };
        if (name == "failover")
        {
            command.Add(allowDataLoss);
        }

        var skipHooks = new SkipHooksOption(command);
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var formationName = target.Formation(parsed.GetValue(formation));
            var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await using var failover = await FailoverCall.PrepareAsync(
                target, formationName, parsed.GetValue(group), monitor, context, cancellationToken);
            await skipHooks.ApplyAsync(parsed, failover.Monitor, cancellationToken);
            if (parsed.GetValue(allowDataLoss)
                && await failover.Monitor.ScalarAsync<string>("select pgautofailover.explain($1, $2)->>'loss'", cancellationToken, formationName, failover.Group) is { } loss)
            {
                context.Log.FailoverGivesUp(loss);
            }

            await failover.Monitor.ScalarAsync<object>(
                parsed.GetValue(allowDataLoss)
                    ? "select pgautofailover.perform_failover_with_data_loss($1, $2)"
                    : "select pgautofailover.perform_failover($1, $2)",
                cancellationToken,
                formationName,
                failover.Group);
            await failover.WaitForPrimaryAsync(parsed.GetValue(wait), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
