using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>drop formation</c></summary>
internal static class DropFormationCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Text("--formation", "-f", "name of the formation");
        var command = new Command("formation") { formation };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(formation) ?? throw CommandFailure.BadArguments("Option --formation is needed");
            await using var monitor = await MonitorConnection.OpenAsync(monitorOptions.Resolve(parsed, context), context, cancellationToken);
            await monitor.ScalarAsync<object>("select pgautofailover.drop_formation($1)", cancellationToken, name);
            context.Log.FormationDropped(name);
            return ExitCode.Ok;
        });
        return command;
    }
}
