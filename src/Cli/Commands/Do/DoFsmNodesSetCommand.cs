using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Keeper.ByHand;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm nodes set</c>: replaces the list of nodes; a running service takes it up within a moment.</summary>
internal static class DoFsmNodesSetCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var file = new Argument<string>("file");
        var command = new Command("set") { pgData, file };
        command.SetAction(parsed =>
        {
            var local = UnmonitoredKeeper.Load(parsed.GetValue(pgData), context);
            var state = StateFileText.Load(local.Paths.StateFile);
            var path = parsed.GetValue(file)!; // required
            var problems = new List<string>();
            var nodes = NodesFile.Parse(ReadText(path), problems);
            if (problems.Count > 0)
            {
                throw CommandFailure.BadArguments($"\"{path}\" is no list of nodes:\n{UnmonitoredKeeper.Lines(problems)}", "The list is what it was");
            }

            new NodesFile(local.Paths.NodesFile).Save(nodes);
            OtherNodesTable.Write(context.Out, nodes.Where(n => n.NodeId != state.NodeId).Select(OtherNode.Of));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadArguments, $"Failed to read \"{path}\": {exception.Message}", inner: exception);
        }
    }
}
