using System.Collections.Immutable;
using PgAutoFailover.Promoter.Looking;

namespace PgAutoFailover.Promoter.Decisions;

/// <summary>
/// The table: from top to bottom, the first row whose condition holds decides. Everything above the last row is a reason not to promote.
/// </summary>
internal static class PromotionRules
{
    public static ImmutableArray<PromotionRule> All { get; } =
    [
        new(100, s => !s.Server.InRecovery, PromoterAction.Finish,
            _ => "this server is not a standby"),
        new(110, s => !s.Settings.Problems.IsEmpty, PromoterAction.Watch,
            s => string.Join("; ", s.Settings.Problems), Holds: true),

        new(200, s => s.Answer.Kind == AnswerKind.Serves, PromoterAction.Watch,
            _ => "the primary answers"),
        new(210, s => s.Answer.Kind == AnswerKind.Rejects, PromoterAction.Watch,
            s => $"the primary answers, though it rejects us: {s.Answer.Text}"),
        new(220, s => s.Answer.Kind is AnswerKind.OtherCluster or AnswerKind.Standby, PromoterAction.Watch,
            s => s.Answer.Text),
        new(230, s => s.Answer.Kind == AnswerKind.Unknown, PromoterAction.Watch,
            s => $"nothing can be said of the primary: {s.Answer.Text}"),
        new(240, s => s.Contact.StillStreams, PromoterAction.Watch,
            _ => "looks fail, but the primary still streams to this standby"),

        new(300, s => s.Contact.LastAt is null, PromoterAction.Watch,
            _ => "there has been no contact with the primary under this connection string, so that its silence proves nothing", Holds: true),
        new(310, s => s.Contact.Failures < s.Settings.KeepaliveCount, PromoterAction.Watch,
            s => $"{s.Contact.Failures} of {s.Settings.KeepaliveCount} looks in a row have found the primary gone"),
        new(320, s => s.Settings.MaxLag is { } most && (s.Behind ?? long.MaxValue) > most, PromoterAction.Watch,
            s => $"this standby is {s.Behind?.ToString() ?? "an unknown number of"} bytes of WAL behind, and pg_promoter.max_lag allows {s.Settings.MaxLag}", Holds: true),
        new(330, s => s.Verdict.WhoSeesIt is not null, PromoterAction.Watch,
            s => $"witness {s.Verdict.WhoSeesIt?.Witness} sees the primary", Holds: true),
        new(340, s => !s.Verdict.IsQuorum, PromoterAction.Watch,
            s => $"{s.Verdict.Agreeing} witnesses agree that the primary is gone, and {s.Verdict.Quorum} must", Holds: true),

        new(400, s => s.Settings.DryRun, PromoterAction.Watch,
            _ => "pg_promoter.dry_run is on; else it would promote now", Holds: true),
        new(410, s => s.Settings.FenceCommand.Length > 0 && s.Fencing == Fencing.NotTried, PromoterAction.Fence,
            _ => "the primary is gone, and is to be fenced first"),
        new(420, s => s.Fencing == Fencing.Failed, PromoterAction.Watch,
            _ => "pg_promoter.fence_command has failed", Holds: true),
        new(500, _ => true, PromoterAction.Promote,
            s => $"{s.Contact.Failures} looks in a row have found the primary gone: {s.Answer.Text}"),
    ];

    public static Decision Decide(Situation situation)
    {
        var rule = All.First(r => r.Condition(situation));
        return new Decision(rule.Id, rule.Action, rule.Because(situation), rule.Holds);
    }
}
