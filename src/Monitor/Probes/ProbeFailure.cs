using System.Net.Sockets;
using System.Security.Authentication;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>What a probe that ended in an exception has met.</summary>
internal static class ProbeFailure
{
    /// <summary>The outcome, or null for what no network does.</summary>
    public static ProbeOutcome? Classify(Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ProbeOutcome.Refused,
        IOException { InnerException: SocketException inner } => Classify(inner),

        // Accepted by the kernel and dropped before an answer: a postmaster on its way up or down, or no PostgreSQL at all.
        SocketException { SocketErrorCode: SocketError.ConnectionReset } or EndOfStreamException or InvalidDataException => ProbeOutcome.StartingUp,
        AuthenticationException or IOException => ProbeOutcome.StartingUp,

        // No route, no such host, silence: nothing is known of the host.
        SocketException or OperationCanceledException => ProbeOutcome.TimedOut,
        _ => null,
    };
}
