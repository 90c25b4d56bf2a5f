using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>
/// A session with a node's PostgreSQL, opened with no more of the protocol than it takes to tell whether it serves, and then held, so
/// that its end is seen at once. Plain sockets rather than a driver: a probe must be called off in time whatever the host does, and
/// must cost next to nothing for thousands of nodes.
/// </summary>
/// <remarks>TLS is used where the server offers it, unverified: what is asked is whether something answers, and no secret is sent.</remarks>
internal sealed class ProbeSession : IProbeSession
{
    private const int MostMessageBytes = 64 * 1024;
    private const int SslRequestCode = 80877103;
    private const int ProtocolVersion = 3 << 16;

    private readonly Stream _stream;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private TaskCompletionSource? _pong;

    private ProbeSession(Stream stream)
    {
        _stream = stream;
        _reading = ReadUntilEndAsync(_stop.Token);
    }

    /// <summary>Completes when the server ends the session or the connection breaks; never fails.</summary>
    public Task Ended => _reading;

    /// <inheritdoc cref="OpenProbe"/>
    public static async Task<(ProbeOutcome Outcome, IProbeSession? Session)> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(host, port, cancellationToken);
        try
        {
            await stream.WriteAsync(StartupMessage(), cancellationToken);
            var outcome = await ReadStartAsync(stream, cancellationToken);
            if (outcome == ProbeOutcome.Accepting)
            {
                return (outcome, new ProbeSession(stream));
            }

            await stream.DisposeAsync();
            return (outcome, null);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for an answer on the held session. Throws when the session has ended or is cancelled.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pong, pong);
        await _stream.WriteAsync("Q\0\0\0\u0005\0"u8.ToArray(), cancellationToken); // a simple query without text
        var first = await Task.WhenAny(pong.Task, _reading).WaitAsync(cancellationToken);
        if (first == _reading)
        {
            throw new EndOfStreamException("the server has ended the session");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadUntilEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (type, _) = await ReadMessageAsync(_stream, cancellationToken);
                if (type == 'Z')
                {
                    Volatile.Read(ref _pong)?.TrySetResult();
                }
                else if (type == 'E')
                {
                    return; // nothing that we send can fail: this is the server saying goodbye
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            // The end that was waited for.
        }
    }

    private static async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return await SecureAsync(new NetworkStream(socket, ownsSocket: true), host, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(NetworkStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.WriteAsync(Int32s(8, SslRequestCode), cancellationToken);
        var answer = new byte[1];
        await plain.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] != 'S')
        {
            return plain;
        }

#pragma warning disable CA5359 // sslmode prefer: see the remarks above
        var secure = new SslStream(plain, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
        return secure;
    }

    private static async Task<ProbeOutcome> ReadStartAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (type, body) = await ReadMessageAsync(stream, cancellationToken);
            switch (type)
            {
                case 'Z':
                    return ProbeOutcome.Accepting;
                case 'E':
                    return SqlState(body) == "57P03" ? ProbeOutcome.StartingUp : ProbeOutcome.NotAccepting;
                case 'R' when body.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(body) != 0:
                    return ProbeOutcome.NotAccepting; // it asks for a password: it runs
            }
        }
    }

    private static async Task<(char Type, byte[] Body)> ReadMessageAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[5];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
        if (length is < 0 or > MostMessageBytes)
        {
            throw new InvalidDataException("whoever answers there does not speak PostgreSQL's protocol");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return ((char)header[0], body);
    }

    private static string? SqlState(byte[] body) =>
        Encoding.UTF8.GetString(body).Split('\0').FirstOrDefault(field => field.StartsWith('C'))?[1..];

    private static byte[] StartupMessage()
    {
        var parameters = "user\0pgautofailover_monitor\0database\0postgres\0application_name\0pg_autoctl health check\0\0"u8;
        return [.. Int32s(8 + parameters.Length, ProtocolVersion), .. parameters];
    }

    private static byte[] Int32s(int first, int second)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, first);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), second);
        return bytes;
    }
}
