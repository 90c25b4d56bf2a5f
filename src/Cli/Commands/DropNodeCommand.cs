using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>drop node</c></summary>
internal static class DropNodeCommand
{
    private const int DefaultPort = 5432;

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var name = NewOption.Text("--name", "-a", "name of the node to drop");
        var hostName = NewOption.Text("--hostname", "-n", "host of the node to drop");
        var port = NewOption.Port("port of the node to drop; default: 5432");
        var destroy = NewOption.Flag("--destroy", "-d", "remove the data directory and all files of the node");
        var force = NewOption.Flag("--force", "-F", "do not wait for the node: forget it at once");
        var wait = NewOption.Wait("how many seconds to wait for the node; 0: not at all");
        var command = new Command("node") { formation, name, hostName, port, destroy, force, wait };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var named = parsed.GetValue(name) is not null || parsed.GetValue(hostName) is not null;
            if (monitorOptions.FindKeeper(parsed, context) is { } local)
            {
                if (named)
                {
                    throw CommandFailure.BadArguments(
                        "On a node, drop node drops that node: --name and --hostname are for the monitor", "Use --monitor, or --pgdata of the monitor");
                }

                await new LocalNodeDrop(local, context).RunAsync(parsed.GetValue(force), parsed.GetValue(destroy), cancellationToken);
                return ExitCode.Ok;
            }

            if (!named || (parsed.GetValue(name) is not null && parsed.GetValue(hostName) is not null))
            {
                throw CommandFailure.BadArguments("Name the node to drop: either by --name, or by --hostname and --pgport");
            }

            if (parsed.GetValue(destroy))
            {
                throw CommandFailure.BadArguments("Option --destroy removes local files: use it where the node is");
            }

            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var drop = new RemoteNodeDrop(monitor, context);
            var node = parsed.GetValue(name) is { } nodeName
                ? await drop.FindAsync(target.Formation(parsed.GetValue(formation)), nodeName, cancellationToken)
                : await drop.FindAsync(parsed.GetValue(hostName)!, parsed.GetValue(port) ?? DefaultPort, cancellationToken);
            await drop.RunAsync(node, parsed.GetValue(force), TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
