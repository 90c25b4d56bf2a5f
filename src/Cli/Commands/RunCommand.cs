using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>run</c></summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var name = NewOption.NewName();
        var hostName = NewOption.NewHostName();
        var port = NewOption.Port();
        var clientHostName = NewOption.ClientHostName();
        var clientPort = NewOption.ClientPort();
        var command = new Command("run") { pgData, name, hostName, port, clientHostName, clientPort };
        var http = new HttpOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            var metadata = new NodeMetadata(
                parsed.GetValue(name), parsed.GetValue(hostName), parsed.GetValue(port), parsed.GetValue(clientHostName), parsed.GetValue(clientPort));
            if (local.Config.IsMonitor && metadata.HasClient)
            {
                throw CommandFailure.BadArguments("Options --client-hostname and --client-port are for a node: applications have no business with a monitor");
            }

            if (!metadata.IsEmpty)
            {
                var changed = local.Config.IsMonitor ? metadata.Apply(local.Config) : await metadata.PublishAsync(local, context, cancellationToken);
                changed.Write(local.Paths.ConfigFile);
                local = local with { Config = changed };
            }

            if (!http.AreAbsent(parsed))
            {
                local = local with { Config = http.Apply(local.Config, parsed) };
                local.Config.Write(local.Paths.ConfigFile);
            }

            if (local.Config.IsMonitor)
            {
                await using var monitor = new MonitorHost(local, create: false, stay: true, context);
                return await monitor.RunAsync();
            }

            await using var node = new NodeHost(local, CreateNodeOptions.Resume(local), stay: true, context);
            return await node.RunAsync();
        });
        return command;
    }
}
