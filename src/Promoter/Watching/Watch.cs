using Microsoft.Extensions.Logging;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Witnesses;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>
/// The loop: looks at the primary and asks the witnesses, decides by the table, acts, reports. A change of the settings begins a turn at once; a
/// change of the connection string also forgets what was known.
/// </summary>
internal sealed class Watch(WorkerLink link, PrimaryLook look, WitnessRound witnesses, PromotionSteps steps, Heartbeat heartbeat, ILogger log, TimeProvider time)
{
    // Nobody else could do it sooner.
    private static readonly TimeSpan s_anyPromotion = TimeSpan.FromDays(7);

    private readonly Announcer _announcer = new(log, time);
    private PromoterSettings? _watched;
    private Contact _contact = Contact.None;
    private string _lastError = "";
    private long _looks;

    /// <summary>Until this server is no standby any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await link.WhenReadyAsync(cancellationToken);
        while (true)
        {
            var changed = link.SettingsChanged;
            var settings = link.Settings;
            var started = time.GetTimestamp();
            Begin(settings);
            heartbeat.Expect(PromotionSteps.LongestTurn(settings));
            if (await TurnAsync(settings, cancellationToken))
            {
                return;
            }

            heartbeat.Expect(settings.KeepAlive);
            await PauseAsync(settings.KeepAlive - time.GetElapsedTime(started), changed, cancellationToken);
        }
    }

    private void Begin(PromoterSettings settings)
    {
        if (_watched is null)
        {
            _contact = Contact.OfMemory(link.Hello?.Remembered ?? "", settings.Generation);
        }
        else if (!settings.WatchesTheSameAs(_watched))
        {
            (_contact, _lastError) = (Contact.None, "");
        }

        if (_watched?.Generation != settings.Generation)
        {
            _announcer.Begin(settings);
        }

        _watched = settings;
    }

    /// <summary>True when there is nothing left to watch.</summary>
    private async Task<bool> TurnAsync(PromoterSettings settings, CancellationToken cancellationToken)
    {
        var situation = await ObserveAsync(settings, Fencing.NotTried, cancellationToken);
        var decision = Report(situation);
        if (decision.Action == PromoterAction.Fence)
        {
            var fencing = await steps.FenceAsync(settings, cancellationToken);
            situation = await ObserveAsync(settings, fencing, cancellationToken);
            decision = Report(situation);
        }

        if (decision.Action == PromoterAction.Promote && await steps.PromoteAsync(settings, decision, cancellationToken))
        {
            heartbeat.Expect(s_anyPromotion);
            await steps.AwaitEndOfRecoveryAsync(cancellationToken);
            situation = situation with { Server = await link.AskAsync(cancellationToken) };
            decision = PromotionRules.Decide(situation);
        }

        if (decision.Action == PromoterAction.Finish)
        {
            await steps.FinishAsync(settings, situation.Server, cancellationToken);
            return true;
        }

        return false;
    }

    private async Task<Situation> ObserveAsync(PromoterSettings settings, Fencing fencing, CancellationToken cancellationToken)
    {
        var before = await link.AskAsync(cancellationToken);
        if (!before.InRecovery || !settings.Problems.IsEmpty)
        {
            return new Situation(settings, before, new Answer(AnswerKind.Unknown, "not looked at"), _contact, Verdict.OfNobody, fencing);
        }

        var asking = witnesses.AskAsync(settings, cancellationToken);
        var answer = await look.LookAsync(settings, cancellationToken);
        var verdict = await asking;
        _looks++;
        var after = await link.AskAsync(cancellationToken);
        _contact = _contact.Add(answer, before, after, time.GetUtcNow());
        if (answer.Kind == AnswerKind.Serves)
        {
            link.Remember(_contact.ToMemory(settings.Generation));
        }
        else
        {
            _lastError = answer.Text;
        }

        return new Situation(settings, after, answer, _contact, verdict, fencing);
    }

    private Decision Report(Situation situation)
    {
        var decision = PromotionRules.Decide(situation);
        _announcer.Say(situation, decision);
        var doing = decision.Action switch
        {
            PromoterAction.Promote => "promote",
            PromoterAction.Fence => "fence, then promote",
            _ => "nothing",
        };
        link.Write(StatusReport.Line(
            situation.Settings, _looks, situation.Contact, _lastError, situation.Behind, $"{doing}: {decision.Because} (rule {decision.Rule})", situation.Verdict));
        return decision;
    }

    private async Task PauseAsync(TimeSpan pause, Task changed, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero && !changed.IsCompleted)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(pause, time, stop.Token), changed);
            await stop.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
