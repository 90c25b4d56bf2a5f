using System.Globalization;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>What the monitor has made of a node, in one line: formation and group, address, ids, goal state.</summary>
internal static class AssignmentText
{
    public static string Of(NodeConfig config, long nodeId, int groupId, NodeState goal) => string.Create(
        CultureInfo.InvariantCulture,
        $"{config[ConfigKeys.Formation]}/{groupId} {config[ConfigKeys.HostName]}:{config.Number(ConfigKeys.Port)} {nodeId}:{groupId} {goal.ToWire()}");
}
