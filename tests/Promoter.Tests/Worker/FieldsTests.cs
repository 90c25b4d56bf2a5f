using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Tests.Worker;

public sealed class FieldsTests
{
    [Fact]
    public void What_the_worker_escapes_arrives_as_it_was() =>
        Fields.Split(@"setting	name	a\tb\nc\\d").ShouldBe(["setting", "name", "a\tb\nc\\d"]);

    [Fact]
    public void What_is_sent_is_one_line_of_printable_ASCII_and_not_too_long()
    {
        Fields.Plain("tab\tnew\nline é").ShouldBe("tab new line ?");
        Fields.Plain(new string('x', 5000)).Length.ShouldBe(Fields.MostCharacters);
        Fields.Plain(null).ShouldBe("");
    }

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"a\")]
    public void A_backslash_at_the_end_is_itself(string text) => Fields.Split(text).ShouldBe([text]);
}
