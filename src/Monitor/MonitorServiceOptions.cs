namespace PgAutoFailover.Monitor;

/// <summary>Where the monitor's service finds its PostgreSQL, and where the SQL API finds the service.</summary>
public sealed record MonitorServiceOptions
{
    /// <summary>Directory of the unix socket of the monitor's PostgreSQL.</summary>
    public required string SocketDirectory { get; init; }

    /// <summary>Port of the monitor's PostgreSQL, which also names its socket.</summary>
    public required int PgPort { get; init; }

    /// <summary>Database that holds the schema. Default: <c>pg_auto_failover</c>.</summary>
    public string DbName { get; init; } = "pg_auto_failover";

    /// <summary>The bootstrap superuser.</summary>
    public required string SuperUser { get; init; }

    /// <summary>Directory for the service's own socket; made with mode 0700.</summary>
    public required string ServiceSocketDirectory { get; init; }

    /// <summary>Sessions that the service opens at most, besides two of its own; 2 and more. Default: 8.</summary>
    public int MaxPoolSize { get; init; } = 8;
}
