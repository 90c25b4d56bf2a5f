using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>config set</c></summary>
internal static class ConfigSetCommand
{
    /// <summary>With other values of these a node reports to the monitor as one that it does not know, or looks for its PostgreSQL elsewhere.</summary>
    private static readonly ConfigKey[] s_fixed = [ConfigKeys.Role, ConfigKeys.Formation, ConfigKeys.Group, ConfigKeys.NodeKind, ConfigKeys.PgData];

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
            var wanted = parsed.GetRequiredValue(value);
            if (s_fixed.Contains(key) && local.Config[key] is { } current && current != wanted)
            {
                throw new CommandFailure(
                    ExitCode.BadConfiguration,
                    $"{name} is \"{current}\" and says whose configuration this is: it cannot be changed",
                    "To have the node elsewhere, drop it (pg_autoctl drop node) and create it there");
            }

            var changed = local.Config.With(key, wanted);
            if (changed.Problems().ToList() is { Count: > 0 } problems)
            {
                throw new CommandFailure(ExitCode.BadConfiguration, string.Join('\n', problems));
            }

            if (key.Path == ConfigKeys.PgCtl.Path && !File.Exists(wanted))
            {
                throw new CommandFailure(ExitCode.BadConfiguration, $"{name} is \"{wanted}\", which does not exist", "Nothing was changed");
            }

            changed.WarnOfRisks(context.Log);
            changed.Write(local.Paths.ConfigFile);
            RunningService.Find(local.Paths)?.Send(Signal.Reload);
            var read = NodeConfig.Read(local.Paths.ConfigFile);
            context.Print(parsed.GetValue(json) ? PrettyJson.Format(ConfigJson.Of(read)) : read[key] ?? "");
            return ExitCode.Ok;
        });
        return command;
    }
}
