using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>config set</c></summary>
internal static class ConfigSetCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var path = new Argument<string>("section.key");
        var value = new Argument<string>("value");
        path.CompletionSources.Add([.. ConfigKeys.Paths]);
        var command = new Command("set") { pgData, json, path, value };
        command.SetAction(parsed =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var name = parsed.GetRequiredValue(path);
            var key = local.Config.Find(name)
                ?? throw new CommandFailure(ExitCode.BadConfiguration, $"There is no setting \"{name}\"", "\"pg_autoctl config get\" shows all");
            if (key == ConfigKeys.Role)
            {
                throw new CommandFailure(ExitCode.BadConfiguration, $"{name} says whose configuration this is: it cannot be changed");
            }

            var changed = local.Config.With(key, parsed.GetRequiredValue(value));
            if (changed.Problems().ToList() is { Count: > 0 } problems)
            {
                throw new CommandFailure(ExitCode.BadConfiguration, string.Join('\n', problems));
            }

            changed.Write(local.Paths.ConfigFile);
            RunningService.Find(local.Paths)?.Send(Signal.Reload);
            var read = NodeConfig.Read(local.Paths.ConfigFile);
            context.Print(parsed.GetValue(json) ? PrettyJson.Format(ConfigJson.Of(read)) : read[key] ?? "");
            return ExitCode.Ok;
        });
        return command;
    }
}
