namespace PgAutoFailover.Protocol.Frontend;

/// <summary>What some bytes of a client amount to: a message, the beginning of one (neither member is set), or a protocol error.</summary>
/// <param name="Message">A complete message.</param>
/// <param name="Error">The session cannot go on: there is no telling where the next message would begin.</param>
public readonly record struct ReadOutcome(FrontendMessage? Message, ProtocolError? Error)
{
    /// <summary>No complete message yet: read on.</summary>
    public static ReadOutcome NeedMore => default;

    public bool IsComplete => Message is not null || Error is not null;

    internal static ReadOutcome Of(FrontendMessage message) => new(message, null);

    internal static ReadOutcome Of(ProtocolError error) => new(null, error);
}

/// <summary>A client that does not keep to the protocol.</summary>
/// <param name="SqlState">As PostgreSQL reports the same: <c>08P01</c>, <c>0A000</c>, <c>22021</c> or <c>54000</c>.</param>
public sealed record ProtocolError(string SqlState, string Message)
{
    public const string ProtocolViolation = "08P01";
    public const string FeatureNotSupported = "0A000";
    public const string CharacterNotInRepertoire = "22021";
    public const string ProgramLimitExceeded = "54000";
}
