using Microsoft.Extensions.Logging;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Witnesses;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>Writes what changed from one turn to the next into the server's log: each step once, and what holds a promotion up once a minute.</summary>
internal sealed class Announcer(ILogger log, TimeProvider time)
{
    private static readonly TimeSpan s_reminder = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, OpinionKind> _opinions = new(StringComparer.Ordinal);
    private Answer? _answer;
    private int _failures;
    private string _held = "";
    private long _heldAt;

    /// <summary>Another connection string is watched, or the first.</summary>
    public void Begin(PromoterSettings settings)
    {
        _answer = null;
        _failures = 0;
        _opinions.Clear();
        if (settings.Problems.IsEmpty)
        {
            Log.Watching(log, settings.PrimaryName, settings.KeepAlive.TotalSeconds, settings.KeepaliveCount, settings.Replication ? "a replication" : "an ordinary");
        }
    }

    public void Say(Situation situation, Decision decision)
    {
        if (situation.Settings.Problems.IsEmpty)
        {
            SayAnswer(situation);
            foreach (var opinion in situation.Verdict.Opinions)
            {
                SayOpinion(opinion);
            }
        }

        SayHeld(decision);
    }

    private void SayAnswer(Situation situation)
    {
        var (answer, contact, settings) = (situation.Answer, situation.Contact, situation.Settings);
        if (answer.IsGone)
        {
            if (contact.Failures > 0 && contact.Failures <= settings.KeepaliveCount)
            {
                Log.LookFailed(log, contact.Failures, settings.KeepaliveCount, settings.PrimaryName, answer.Text);
            }
            else if (contact.StillStreams && _answer?.Kind != answer.Kind)
            {
                Log.StillStreams(log, settings.PrimaryName, answer.Text);
            }
        }
        else if (answer.Kind != _answer?.Kind || (answer.Kind != AnswerKind.Serves && answer.Text != _answer.Text))
        {
            SayChange(answer, settings);
        }

        _answer = answer;
        _failures = answer.IsGone ? contact.Failures : answer.Kind == AnswerKind.Serves ? 0 : _failures;
    }

    private void SayChange(Answer answer, PromoterSettings settings)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Serves when _failures > 0:
                Log.AnswersAgain(log, settings.PrimaryName, _failures);
                break;
            case AnswerKind.Serves:
                Log.InContact(log, settings.PrimaryName);
                break;
            case AnswerKind.Rejects:
                Log.Rejected(log, settings.PrimaryName, answer.Text);
                break;
            case AnswerKind.OtherCluster or AnswerKind.Standby:
                Log.NotThePrimary(log, settings.PrimaryName, answer.Text);
                break;
            default:
                Log.NothingCanBeSaid(log, settings.PrimaryName, answer.Text);
                break;
        }
    }

    private void SayOpinion(Opinion opinion)
    {
        var before = _opinions.TryGetValue(opinion.Witness, out var kind) ? kind : (OpinionKind?)null;
        _opinions[opinion.Witness] = opinion.Kind;
        if (before == opinion.Kind)
        {
            return;
        }

        switch (opinion.Kind)
        {
            case OpinionKind.None:
                Log.WitnessSaysNothing(log, opinion.Witness, opinion.Text);
                break;
            case OpinionKind.SeesIt:
                Log.WitnessSees(log, opinion.Witness);
                break;
            default:
                Log.WitnessAgrees(log, opinion.Witness);
                break;
        }
    }

    private void SayHeld(Decision decision)
    {
        if (!decision.Holds)
        {
            _held = "";
            return;
        }

        var text = $"{decision.Rule} {decision.Because}";
        if (text != _held || time.GetElapsedTime(_heldAt) >= s_reminder)
        {
            Log.Held(log, decision.Because, decision.Rule);
            (_held, _heldAt) = (text, time.GetTimestamp());
        }
    }
}
