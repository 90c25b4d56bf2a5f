using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands;

/// <summary>What 2.0 has for nodes of Citus, and whatever words follow: known, so that whoever uses it is told what is the matter, and refused.</summary>
internal static class NotThereYetCommand
{
    public static Command Create(string path)
    {
        var command = new Command(path.Split(' ')[^1]) { new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore } };
        command.SetAction(int (ParseResult _) => throw CommandFailure.BadArguments(
            $"\"{path}\" comes later: there are no nodes of Citus yet", "\"pg_autoctl create postgres\" makes plain nodes; docs/compatibility.md lists what is missing"));
        return command;
    }
}
