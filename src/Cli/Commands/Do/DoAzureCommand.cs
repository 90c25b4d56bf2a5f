using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do azure</c> and whatever words follow: it rented machines for a demonstration, by a command line of a provider that has changed since.</summary>
internal static class DoAzureCommand
{
    public static Command Create()
    {
        var command = new Command("azure") { new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore } };
        command.SetAction(int (ParseResult _) => throw CommandFailure.BadArguments(
            "The commands below \"do azure\" are retired: this program makes no machines", "Make them with the tools of your provider, and the nodes on them with \"pg_autoctl create\""));
        return command;
    }
}
