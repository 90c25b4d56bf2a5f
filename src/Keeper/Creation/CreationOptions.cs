namespace PgAutoFailover.Keeper.Creation;

/// <summary>What a node is to be registered as.</summary>
public sealed record CreationOptions
{
    public required string FormationId { get; init; }

    /// <summary>Empty lets the monitor choose a name.</summary>
    public required string Name { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string DbName { get; init; }

    /// <summary>The data directory, for messages.</summary>
    public required string PgData { get; init; }

    /// <summary>−1 lets the monitor choose.</summary>
    public long DesiredNodeId { get; init; } = -1;

    /// <summary>−1 lets the monitor choose.</summary>
    public int DesiredGroupId { get; init; } = -1;

    public string NodeKind { get; init; } = "standalone";

    /// <summary>0 to 100; default 50, as 2.0's command line has it.</summary>
    public int CandidatePriority { get; init; } = 50;

    public bool ReplicationQuorum { get; init; } = true;

    public string Cluster { get; init; } = "default";

    /// <summary>
    /// It is a node already, whose monitor was disabled: its state file says nothing about this monitor, and a standby that runs is registered as
    /// what it is.
    /// </summary>
    public bool IsNodeAlready { get; init; }

    /// <summary>What a registration is called that is not one of before, carried on: a name that no other one has.</summary>
    public string RegistrationId { get; init; } = RegistrationName.New();

    /// <summary>How long a registration that has to wait is tried again: default 900 s.</summary>
    public TimeSpan RegistrationTimeout { get; init; } = TimeSpan.FromSeconds(900);
}

/// <summary>What came of a registration.</summary>
/// <param name="NodeId">Id of this node.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Name">Its name, which the monitor may have chosen: the configuration is to keep it.</param>
/// <param name="IsNew">False when the node had been registered before.</param>
/// <param name="IsInitialized">The node has been initialised before: there is nothing left to create.</param>
public sealed record CreatedNode(long NodeId, int GroupId, string Name, bool IsNew, bool IsInitialized);

/// <summary>A node that cannot be created (exit code 8); nothing was changed.</summary>
public sealed class CreationException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
