namespace PgAutoFailover.Keeper.Monitor;

/// <summary>The monitor refused a call, or could not be reached.</summary>
public sealed class MonitorException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Null when the monitor was not reached.</summary>
    public string? SqlState { get; init; }

    public string? Detail { get; init; }

    public string? Hint { get; init; }

    /// <summary>No answer: nothing is known of what the monitor did with the call.</summary>
    public bool IsUnreachable => SqlState is null;
}
