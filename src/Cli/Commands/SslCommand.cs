using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>enable ssl</c> and <c>disable ssl</c>, on a monitor or on a node.</summary>
internal static class SslCommand
{
    public static Command CreateEnable(CommandContext context) =>
        Create(context, (options, config, parsed) => options.Apply(config, existing: false, parsed, context));

    public static Command CreateDisable(CommandContext context) => Create(context, (options, config, parsed) => options.Disable(config, parsed));

    private static Command Create(CommandContext context, Func<SslChoiceOptions, NodeConfig, ParseResult, NodeConfig> choose)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("ssl") { pgData, json };
        var options = new SslChoiceOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var changed = await new SslChange(local, context).RunAsync(choose(options, local.Config, parsed), cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(ConfigJson.Of(changed)));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
