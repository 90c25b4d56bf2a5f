using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>config get</c></summary>
internal static class ConfigGetCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var path = new Argument<string?>("section.key") { Arity = ArgumentArity.ZeroOrOne };
        path.CompletionSources.Add([.. ConfigKeys.Paths]);
        var command = new Command("get") { pgData, json, path };
        command.SetAction(parsed =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var config = DiscoveredConfig.Complete(local.Config);
            if (parsed.GetValue(path) is { } name)
            {
                var key = config.Find(name) ?? throw CommandFailure.BadArguments($"There is no setting \"{name}\"", "\"pg_autoctl config get\" shows all");
                context.Print(config[key] ?? key.Implied ?? "");
            }
            else
            {
                context.Print(parsed.GetValue(json) ? PrettyJson.Format(ConfigJson.Of(config)) : config.ToIni());
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
