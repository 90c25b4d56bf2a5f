using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do fsm init</c>: makes the state file of a configured node without a monitor anew, where it was lost. What the node was is not in it: an operator
/// assigns that. A node that has a monitor gets its state by registering.
/// </summary>
internal static class DoFsmInitCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Flag("--json", "-J", "accepted as in 2.0; JSON is printed in any case");
        var nodeId = new Option<long?>("--node-id", "-I") { Description = "id of the node; default: that of the node's address in the list of nodes" };
        var command = new Command("init") { pgData, json, nodeId };
        command.SetAction(parsed =>
        {
            var local = UnmonitoredKeeper.Load(parsed.GetValue(pgData), context);
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            var store = new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile);
            if (store.Load() is { CurrentRole: not (NodeState.Init or NodeState.Dropped) } state)
            {
                throw new CommandFailure(
                    ExitCode.BadState,
                    $"State file \"{local.Paths.StateFile}\" is there, and says that node {state.NodeId} is in state {state.CurrentRole.ToWire()}",
                    "Where that is not so, move the file away first");
            }

            context.Log.InitializingState(local.Paths.StateFile);
            store.Save(new KeeperState
            {
                CurrentRole = NodeState.Init,
                AssignedRole = NodeState.Init,
                NodeId = parsed.GetValue(nodeId) ?? ListedId(local),
                GroupId = 0,
                IsDetached = true,
            });
            context.Print(PrettyJson.Format(FsmStateJson.Of(local)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static long ListedId(LocalNode local) =>
        UnmonitoredKeeper.ReadNodes(local).FirstOrDefault(
            n => n.Host == local.Config[ConfigKeys.HostName] && n.Port == local.Config.Number(ConfigKeys.Port))?.NodeId
        ?? throw CommandFailure.BadArguments($"Nothing says which id the node at \"{local.Paths.PgData}\" has", "Use --node-id N");
}
