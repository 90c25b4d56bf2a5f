using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Completion;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>completion bash</c> and <c>zsh</c>, which print a script, and <c>completion nodes</c> and <c>formations</c>, which that script asks.</summary>
internal static class CompletionCommand
{
    /// <summary>Who pressed TAB waits no longer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static Command CreateBash(CommandContext context) => CreateScript("bash", CompletionScript.ForBash, context);

    public static Command CreateZsh(CommandContext context) => CreateScript("zsh", CompletionScript.ForZsh, context);

    public static Command CreateNodes(CommandContext context)
    {
        var formation = NewOption.Formation();
        var command = new Command("nodes") { formation };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            return PrintAsync(
                target,
                async (monitor, token) => (await CurrentState.ReadAsync(monitor, target.Formation(parsed.GetValue(formation)), group: null, token)).ConvertAll(n => n.Name),
                context,
                cancellationToken);
        });
        return command;
    }

    public static Command CreateFormations(CommandContext context)
    {
        var command = new Command("formations");
        var monitorOptions = new MonitorOptions(command);
        command.SetAction((parsed, cancellationToken) => PrintAsync(
            monitorOptions.Resolve(parsed, context),
            (monitor, token) => monitor.QueryAsync("select formationid from pgautofailover.formation order by formationid", row => row.GetString(0), token),
            context,
            cancellationToken));
        return command;
    }

    private static Command CreateScript(string shell, Func<CommandContext, string> write, CommandContext context)
    {
        var command = new Command(shell);
        command.SetAction(_ =>
        {
            context.Print(write(context));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> PrintAsync(
        MonitorTarget target, Func<MonitorConnection, CancellationToken, Task<List<string>>> read, CommandContext context, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await using var monitor = await MonitorConnection.OpenAsync(target, context, either.Token);
            foreach (var name in await read(monitor, either.Token))
            {
                context.Print(name);
            }

            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Monitor, $"The monitor at \"{target.Uri}\" did not answer within {s_patience.TotalSeconds} s");
        }
    }
}
