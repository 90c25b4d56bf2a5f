using System.Globalization;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node of the group as the monitor tells the others of it.</summary>
internal sealed record OtherNode(string Name, long NodeId, string Host, int Port, string Lsn, bool IsPrimary)
{
    public static OtherNode Of(NodeAddress node) => new(node.Name, node.NodeId, node.Host, node.Port, node.Lsn.ToString(), node.IsPrimary);
}

/// <summary>The table of <c>do monitor get others</c> and of <c>do fsm nodes</c>. Timelines are not told with these rows; 2.0 shows 0 for them, too.</summary>
internal static class OtherNodesTable
{
    public static void Write(TextWriter writer, IEnumerable<OtherNode> nodes)
    {
        var table = new TextTable(
            new Column("Name", 4), new Column("Node", 5), new Column("Host:Port", 10), new Column("TLI: LSN", 21), new Column("Primary?", 8));
        table.Write(writer, nodes.Select(n => new[]
        {
            n.Name,
            n.NodeId.ToString(CultureInfo.InvariantCulture),
            HostName.WithPort(n.Host, n.Port),
            $"0: {n.Lsn}",
            n.IsPrimary ? "yes" : "no",
        }));
        writer.WriteLine();
    }
}
