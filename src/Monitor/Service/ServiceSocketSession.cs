using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Protocol.Backend;
using PgAutoFailover.Protocol.Frontend;

namespace PgAutoFailover.Monitor.Service;

/// <summary>
/// One client of the service's socket: opens the session, then answers one simple query after the other until the client leaves
/// or breaks the protocol.
/// </summary>
internal sealed class ServiceSocketSession(
    ServiceConnection connection, Socket client, IServiceRequests requests, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Longest request, in bytes.</summary>
    internal const int MaxRequestLength = 1024 * 1024;

    // A client that connects and says nothing must not keep its place.
    private static readonly TimeSpan s_startupLimit = TimeSpan.FromSeconds(10);

    private readonly NetworkStream _stream = new(client, ownsSocket: true);

    /// <summary>Ends when the client has left, broke the protocol, or the service stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var input = PipeReader.Create(_stream);
        var output = PipeWriter.Create(_stream);
        try
        {
            if (await OpenAsync(input, output, cancellationToken))
            {
                await AnswerAsync(input, output, cancellationToken);
            }
        }
        catch (IOException e)
        {
            Log.ConnectionBroken(logger, connection.Id, e.Message);
        }
        catch (OperationCanceledException)
        {
            Log.ConnectionBroken(logger, connection.Id, "the service stops, or the client did not open a session in time");
        }
        finally
        {
            requests.ConnectionClosed(connection);
        }
    }

    /// <summary>Sends an error, after which the session is to be closed. Not a word is read: the client finds the answer when it looks for one.</summary>
    public void Refuse(Diagnostic error)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorResponse.Write(output, error);
        try
        {
            _stream.Write(output.WrittenSpan);
        }
        catch (IOException)
        {
            // It has gone already.
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task<bool> OpenAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_startupLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            var message = await ReadAsync(input, output, startup: true, either.Token);
            switch (message)
            {
                case SslRequest or GssEncRequest:
                    output.Write("N"u8); // nothing leaves this machine
                    await output.FlushAsync(either.Token);
                    break;
                case StartupMessage:
                    AuthenticationOk.Write(output);
                    ParameterStatus.Write(output, "client_encoding", "UTF8");
                    ParameterStatus.Write(output, "server_encoding", "UTF8");
                    ParameterStatus.Write(output, "standard_conforming_strings", "on");
                    ReadyForQuery.Write(output);
                    await output.FlushAsync(either.Token);
                    return true;
                default:
                    return false; // it left, broke the protocol, or wants to cancel: requests are short and not cancelled
            }
        }
    }

    private async Task AnswerAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
    {
        while (await ReadAsync(input, output, startup: false, cancellationToken) is Query query)
        {
            await ServiceQuery.AnswerAsync(query.Text, connection, requests, output, time, logger, cancellationToken);
            ReadyForQuery.Write(output);
            await output.FlushAsync(cancellationToken);
        }
    }

    // Null when there is no further message: the client has left, or was told that it broke the protocol.
    private static async Task<FrontendMessage?> ReadAsync(PipeReader input, PipeWriter output, bool startup, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            var outcome = startup ? FrontendReader.ReadStartup(ref buffer) : FrontendReader.Read(ref buffer, MaxRequestLength);
            input.AdvanceTo(buffer.Start, outcome.IsComplete ? buffer.Start : buffer.End);
            if (outcome.Error is { } error)
            {
                ErrorResponse.Write(output, new Diagnostic("FATAL", error.SqlState, error.Message));
                await output.FlushAsync(cancellationToken);
                return null;
            }

            if (outcome.IsComplete || read.IsCompleted)
            {
                return outcome.Message;
            }
        }
    }
}
