using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Looking;

namespace PgAutoFailover.Promoter.Tests.Decisions;

public sealed class PromotionRulesTests
{
    [Fact]
    public void Ids_increase_from_row_to_row() =>
        PromotionRules.All.Select(r => r.Id).ShouldBe(PromotionRules.All.Select(r => r.Id).Order().Distinct());

    [Fact]
    public void Every_row_decides_some_situation() =>
        Situations.All().Select(s => PromotionRules.Decide(s).Rule).Distinct().Order().ShouldBe(PromotionRules.All.Select(r => r.Id));

    /// <summary>What a promotion takes, said once more and independently of the table, for each of the situations.</summary>
    [Fact]
    public void Nobody_is_promoted_unless_everything_speaks_for_it()
    {
        var promoted = 0;
        foreach (var s in Situations.All())
        {
            var decision = PromotionRules.Decide(s);
            var mayPromote = s.Server.InRecovery
                && s.Settings.Problems.IsEmpty
                && s.Answer.Kind is AnswerKind.Refused or AnswerKind.Silent
                && s.Contact is { LastAt: not null, StillStreams: false } && s.Contact.Failures >= s.Settings.KeepaliveCount
                && !(s.Settings.MaxLag < s.Behind)
                && s.Verdict.WhoSeesIt is null && s.Verdict.Agreeing >= s.Verdict.Quorum
                && !s.Settings.DryRun;
            var isFenced = s.Settings.FenceCommand.Length == 0 || s.Fencing == Fencing.Succeeded;

            (decision.Action == PromoterAction.Promote).ShouldBe(mayPromote && isFenced, $"{s}: {decision}");
            (decision.Action == PromoterAction.Fence).ShouldBe(mayPromote && s.Settings.FenceCommand.Length > 0 && s.Fencing == Fencing.NotTried, $"{s}: {decision}");
            promoted += decision.Action == PromoterAction.Promote ? 1 : 0;
        }

        promoted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_standby_whose_distance_is_not_known_is_not_promoted_where_a_limit_is_set()
    {
        // Only a program that was told of a contact without a position could be in this situation: the limit holds all the same.
        var memory = Contact.OfMemory("1 1000 0", 1);
        var contact = Enumerable.Range(0, 3).Aggregate(memory, (c, _) => c.Add(Situations.Gone, Situations.Server(), Situations.Server(), DateTimeOffset.UnixEpoch));
        var situation = new Situation(Situations.Settings with { MaxLag = 1 }, Situations.Server(), Situations.Gone, contact, Promoter.Witnesses.Verdict.OfNobody);

        PromotionRules.Decide(situation).Rule.ShouldBe(320);
    }
}
