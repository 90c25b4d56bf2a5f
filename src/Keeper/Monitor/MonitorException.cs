namespace PgAutoFailover.Keeper.Monitor;

/// <summary>The monitor refused a call, or could not be reached.</summary>
public sealed class MonitorException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>SQLSTATE: no such node.</summary>
    public const string UndefinedObject = "42704";

    /// <summary>SQLSTATE: the monitor has heard of the node in a session that was opened later. What is said in a new one counts again.</summary>
    public const string SessionIsOver = "PAF01";

    /// <summary>SQLSTATE: not now; retry in a moment.</summary>
    public const string ObjectInUse = "55006";

    /// <summary>Null when the monitor was not reached.</summary>
    public string? SqlState { get; init; }

    public string? Detail { get; init; }

    public string? Hint { get; init; }

    /// <summary>No answer: nothing is known of what the monitor did with the call.</summary>
    public bool IsUnreachable => SqlState is null;
}
