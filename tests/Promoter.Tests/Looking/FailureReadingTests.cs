using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PgAutoFailover.Promoter.Looking;

namespace PgAutoFailover.Promoter.Tests.Looking;

public sealed class FailureReadingTests
{
    [Theory]
    [InlineData(SocketError.ConnectionRefused, nameof(AnswerKind.Refused))]
    [InlineData(SocketError.AddressNotAvailable, nameof(AnswerKind.Refused))]
    [InlineData(SocketError.TimedOut, nameof(AnswerKind.Silent))]
    [InlineData(SocketError.HostUnreachable, nameof(AnswerKind.Silent))]
    [InlineData(SocketError.ConnectionReset, nameof(AnswerKind.Silent))]
    [InlineData(SocketError.NetworkUnreachable, nameof(AnswerKind.Unknown))]
    [InlineData(SocketError.NetworkDown, nameof(AnswerKind.Unknown))]
    [InlineData(SocketError.HostNotFound, nameof(AnswerKind.Unknown))]
    [InlineData(SocketError.TryAgain, nameof(AnswerKind.Unknown))]
    [InlineData(SocketError.AccessDenied, nameof(AnswerKind.Unknown))]
    [InlineData(SocketError.TooManyOpenSockets, nameof(AnswerKind.Unknown))]
    public void Of_what_the_network_says_only_refusal_and_silence_mean_gone(SocketError error, string kind) =>
        Read(new NpgsqlException("failed to connect", new SocketException((int)error))).ShouldBe(kind);

    [Theory]
    [InlineData("57P03")]
    [InlineData("57P01")]
    [InlineData("53300")]
    [InlineData("28P01")]
    [InlineData("28000")]
    [InlineData("3D000")]
    [InlineData("XX000")]
    public void A_server_that_says_anything_is_there(string sqlState) =>
        Read(new PostgresException("no", "FATAL", "FATAL", sqlState)).ShouldBe(nameof(AnswerKind.Rejects));

    [Fact]
    public void A_certificate_that_does_not_fit_is_an_answer() =>
        Read(new NpgsqlException("TLS", new AuthenticationException("no"))).ShouldBe(nameof(AnswerKind.Rejects));

    [Fact]
    public void Time_that_is_over_and_a_connection_that_is_closed_mean_gone()
    {
        Read(new OperationCanceledException()).ShouldBe(nameof(AnswerKind.Silent));
        Read(new NpgsqlException("connecting", new TimeoutException())).ShouldBe(nameof(AnswerKind.Silent));
        Read(new NpgsqlException("reading", new EndOfStreamException())).ShouldBe(nameof(AnswerKind.Silent));
    }

    [Fact]
    public void What_we_do_not_understand_does_not_mean_gone() =>
        Read(new InvalidOperationException("a certificate's file is not there")).ShouldBe(nameof(AnswerKind.Unknown));

    [Fact]
    public void A_primary_that_let_us_in_is_not_gone_however_the_look_ends() =>
        FailureReading.Read(new OperationCanceledException(), wasLetIn: true).Kind.ShouldBe(AnswerKind.Rejects);

    [Fact]
    public void Of_several_hosts_the_primary_is_gone_only_when_it_is_gone_from_all()
    {
        Answer[] Kinds(params AnswerKind[] kinds) => [.. kinds.Select(k => new Answer(k, ""))];

        Answer.OfAll(Kinds(AnswerKind.Refused, AnswerKind.Serves)).Kind.ShouldBe(AnswerKind.Serves);
        Answer.OfAll(Kinds(AnswerKind.Silent, AnswerKind.Rejects)).Kind.ShouldBe(AnswerKind.Rejects);
        Answer.OfAll(Kinds(AnswerKind.Silent, AnswerKind.Unknown)).Kind.ShouldBe(AnswerKind.Unknown);
        Answer.OfAll(Kinds(AnswerKind.Silent, AnswerKind.Refused)).IsGone.ShouldBeTrue();

        // This server itself, in a connection string that names both.
        Answer.OfAll(Kinds(AnswerKind.Refused, AnswerKind.Standby)).IsGone.ShouldBeTrue();
        Answer.OfAll(Kinds(AnswerKind.Standby)).IsGone.ShouldBeFalse();
    }

    private static string Read(Exception exception) => FailureReading.Read(exception, wasLetIn: false).Kind.ToString();
}
