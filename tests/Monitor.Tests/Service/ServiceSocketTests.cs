using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Service;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Service;

/// <summary>The socket alone, as clients that do not behave meet it.</summary>
public sealed class ServiceSocketTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pgaf-socket-").FullName;
    private readonly FakeRequests _requests = new();

    private ServiceAddress Address => new(Path.Combine(_root, "service"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_directory_is_the_owners_alone_and_the_socket_is_gone_after_the_end()
    {
        Directory.CreateDirectory(Address.Directory, (UnixFileMode)0b111_111_111);
        await using (new RunningSocket(Address, _requests))
        {
            File.GetUnixFileMode(Address.Directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Exists(Address.SocketPath).ShouldBeTrue();
        }

        File.Exists(Address.SocketPath).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_dead_service_left_is_replaced_and_a_living_one_is_not()
    {
        Directory.CreateDirectory(Address.Directory);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Address.SocketPath));
            File.Move(Address.SocketPath, Address.SocketPath + ".kept"); // disposing removes it by name
        }

        File.Move(Address.SocketPath + ".kept", Address.SocketPath);

        await using var living = new RunningSocket(Address, _requests);

        Should.Throw<IOException>(() => new RunningSocket(Address, _requests)).Message.ShouldContain("another service");
        using var client = await OpenAsync();
        (await AskAsync(client, """{"fn":"ping"}""")).ShouldBe("TDCZ");
    }

    [Fact]
    public void A_path_that_the_kernel_would_cut_is_refused() =>
        Should.Throw<IOException>(() => new RunningSocket(new ServiceAddress(Path.Combine(_root, new string('x', 100))), _requests))
            .Message.ShouldContain("107 bytes");

    [Fact]
    public async Task What_libpq_says_by_itself_is_answered_without_a_request()
    {
        await using var service = new RunningSocket(Address, _requests);
        using var client = await OpenAsync();

        (await AskAsync(client, "")).ShouldBe("IZ");
        (await AskAsync(client, "set client_encoding to 'LATIN1'")).ShouldBe("CZ");
        (await AskAsync(client, "select 1")).ShouldBe("EZ");
        (await AskAsync(client, """{"fn":"ping"}""")).ShouldBe("TDCZ");

        _requests.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_leaves_the_session_open()
    {
        await using var service = new RunningSocket(Address, _requests);
        using var client = await OpenAsync();
        _requests.Answer = (_, _) => Task.FromResult(ServiceReply.Refused(new ApiError("55000", "no")));
        (await AskAsync(client, """{"fn":"x"}""")).ShouldBe("EZ");
        _requests.AnswerWith("{}");
        (await AskAsync(client, """{"fn":"x"}""")).ShouldBe("TDCZ");
    }

    [Fact]
    public async Task A_request_of_a_megabyte_is_read_and_a_longer_one_ends_the_session()
    {
        await using var service = new RunningSocket(Address, _requests);
        using var client = await OpenAsync();
        var longest = new string('x', ServiceSocketSession.MaxRequestLength - 1);
        (await AskAsync(client, $$"""{"x":"{{longest[8..]}}"}""")).ShouldBe("TDCZ");

        await client.SendAsync(Message('Q', longest + "x").AsMemory(..5), Cancellation);

        (await ReadTypesAsync(client, until: null)).ShouldBe("E");
        await _requests.ClosedAsync(_requests.Asked.Single().Connection).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Noise_ends_its_own_session_only()
    {
        await using var service = new RunningSocket(Address, _requests);
        using var good = await OpenAsync();
        using var bad = await ConnectAsync();
        await bad.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);

        (await ReadTypesAsync(bad, until: null)).ShouldBe("E");
        (await AskAsync(good, """{"fn":"ping"}""")).ShouldBe("TDCZ");
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_message_is_told_as_closed()
    {
        await using var service = new RunningSocket(Address, _requests);
        using var client = await OpenAsync();
        await AskAsync(client, """{"fn":"x"}""");
        await client.SendAsync(Message('Q', "{}").AsMemory(..4), Cancellation);

        client.Close();

        await _requests.ClosedAsync(_requests.Asked.Single().Connection).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task The_end_of_the_service_closes_every_session()
    {
        var service = new RunningSocket(Address, _requests);
        using var client = await OpenAsync();
        await AskAsync(client, """{"fn":"x"}""");

        await service.DisposeAsync();

        _requests.ClosedAsync(_requests.Asked.Single().Connection).IsCompleted.ShouldBeTrue();
        (await ReadTypesAsync(client, until: null)).ShouldBe("");
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Address.SocketPath), Cancellation);
        return socket;
    }

    private async Task<Socket> OpenAsync()
    {
        var socket = await ConnectAsync();
        var parameters = "\0\x03\0\0user\0service\0\0"u8.ToArray();
        await socket.SendAsync((byte[])[.. Length(parameters.Length + 4), .. parameters], Cancellation);
        (await ReadTypesAsync(socket, until: 'Z')).ShouldBe("RSSSZ");
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string query)
    {
        await socket.SendAsync(Message('Q', query), Cancellation);
        return await ReadTypesAsync(socket, until: 'Z');
    }

    private static byte[] Message(char type, string text) => [(byte)type, .. Length(Encoding.UTF8.GetByteCount(text) + 5), .. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Length(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    // The types of the messages that arrive, up to one type or to the end of the session.
    private static async Task<string> ReadTypesAsync(Socket socket, char? until)
    {
        var types = new StringBuilder();
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var head = new byte[5];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, Cancellation) == head.Length)
        {
            types.Append((char)head[0]);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4], Cancellation);
            if (head[0] == until)
            {
                break;
            }
        }

        return types.ToString();
    }
}
