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

    public void WriteHead() => _table.WriteHead(writer);

    public void WriteRow(StateNotification change) => _table.WriteRow(writer,
    [
        time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        change.Name,
        change.NodeId.ToString(CultureInfo.InvariantCulture),
        HostName.WithPort(change.Host, change.Port),
        change.Reported.ToWire(),
        change.Goal.ToWire(),
    ]);
}
