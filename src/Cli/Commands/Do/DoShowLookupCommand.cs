using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do show lookup</c></summary>
internal static class DoShowLookupCommand
{
    public static Command Create(CommandContext context)
    {
        var host = new Argument<string>("host");
        var command = new Command("lookup") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(host)!; // required
            context.Print($"{name}: {await OwnHostName.RequireAddressAsync(name, context, cancellationToken)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
