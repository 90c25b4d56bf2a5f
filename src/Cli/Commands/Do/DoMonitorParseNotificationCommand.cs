using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor parse-notification</c></summary>
internal static class DoMonitorParseNotificationCommand
{
    public static Command Create(CommandContext context)
    {
        var message = new Argument<string>("message");
        var command = new Command("parse-notification") { message };
        command.SetAction(parsed =>
        {
            var change = StateNotification.Parse(parsed.GetValue(message)!) // required
                ?? throw CommandFailure.BadArguments(
                    "This is no notification of a state", "It is JSON with the members that LISTEN on the monitor's channel \"state\" shows, in single quotes for the shell");
            context.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"{change.Formation}/{change.GroupId} node {change.NodeId} \"{change.Name}\" ({HostName.WithPort(change.Host, change.Port)}): {change.Reported.ToWire()} -> {change.Goal.ToWire()}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
