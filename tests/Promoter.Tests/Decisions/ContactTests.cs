using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Looking;

namespace PgAutoFailover.Promoter.Tests.Decisions;

public sealed class ContactTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1000);

    [Theory]
    [InlineData(nameof(AnswerKind.Serves))]
    [InlineData(nameof(AnswerKind.Rejects))]
    [InlineData(nameof(AnswerKind.OtherCluster))]
    [InlineData(nameof(AnswerKind.Standby))]
    [InlineData(nameof(AnswerKind.Unknown))]
    public void Whatever_is_not_gone_ends_the_row_of_failures(string kind) =>
        Add(Situations.ContactAfter(2), Enum.Parse<AnswerKind>(kind)).Failures.ShouldBe(0);

    [Theory]
    [InlineData(nameof(AnswerKind.Refused))]
    [InlineData(nameof(AnswerKind.Silent))]
    public void What_is_gone_adds_to_it(string kind) => Add(Situations.ContactAfter(2), Enum.Parse<AnswerKind>(kind)).Failures.ShouldBe(3);

    [Theory]
    [InlineData(nameof(AnswerKind.Rejects))]
    [InlineData(nameof(AnswerKind.Silent))]
    public void Only_a_primary_that_let_us_in_is_one_that_we_were_in_contact_with(string kind)
    {
        Add(Contact.None, Enum.Parse<AnswerKind>(kind)).LastAt.ShouldBeNull();
        Add(Contact.None, AnswerKind.Serves).LastAt.ShouldBe(s_now);
    }

    [Fact]
    public void A_refused_look_does_not_count_while_the_primary_still_streams_to_us()
    {
        var server = Situations.Server(connected: true);

        var contact = Situations.ContactAfter(1).Add(new Answer(AnswerKind.Refused, ""), server, server, s_now);

        contact.Failures.ShouldBe(0);
        contact.StillStreams.ShouldBeTrue();
    }

    [Fact]
    public void Silent_looks_do_not_count_while_the_walreceiver_hears_of_the_primary()
    {
        var (before, heard) = (Situations.Server(connected: true, heard: 1), Situations.Server(connected: true, heard: 2));

        var silent = Contact.None.Add(Situations.Serves(), before, before, s_now).Add(Situations.Gone, before, before, s_now);
        silent.Failures.ShouldBe(1);
        silent.Add(Situations.Gone, before, before, s_now).Failures.ShouldBe(2);

        // Also when the word came between two looks of the row.
        silent.Add(Situations.Gone, heard, heard, s_now).Failures.ShouldBe(0);
    }

    [Fact]
    public void What_the_walreceiver_heard_before_the_row_began_proves_nothing()
    {
        var server = Situations.Server(connected: true, heard: 7);

        Enumerable.Range(0, 3).Aggregate(Situations.ContactAfter(0), (c, _) => c.Add(Situations.Gone, server, server, s_now)).Failures.ShouldBe(3);
    }

    [Fact]
    public void The_distance_is_to_the_latest_that_is_known_of_the_primary()
    {
        var contact = Situations.ContactAfter(0, position: 1500);

        contact.Behind(Situations.Server(received: 1000)).ShouldBe(500);
        contact.Behind(Situations.Server(received: 2000)).ShouldBe(0);
        contact.Behind(Situations.Server(received: 1000) with { SenderEnd = new Lsn(1700) }).ShouldBe(700);
        Contact.None.Behind(Situations.Server()).ShouldBeNull();
    }

    [Fact]
    public void The_next_program_knows_what_this_one_knew_unless_the_settings_have_changed()
    {
        var contact = Add(Contact.None, AnswerKind.Serves);

        var restored = Contact.OfMemory(contact.ToMemory(4), 4);

        restored.LastAt.ShouldBe(contact.LastAt);
        restored.Position.ShouldBe(contact.Position);
        Contact.OfMemory(contact.ToMemory(4), 5).ShouldBe(Contact.None);
        Contact.OfMemory(Contact.None.ToMemory(4), 4).ShouldBe(Contact.None);
        Contact.OfMemory("", 4).ShouldBe(Contact.None);
    }

    private static Contact Add(Contact contact, AnswerKind kind) =>
        contact.Add(new Answer(kind, "", new Lsn(5)), Situations.Server(), Situations.Server(), s_now);
}
