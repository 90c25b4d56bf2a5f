using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>
/// What a failed look says of the primary. This is where "gone" is told from everything else; <c>docs/promoter.md</c> has the table. In doubt the
/// primary is not gone.
/// </summary>
internal static class FailureReading
{
    /// <param name="exception">How connecting or asking failed; a cancellation means that the time was over.</param>
    /// <param name="wasLetIn">The connection was open already: whatever happened then, this server had given a sign of life.</param>
    public static Answer Read(Exception exception, bool wasLetIn)
    {
        var chain = Chain(exception).ToList();
        if (wasLetIn)
        {
            return new Answer(AnswerKind.Rejects, $"it lets us in, but then: {Describe(exception)}");
        }

        // A server that says anything is there, whatever it says.
        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refusal)
        {
            return new Answer(AnswerKind.Rejects, $"{refusal.Severity}: {refusal.MessageText} (SQLSTATE {refusal.SqlState})");
        }

        // It has answered, and it is TLS or a password that does not fit.
        if (chain.OfType<AuthenticationException>().Any() || ConnectionFailure.Hint(exception) is not null)
        {
            return new Answer(AnswerKind.Rejects, ConnectionFailure.Describe(exception));
        }

        if (chain.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return new Answer(Kind(socket.SocketErrorCode), socket.Message);
        }

        if (chain.Any(e => e is OperationCanceledException or TimeoutException))
        {
            return new Answer(AnswerKind.Silent, "no answer within the timeout");
        }

        // Closed before it said anything.
        if (chain.Any(e => e is EndOfStreamException))
        {
            return new Answer(AnswerKind.Silent, "the connection was closed before there was an answer");
        }

        return new Answer(AnswerKind.Unknown, Describe(exception));
    }

    private static AnswerKind Kind(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => AnswerKind.Refused,

        // The socket's file has gone with the server, where the primary is reached by one.
        SocketError.AddressNotAvailable => AnswerKind.Refused,
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.HostDown => AnswerKind.Silent,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => AnswerKind.Silent,

        // No route at all, no permission, no name: that is about us.
        _ => AnswerKind.Unknown,
    };

    private static string Describe(Exception exception) => ConnectionFailure.Describe(exception);

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
