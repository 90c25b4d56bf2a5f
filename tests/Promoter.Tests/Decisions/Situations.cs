using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Witnesses;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Tests.Decisions;

/// <summary>Every situation that differs in what the rules ask for.</summary>
internal static class Situations
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch;

    public static ServerState Server(bool inRecovery = true, bool connected = false, long heard = 0, ulong received = 1000) =>
        new(inRecovery, PromotedByUs: false, connected, new Lsn(received), new Lsn(1), Lsn.Invalid, heard);

    public static Answer Gone { get; } = new(AnswerKind.Silent, "no answer");

    public static Answer Serves(ulong position = 1000) => new(AnswerKind.Serves, "", new Lsn(position));

    public static Contact ContactAfter(int failures, bool ever = true, ulong position = 1000)
    {
        var server = Server();
        var contact = ever ? Contact.None.Add(Serves(position), server, server, s_now) : Contact.None;
        for (var i = 0; i < failures; i++)
        {
            contact = contact.Add(Gone, server, server, s_now);
        }

        return contact;
    }

    public static PromoterSettings Settings { get; } = new() { Generation = 1, PrimaryConninfo = "host=a", KeepaliveCount = 3 };

    public static IEnumerable<Situation> All() =>
        from inRecovery in Booleans
        from problem in Booleans
        from kind in Enum.GetValues<AnswerKind>()
        from ever in Booleans
        from failures in new[] { 2, 3 }
        from streams in Booleans
        from behind in new[] { 0UL, 100UL }
        from maxLag in new long?[] { null, 50 }
        from verdict in Verdicts
        from dryRun in Booleans
        from fence in new[] { "", "fence" }
        from fencing in Enum.GetValues<Fencing>()
        where fence.Length > 0 || fencing == Fencing.NotTried
        select new Situation(
            Settings with { Problems = problem ? ["wrong"] : [], MaxLag = maxLag, DryRun = dryRun, FenceCommand = fence },
            Server(inRecovery),
            new Answer(kind, kind.ToString()),
            ContactOf(kind, ever, failures, streams, 1000 + behind),
            verdict,
            fencing);

    private static bool[] Booleans { get; } = [false, true];

    private static Verdict[] Verdicts { get; } =
    [
        Verdict.OfNobody,
        new([new Opinion("w", OpinionKind.AgreesThatItIsGone, "")], 1),
        new([new Opinion("w", OpinionKind.None, "away")], 1),
        new([new Opinion("v", OpinionKind.AgreesThatItIsGone, ""), new Opinion("w", OpinionKind.SeesIt, "")], 1),
    ];

    private static Contact ContactOf(AnswerKind kind, bool ever, int failures, bool streams, ulong position)
    {
        var server = Server();
        var contact = ContactAfter(failures, ever, position);
        return new Answer(kind, "").IsGone && streams
            ? contact.Add(new Answer(AnswerKind.Refused, ""), server, server with { Connected = true }, s_now)
            : contact;
    }
}
