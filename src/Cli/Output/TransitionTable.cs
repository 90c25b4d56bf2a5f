using System.Globalization;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>The table that grows while a failover or a maintenance is under way, a row for each change that the monitor notifies of.</summary>
internal sealed class TransitionTable(TextWriter writer, TimeProvider time)
{
    private readonly TextTable _table = new(
        new Column("Time", 8),
        new Column("Name", 25),
        new Column("Node", 5),
        new Column("Host:Port", 25),
        new Column("Current State", 19),
        new Column("Assigned State", 19));

    /// <summary>A node is named by its group and its id, as 2.0 does after a promotion, and not by its id alone.</summary>
    public bool NamesGroups { get; set; }

    public void WriteHead() => _table.WriteHead(writer);

    public void WriteRow(StateNotification change) => _table.WriteRow(writer,
    [
        time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        change.Name,
        NamesGroups
            ? string.Create(CultureInfo.InvariantCulture, $"{change.GroupId}/{change.NodeId}")
            : change.NodeId.ToString(CultureInfo.InvariantCulture),
        HostName.WithPort(change.Host, change.Port),
        change.Reported.ToWire(),
        change.Goal.ToWire(),
    ]);
}
