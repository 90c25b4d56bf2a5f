using System.Collections.Immutable;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Promoter.Settings;

/// <summary>The settings as the worker told them at one moment. PostgreSQL has checked their types and ranges.</summary>
internal sealed record PromoterSettings
{
    /// <summary>Counts their changes; a promotion names the one that it was decided under.</summary>
    public required int Generation { get; init; }

    /// <summary>What is wrong with them, for a person. As long as anything is, nobody is promoted.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>The primary's connection string as it was written. Health is known for one of these only. Holds a password: never shown.</summary>
    public required string PrimaryConninfo { get; init; }

    /// <summary>It is watched over a replication connection, as the server's own <c>primary_conninfo</c> is made for.</summary>
    public bool Replication { get; init; }

    /// <summary>The hosts of the primary, each to be looked at. Empty when there is a problem with the connection string.</summary>
    public ImmutableArray<ConnectionUri> Primary { get; init; } = [];

    public ImmutableArray<WitnessAddress> Witnesses { get; init; } = [];

    /// <summary>How many witnesses must agree that the primary is gone.</summary>
    public int WitnessQuorum { get; init; }

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    public int KeepaliveCount { get; init; } = 3;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes; null: however far the standby is behind.</summary>
    public long? MaxLag { get; init; }

    public string FenceCommand { get; init; } = "";

    public string TriggerCommand { get; init; } = "";

    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool DryRun { get; init; }

    /// <summary>The primary's hosts and ports, for a person.</summary>
    public string PrimaryName => string.Join(',', Primary.Select(p => p.Hosts[0].ToString()));

    public bool WatchesTheSameAs(PromoterSettings other) => PrimaryConninfo == other.PrimaryConninfo && Replication == other.Replication;

    // The record's own would print connection strings.
    public override string ToString() => $"settings {Generation} of {PrimaryName}";
}

/// <summary>A server that is asked for its opinion.</summary>
/// <param name="Name">Host and port, for a person.</param>
internal sealed record WitnessAddress(string Name, ConnectionUri Connection)
{
    public override string ToString() => Name;
}
