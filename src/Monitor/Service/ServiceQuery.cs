using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Protocol.Backend;

namespace PgAutoFailover.Monitor.Service;

/// <summary>
/// What the text of a simple query means to the service: a JSON document is a request; of SQL it knows the little that libpq and
/// dblink say by themselves.
/// </summary>
internal static class ServiceQuery
{
    // The session that asks cannot be cancelled while dblink waits, before PostgreSQL 17: it must get an answer in any case.
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Longest message of an error, in characters.</summary>
    private const int MaxErrorLength = 1_000;

    // Sent by pgautofailover_private.ensure_connected(), exactly like this.
    private const string Ping = """{"fn":"ping"}""";
    private static readonly ServiceReply s_pong = ServiceReply.Success("""{"result":true}""");

    /// <summary>Writes the answer, without the closing ReadyForQuery.</summary>
    public static async Task AnswerAsync(
        string text,
        ServiceConnection connection,
        IServiceRequests requests,
        PipeWriter output,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        if (text.StartsWith('{'))
        {
            Write(output, text == Ping ? s_pong : await HandleAsync(text, connection, requests, time, logger, cancellationToken));
        }
        else if (string.IsNullOrWhiteSpace(text))
        {
            EmptyQueryResponse.Write(output);
        }
        else if (text.StartsWith("set ", StringComparison.OrdinalIgnoreCase))
        {
            CommandComplete.Write(output, "SET");
        }
        else
        {
            Write(output, ServiceReply.Refused(new ApiError(
                "42601", "the service of the monitor understands requests as JSON documents only", Hint: "Use the functions of schema pgautofailover.")));
        }
    }

    private static void Write(PipeWriter output, ServiceReply reply)
    {
        if (reply.Error is { } error)
        {
            ErrorResponse.Write(output, new Diagnostic("ERROR", error.SqlState, Cut(error.Message), error.Detail is null ? null : Cut(error.Detail), error.Hint));
            return;
        }

        RowDescription.Write(output, "reply", RowDescription.JsonOid);
        DataRow.Write(output, reply.Json!); // a reply is a document where it is not an error
        CommandComplete.Write(output, "SELECT 1");
    }

    // Refusals quote what they refuse, which may be anything.
    private static string Cut(string text) => text.Length <= MaxErrorLength ? text : $"{text[..MaxErrorLength]}...";

    private static async Task<ServiceReply> HandleAsync(
        string request, ServiceConnection connection, IServiceRequests requests, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await requests.HandleAsync(connection, request, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ServiceReply.Refused(new ApiError(
                "57014", $"the service of the monitor did not answer within {Limit.TotalSeconds:F0} seconds", Hint: "See the log of the monitor."));
        }
#pragma warning disable CA1031 // whatever went wrong with one request, the caller is told and the others go on
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.RequestFailed(logger, e, request);
            return ServiceReply.Refused(new ApiError(ApiError.InternalError, "internal error of the monitor's service", Hint: "See the log of the monitor."));
        }
    }
}
