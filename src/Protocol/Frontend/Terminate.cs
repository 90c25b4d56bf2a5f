namespace PgAutoFailover.Protocol.Frontend;

/// <summary>The client leaves.</summary>
public sealed record Terminate : FrontendMessage
{
    public const byte Type = (byte)'X';

    public static Terminate Instance { get; } = new();

    internal static ReadOutcome Read(ref PayloadReader payload) =>
        payload.AtEnd ? ReadOutcome.Of(Instance) : payload.Malformed("terminate message");
}
