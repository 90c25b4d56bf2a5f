using Microsoft.Extensions.Logging;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>What a promotion consists of, step by step.</summary>
internal sealed class PromotionSteps(WorkerLink link, ShellCommand shell, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_reminder = TimeSpan.FromMinutes(1);

    private long _promotingSince;

    /// <summary>No turn takes longer: two looks, the witnesses in between, and a command.</summary>
    public static TimeSpan LongestTurn(PromoterSettings settings) =>
        (2 * ((settings.ConnectTimeout * (2 + settings.Primary.Length)) + settings.StatementTimeout)) + settings.CommandTimeout;

    public async Task<Fencing> FenceAsync(PromoterSettings settings, CancellationToken cancellationToken)
    {
        Log.Fencing(log, settings.PrimaryName);
        var end = await RunAsync(settings.FenceCommand, settings, cancellationToken);
        if (end.Succeeded)
        {
            Log.Fenced(log, settings.PrimaryName, end.Duration.TotalMilliseconds);
            return Decisions.Fencing.Succeeded;
        }

        Log.FenceFailed(log, end.Text);
        return Decisions.Fencing.Failed;
    }

    /// <summary>False when the worker refused.</summary>
    public async Task<bool> PromoteAsync(PromoterSettings settings, Decision decision, CancellationToken cancellationToken)
    {
        Log.Promoting(log, decision.Because, decision.Rule);
        _promotingSince = time.GetTimestamp();
        return await link.PromoteAsync(settings.Generation, cancellationToken) is null;
    }

    /// <summary>The server says when it has ended recovery; how long that takes is nothing that we could change.</summary>
    public async Task AwaitEndOfRecoveryAsync(CancellationToken cancellationToken)
    {
        var reminded = time.GetTimestamp();
        while ((await link.AskAsync(cancellationToken)).InRecovery)
        {
            if (time.GetElapsedTime(reminded) > s_reminder)
            {
                reminded = time.GetTimestamp();
                Log.PromotionTakesLong(log, time.GetElapsedTime(_promotingSince).TotalSeconds);
            }

            await Task.Delay(s_poll, time, cancellationToken);
        }
    }

    public async Task FinishAsync(PromoterSettings settings, ServerState server, CancellationToken cancellationToken)
    {
        if (!server.PromotedByUs)
        {
            Log.NoStandbyAnyMore(log);
            return;
        }

        if (_promotingSince != 0)
        {
            Log.Promoted(log, time.GetElapsedTime(_promotingSince).TotalMilliseconds);
        }

        if (settings.TriggerCommand.Length > 0)
        {
            var end = await RunAsync(settings.TriggerCommand, settings, cancellationToken);
            if (end.Succeeded)
            {
                Log.Triggered(log, end.Duration.TotalMilliseconds);
            }
            else
            {
                Log.TriggerFailed(log, end.Text);
            }
        }

        link.SayFinished();
    }

    private Task<CommandEnd> RunAsync(string command, PromoterSettings settings, CancellationToken cancellationToken)
    {
        var primary = settings.Primary.IsEmpty ? new("", 0) : settings.Primary[0].Hosts[0];
        return shell.RunAsync(command, primary.Host, primary.Port, settings.CommandTimeout, cancellationToken);
    }
}
