using System.Globalization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node as <c>show state</c> lists it.</summary>
/// <param name="Health">1 good, 0 bad, -1 unknown.</param>
internal sealed record NodeRow(
    string FormationKind,
    string Name,
    string Host,
    int Port,
    int GroupId,
    long NodeId,
    NodeState Reported,
    NodeState Goal,
    int Timeline,
    string Lsn,
    int Health)
{
    /// <summary>Formations of kind pgsql have one group, which then goes without saying.</summary>
    public string NodeText => FormationKind == "citus"
        ? string.Create(CultureInfo.InvariantCulture, $"{GroupId}/{NodeId}")
        : NodeId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null where nobody has said.</summary>
    public int? CandidatePriority { get; init; }

    /// <inheritdoc cref="CandidatePriority"/>
    public bool? ReplicationQuorum { get; init; }

    public string Address => HostName.WithPort(Host, Port);

    public string Position => string.Create(CultureInfo.InvariantCulture, $"{Timeline,3}: {Lsn}");

    /// <summary>What a client finds there.</summary>
    public string ConnectionType => Reported switch
    {
        NodeState.Single or NodeState.Primary or NodeState.WaitPrimary or NodeState.JoinPrimary
            or NodeState.ApplySettings or NodeState.PrepareMaintenance => "read-write",
        NodeState.Init or NodeState.Dropped or NodeState.WaitStandby or NodeState.Demoted or NodeState.DemoteTimeout
            or NodeState.Draining or NodeState.Maintenance => "none",
        _ => "read-only",
    };

    public string Connection => Health switch
    {
        1 => ConnectionType,
        0 => $"{ConnectionType} !",
        _ => $"{ConnectionType} ?",
    };
}

/// <summary>The table of <c>show state</c>.</summary>
internal static class StateTable
{
    public static void Write(TextWriter writer, IReadOnlyCollection<NodeRow> rows)
    {
        var table = new TextTable(
            new Column("Name", 4),
            new Column("Node", 5),
            new Column("Host:Port", 10),
            new Column("TLI: LSN", 9),
            new Column("Connection", 12),
            new Column("Reported State", 19),
            new Column("Assigned State", 19));
        table.Write(writer, rows.Select(r => new[]
        {
            r.Name, r.NodeText, r.Address, r.Position, r.Connection, r.Reported.ToWire(), r.Goal.ToWire(),
        }));
        writer.WriteLine();
    }
}
