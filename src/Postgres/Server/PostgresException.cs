namespace PgAutoFailover.Postgres.Server;

/// <summary>Something that PostgreSQL, one of its programs or the data directory refused; the message is for an operator.</summary>
/// <param name="message">What happened, to which instance.</param>
/// <param name="hint">What to do next.</param>
public sealed class PostgresException(string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    public string? Hint { get; } = hint;

    /// <summary>Each attempt costs other nodes something: it is not to be made again soon.</summary>
    public bool IsCostly { get; init; }
}
