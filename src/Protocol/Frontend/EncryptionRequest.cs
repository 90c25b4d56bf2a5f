namespace PgAutoFailover.Protocol.Frontend;

/// <summary>Asks whether the session may be encrypted with TLS; the answer is a single byte, <c>S</c> or <c>N</c>.</summary>
public sealed record SslRequest : FrontendMessage
{
    /// <summary>Stands where a startup message has its version.</summary>
    public const int Code = (1234 << 16) | 5679;

    public static SslRequest Instance { get; } = new();
}

/// <summary>The same for GSSAPI; the answer is <c>G</c> or <c>N</c>.</summary>
public sealed record GssEncRequest : FrontendMessage
{
    public const int Code = (1234 << 16) | 5680;

    public static GssEncRequest Instance { get; } = new();
}
