namespace PgAutoFailover.Protocol.Frontend;

/// <summary>Comes alone on a connection of its own; nothing is answered.</summary>
/// <param name="ProcessId">As <see cref="Backend.BackendKeyData"/> told it.</param>
public sealed record CancelRequest(int ProcessId, int SecretKey) : FrontendMessage
{
    public const int Code = (1234 << 16) | 5678;

    internal static ReadOutcome Read(ref PayloadReader payload) =>
        payload.TryReadInt32(out var processId) && payload.TryReadInt32(out var secretKey) && payload.AtEnd
            ? ReadOutcome.Of(new CancelRequest(processId, secretKey))
            : payload.Malformed("cancel request");
}
