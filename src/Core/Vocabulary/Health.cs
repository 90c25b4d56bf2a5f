namespace PgAutoFailover.Core.Vocabulary;

/// <summary>What the monitor's health checks say of a node, as column <c>node.health</c> holds it.</summary>
public enum Health
{
    Unknown = -1,
    Bad = 0,
    Good = 1,
}

/// <summary>What one probe of a node's PostgreSQL met.</summary>
public enum ProbeOutcome
{
    /// <summary>No probe has ended yet.</summary>
    None,

    /// <summary>The server accepted a session, or answers on the one that the monitor holds.</summary>
    Accepting,

    /// <summary>The server is up and declined the session: authentication, too many clients, unknown database.</summary>
    NotAccepting,

    /// <summary>The server is up and says that it is starting up, shutting down or in recovery (SQLSTATE 57P03).</summary>
    StartingUp,

    /// <summary>The host answered that nothing listens on the port: PostgreSQL is certainly not serving there.</summary>
    Refused,

    /// <summary>Silence, or no route: nothing is known of the host.</summary>
    TimedOut,
}

/// <summary>Whether the keeper of a node holds a connection to the monitor.</summary>
public enum KeeperLink
{
    /// <summary>The monitor has not heard of this keeper since it started.</summary>
    NeverSeen,

    /// <summary>The session in which the keeper reports is open.</summary>
    Connected,

    /// <summary>It was open and has ended.</summary>
    Gone,
}
