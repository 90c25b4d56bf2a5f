namespace PgAutoFailover.Protocol.Frontend;

/// <summary>Something that a client sends. The messages that exist are the nested types of this namespace, nothing else derives.</summary>
public abstract record FrontendMessage
{
    private protected FrontendMessage()
    {
    }
}
