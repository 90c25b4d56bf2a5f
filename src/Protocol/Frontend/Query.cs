namespace PgAutoFailover.Protocol.Frontend;

/// <summary>A simple query.</summary>
public sealed record Query(string Text) : FrontendMessage
{
    public const byte Type = (byte)'Q';

    internal static ReadOutcome Read(ref PayloadReader payload) =>
        payload.TryReadString(out var text) && payload.AtEnd ? ReadOutcome.Of(new Query(text)) : payload.Malformed("query");
}
