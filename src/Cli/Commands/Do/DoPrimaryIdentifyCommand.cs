using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do primary identify</c>, and the same with the word <c>system</c> behind it</summary>
internal static class DoPrimaryIdentifyCommand
{
    public static Command Create(CommandContext context) => Create("identify", context);

    public static Command CreateSystem(CommandContext context) => Create("system", context);

    private static Command Create(string name, CommandContext context)
    {
        var json = NewOption.Json();
        var command = new Command(name) { json };
        var options = new UpstreamOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = await options.FindLocalAsync(parsed, context, cancellationToken);
            await using var server = new LocalPostgresServer(
                options.PostgresOptions(local, parsed, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            var identity = await server.IdentifyAsync(options.Upstream(local, parsed, context), cancellationToken);
            var system = ((ulong)identity.SystemIdentifier).ToString(CultureInfo.InvariantCulture);
            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject { ["system_identifier"] = system, ["timeline"] = identity.Timeline, ["xlogpos"] = identity.FlushLsn.ToString() })
                : $"system identifier: {system}\ntimeline:          {identity.Timeline.ToString(CultureInfo.InvariantCulture)}\nxlogpos:           {identity.FlushLsn}");
            return ExitCode.Ok;
        });
        return command;
    }
}
