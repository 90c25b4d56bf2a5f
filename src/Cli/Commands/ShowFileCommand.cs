using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show file</c></summary>
internal static class ShowFileCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var all = NewOption.Flag("--all", "-a", "show all files; the default");
        var config = NewOption.Flag("--config", "-c", "show the configuration file");
        var state = NewOption.Flag("--state", "-s", "show the keeper's state file");
        var init = NewOption.Flag("--init", "-i", "show the file that an unfinished creation leaves");
        var pid = NewOption.Flag("--pid", "-p", "show the pidfile");
        var contents = NewOption.Flag("--contents", "-C", "show what is in the file instead of its path");
        var json = NewOption.Json();
        var command = new Command("file") { pgData, all, config, state, init, pid, contents, json };
        command.SetAction(parsed =>
        {
            Option<bool>[] kinds = [config, state, init, pid];
            var chosen = kinds.Where(parsed.GetValue).ToList();
            if (chosen.Count + (parsed.GetValue(all) ? 1 : 0) > 1)
            {
                throw CommandFailure.BadArguments("Options --all, --config, --state, --init and --pid exclude each other");
            }

            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            if (chosen is not [var only])
            {
                if (parsed.GetValue(contents))
                {
                    context.Log.ContentsIgnored();
                }

                WriteAll(local, parsed.GetValue(json), context);
                return ExitCode.Ok;
            }

            if (local.Config.IsMonitor && (only == state || only == init))
            {
                throw CommandFailure.BadArguments("A monitor has no state file and no init file");
            }

            var path = only == config ? local.Paths.ConfigFile
                : only == state ? local.Paths.StateFile
                : only == init ? local.Paths.InitFile : local.Paths.PidFile;
            if (parsed.GetValue(contents))
            {
                WriteContents(local, path, parsed.GetValue(json), context);
            }
            else
            {
                context.Print(path);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteAll(LocalNode local, bool json, CommandContext context)
    {
        (string Title, string Path)[] files = local.Config.IsMonitor
            ? [("Config", local.Paths.ConfigFile), ("Pid", local.Paths.PidFile)]
            : [("Config", local.Paths.ConfigFile), ("State", local.Paths.StateFile), ("Init", local.Paths.InitFile), ("Pid", local.Paths.PidFile)];
        if (json)
        {
            var members = files.Select(f => KeyValuePair.Create(f.Title.ToLowerInvariant(), (JsonNode?)f.Path));
            context.Print(PrettyJson.Format(new JsonObject(members)));
        }
        else
        {
            FileTable.Write(context.Out, files.Select(f => new[] { f.Title, f.Path }));
        }
    }

    private static JsonObject PidJson(PidFileContent content) => new()
    {
        ["pid"] = content.Pid,
        ["pgdata"] = content.PgData,
        ["version"] = content.Version,
        ["semId"] = 0,
        ["services"] = new JsonArray([.. content.Services.Select(s => (JsonNode)new JsonObject { ["name"] = s.Name, ["pid"] = s.Pid })]),
    };

    private static CommandFailure NotThere(string path) => new(ExitCode.BadState, $"There is no file \"{path}\"");

    private static void WriteContents(LocalNode local, string path, bool json, CommandContext context)
    {
        if (path == local.Paths.StateFile)
        {
            StateFileText.Write(path, json, context);
        }
        else if (json && path == local.Paths.ConfigFile)
        {
            context.Print(PrettyJson.Format(ConfigJson.Of(local.Config)));
        }
        else if (json && path == local.Paths.PidFile)
        {
            context.Print(PrettyJson.Format(PidJson(PidFile.Read(path) ?? throw NotThere(path))));
        }
        else
        {
            WriteText(path, context);
        }
    }

    private static void WriteText(string path, CommandContext context)
    {
        try
        {
            context.Print(File.ReadAllText(path));
        }
        catch (FileNotFoundException)
        {
            throw NotThere(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadState, $"Failed to read \"{path}\": {exception.Message}", inner: exception);
        }
    }
}
