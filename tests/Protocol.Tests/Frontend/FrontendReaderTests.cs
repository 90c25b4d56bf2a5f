using System.Globalization;
using PgAutoFailover.Protocol.Frontend;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Protocol.Tests.Frontend;

public sealed class FrontendReaderTests
{
    private static readonly byte[] s_session =
    [
        .. Streams.Bare(GssEncRequest.Code),
        .. Streams.Bare(SslRequest.Code),
        .. Streams.Startup(StartupMessage.ProtocolVersion, "user", "service", "database", "größe", "user", "late"),
        .. Streams.Query("""{"fn":"ping"}"""),
        .. Streams.Query(""),
        .. Streams.Terminate(),
    ];

    [Fact]
    public void A_session_reads_the_same_wherever_its_bytes_are_cut()
    {
        var whole = Streams.ReadAll(s_session).ConvertAll(Describe);
        whole.ShouldBe(["GssEncRequest", "SslRequest", "StartupMessage user=service database=größe user=late", """Query {"fn":"ping"}""", "Query ", "Terminate"]);
        for (var cut = 0; cut <= s_session.Length; cut++)
        {
            Streams.ReadAll(s_session[..cut], s_session[cut..]).ConvertAll(Describe).ShouldBe(whole, cut.ToString(CultureInfo.InvariantCulture));
        }

        Streams.ReadAll([.. s_session.Select(b => new[] { b })]).ConvertAll(Describe).ShouldBe(whole);
    }

    [Fact]
    public void Any_bytes_are_messages_or_the_beginning_of_one_or_an_error()
    {
        var random = new Random(20261121);
        var seen = new HashSet<string>();
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = s_session.ToArray();
            foreach (var _ in Enumerable.Range(0, random.Next(1, 4)))
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            foreach (var outcome in Streams.ReadAll(bytes[..random.Next(bytes.Length + 1)]))
            {
                seen.Add(outcome.Error?.SqlState ?? outcome.Message!.GetType().Name); // one of them is set in a complete outcome
            }

            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            Streams.ReadAll(noise);
        }

        // The generator has been everywhere.
        seen.ShouldBe(["GssEncRequest", "SslRequest", "StartupMessage", "Query", "Terminate", "08P01", "0A000", "22021", "54000"], ignoreOrder: true);
    }

    [Fact]
    public void A_cancel_request_is_read() =>
        Streams.ReadAll(Streams.Packet(null, [.. Streams.Int32(CancelRequest.Code), .. Streams.Int32(7), .. Streams.Int32(-9)]))
            .ShouldHaveSingleItem().Message.ShouldBe(new CancelRequest(7, -9));

    [Fact]
    public void The_last_value_of_a_startup_parameter_counts()
    {
        var startup = Streams.ReadAll(Streams.Startup(StartupMessage.ProtocolVersion, "user", "a", "user", "b"))[0].Message.ShouldBeOfType<StartupMessage>();
        startup.Find("user").ShouldBe("b");
        startup.Find("database").ShouldBeNull();
    }

    [Theory]
    [InlineData(196610, "0A000")] // 3.2
    [InlineData(131072, "0A000")] // 2.0
    [InlineData(0, "0A000")]
    public void Another_protocol_version_is_refused(int version, string sqlState) =>
        Streams.ReadAll(Streams.Startup(version, "user", "a")).ShouldHaveSingleItem().Error.ShouldNotBeNull().SqlState.ShouldBe(sqlState);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(10_001)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_startup_packet_of_impossible_length_is_refused_before_it_has_come(int length) =>
        Streams.ReadAll(Streams.Int32(length)).ShouldHaveSingleItem().Error.ShouldNotBeNull().SqlState.ShouldBe("08P01");

    [Theory]
    [InlineData(int.MinValue, "08P01")]
    [InlineData(3, "08P01")]
    [InlineData(1005, "54000")]
    [InlineData(int.MaxValue, "54000")]
    public void A_message_of_impossible_length_is_refused_before_it_has_come(int length, string sqlState) =>
        Streams.ReadAll([.. Streams.Startup(StartupMessage.ProtocolVersion, "user", "a"), (byte)'Q', .. Streams.Int32(length)])[1]
            .Error.ShouldNotBeNull().SqlState.ShouldBe(sqlState);

    [Fact]
    public void A_message_of_the_longest_length_is_read() =>
        Streams.ReadAll([.. Streams.Startup(StartupMessage.ProtocolVersion, "user", "a"), .. Streams.Query(new string('x', 999))])[1]
            .Message.ShouldBeOfType<Query>().Text.Length.ShouldBe(999);

    [Fact]
    public void Text_behind_the_end_of_a_query_is_an_error() =>
        Streams.ReadAll([.. Streams.Startup(StartupMessage.ProtocolVersion, "user", "a"), .. Streams.Packet((byte)'Q', "a\0b\0"u8.ToArray())])[1]
            .Error.ShouldNotBeNull().SqlState.ShouldBe("08P01");

    private static string Describe(ReadOutcome outcome) => outcome switch
    {
        { Message: StartupMessage s } => "StartupMessage " + string.Join(' ', s.Parameters.Select(p => $"{p.Key}={p.Value}")),
        { Message: Query q } => "Query " + q.Text,
        { Message: { } m } => m.GetType().Name,
        _ => outcome.Error?.ToString() ?? "need more",
    };
}
