using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>perform promotion</c></summary>
internal static class PerformPromotionCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var name = NewOption.Name();
        var wait = NewOption.Wait("how many seconds to wait for the new primary; 0: no limit");
        var json = NewOption.Flag("--json", "-J", "print the node that is primary then, as show state --json has it, and no table of changes");
        var command = new Command("promotion") { formation, name, wait, json };
        var skipHooks = new SkipHooksOption(command);
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var formationName = target.Formation(parsed.GetValue(formation));
            var nodeName = target.NodeName(parsed.GetValue(name));
            var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var node = (await CurrentState.ReadAsync(monitor, formationName, group: null, cancellationToken)).Find(n => n.Name == nodeName);
            if (node is null)
            {
                await monitor.DisposeAsync();
                throw CommandFailure.BadArguments($"Formation \"{formationName}\" has no node named \"{nodeName}\"");
            }

            var table = parsed.GetValue(json) ? context with { Out = TextWriter.Null } : context;
            await using var failover = await FailoverCall.PrepareAsync(target, formationName, node.GroupId, monitor, table, cancellationToken);
            failover.NamesGroups = true;
            await skipHooks.ApplyAsync(parsed, failover.Monitor, cancellationToken);
            if (await failover.Monitor.ScalarAsync<bool>(
                "select pgautofailover.perform_promotion($1, $2)", cancellationToken, formationName, nodeName))
            {
                var primary = await failover.WaitForPrimaryAsync(parsed.GetValue(wait), cancellationToken);
                if (primary != nodeName)
                {
                    throw new CommandFailure(
                        ExitCode.Internal,
                        $"Node \"{primary}\" became primary, and not \"{nodeName}\"",
                        "\"pg_autoctl show events\" tells why");
                }
            }

            if (parsed.GetValue(json))
            {
                context.Print(await failover.Monitor.ScalarAsync<string>(
                    "select jsonb_pretty(to_jsonb(s)) from pgautofailover.current_state($1) s where nodename = $2", cancellationToken, formationName, nodeName));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
