namespace PgAutoFailover.Monitor.Schema;

/// <summary>The monitor's database cannot be brought to the schema of this program; the message is for an operator.</summary>
/// <param name="hint">What to do next.</param>
public sealed class SchemaException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
