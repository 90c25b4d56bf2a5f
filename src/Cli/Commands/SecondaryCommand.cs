using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>enable secondary</c> and <c>disable secondary</c></summary>
internal static class SecondaryCommand
{
    public static Command CreateEnable(CommandContext context) => Create(context, "enabled", "select pgautofailover.enable_secondary($1)");

    public static Command CreateDisable(CommandContext context) => Create(context, "disabled", "select pgautofailover.disable_secondary($1)");

    private static Command Create(CommandContext context, string outcome, string sql)
    {
        var formation = NewOption.Text("--formation", "-f", "name of the formation");
        var command = new Command("secondary") { formation };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(formation) ?? throw CommandFailure.BadArguments("Option --formation is needed");
            await using var monitor = await MonitorConnection.OpenAsync(monitorOptions.Resolve(parsed, context), context, cancellationToken);
            await monitor.ScalarAsync<object>(sql, cancellationToken, name);
            context.Log.SecondaryChanged(name, outcome);
            return ExitCode.Ok;
        });
        return command;
    }
}
