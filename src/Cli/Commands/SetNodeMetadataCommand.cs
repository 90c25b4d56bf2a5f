using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>set node metadata</c></summary>
internal static class SetNodeMetadataCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var name = NewOption.NewName();
        var hostName = NewOption.NewHostName();
        var port = NewOption.Port();
        var clientHostName = NewOption.ClientHostName();
        var clientPort = NewOption.ClientPort();
        var json = NewOption.Json();
        var command = new Command("metadata") { pgData, name, hostName, port, clientHostName, clientPort, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var metadata = new NodeMetadata(
                parsed.GetValue(name), parsed.GetValue(hostName), parsed.GetValue(port), parsed.GetValue(clientHostName), parsed.GetValue(clientPort));
            if (metadata.IsEmpty)
            {
                throw CommandFailure.BadArguments("Nothing to change: give --name, --hostname, --pgport, --client-hostname or --client-port");
            }

            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var changed = await metadata.PublishAsync(local, context, cancellationToken);
            changed.Write(local.Paths.ConfigFile);
            RunningService.Find(local.Paths)?.Send(Signal.Reload);
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(ConfigJson.Of(changed)));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
