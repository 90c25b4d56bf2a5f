using System.Text;
using PgAutoFailover.Cli.Watch;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Watch;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("q", "Quit")]
    [InlineData("Q", "Quit")]
    [InlineData("\u0003", "Quit")]
    [InlineData("\u001bOP", "Quit")]
    [InlineData("\u001b[11~", "Quit")]
    [InlineData("\u001b[[A", "Quit")]
    [InlineData("\u001b[A", "Up")]
    [InlineData("\u001bOB", "Down")]
    [InlineData("\u001b[1;5C", "Right")]
    [InlineData("\u001b[D", "Left")]
    [InlineData("\u001b[5~\u001b[6~", "PageUp PageDown")]
    [InlineData("\u001b[5;2~", "PageUp")]
    [InlineData("\u001b[H\u001b[1~\u001bOH", "Home Home Home")]
    [InlineData("\u001b[F\u001b[4~\u001bOF", "End End End")]
    [InlineData("\u001b\u001b[A", "Escape Up")]
    [InlineData("xyz\u001b[Bä", "Down")]
    [InlineData("\u001b[15~\u001b[200~", "")]
    [InlineData("", "")]
    public void Sequences_are_keys(string sequence, string keys)
    {
        var decoder = new KeyDecoder();

        string.Join(' ', decoder.Decode(Encoding.UTF8.GetBytes(sequence))).ShouldBe(keys);
        decoder.IsWaiting.ShouldBeFalse();
    }

    [Theory]
    [InlineData("\u001b[A")]
    [InlineData("\u001b[6~")]
    [InlineData("\u001bOF")]
    [InlineData("\u001b[[A")]
    [InlineData("\u001b[1;5C")]
    public void A_sequence_may_come_in_pieces(string sequence)
    {
        var bytes = Encoding.ASCII.GetBytes(sequence);
        var whole = new KeyDecoder().Decode(bytes);
        var decoder = new KeyDecoder();

        bytes.SelectMany(b => decoder.Decode([b])).ShouldBe(whole);
        whole.Count.ShouldBe(1);
    }

    [Fact]
    public void An_escape_that_nothing_follows_is_a_key()
    {
        var decoder = new KeyDecoder();

        decoder.Decode([0x1b]).ShouldBeEmpty();
        decoder.IsWaiting.ShouldBeTrue();
        decoder.EndOfWaiting().ShouldBe(Key.Escape);
        decoder.IsWaiting.ShouldBeFalse();
    }

    [Fact]
    public void Half_a_sequence_is_no_key_and_does_not_spoil_the_next()
    {
        var decoder = new KeyDecoder();

        decoder.Decode("\u001b[1"u8).ShouldBeEmpty();
        decoder.EndOfWaiting().ShouldBeNull();
        decoder.Decode("q"u8).ShouldBe([Key.Quit]);
    }
}
