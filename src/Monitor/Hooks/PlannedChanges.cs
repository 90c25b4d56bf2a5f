using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Monitor.Api;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;

namespace PgAutoFailover.Monitor.Hooks;

/// <summary>
/// Carries out planned changes, after the nodes that have a say have agreed. The caller does not hang on one long request: it is told that its request is
/// pending, and asks again with the number that it got, in short steps between which PostgreSQL can cancel it. The change itself is made, as ever, in a turn of the group,
/// by the request that comes after the agreement; where the caller has left, nobody makes it.
/// </summary>
/// <param name="notifyAsync">Sends a notification on <see cref="Core.Messages.HookQuestion.Channel"/>.</param>
internal sealed class PlannedChanges(
    Func<string, CancellationToken, Task> notifyAsync, SettingsSource settings, MonitorClock clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long one request waits.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    // One at a time for a group, and only what is asked about now or was last.
    private readonly ConcurrentDictionary<GroupActor, Consultation> _byGroup = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _starting = new();
    private long _lastId = clock.Time.GetUtcNow().Ticks; // numbers of an earlier life are not used again

    public async Task<ServiceReply> BeginAsync(PlannedCall call, PlannedChange change, CancellationToken cancellationToken)
    {
        var asked = change.WhoHasASay(settings.Current, clock.Read());
        if (asked.Count == 0)
        {
            return await MakeAsync(change, change.Judge, cancellationToken);
        }

        if (call.SkipsHooks)
        {
            return await MakeAsync(change, c => JudgeAndTell(change, asked, c), cancellationToken);
        }

        // What would be refused, or would change nothing, is nobody's business but the caller's.
        var judgement = change.Judge(new GroupChange(change.Group.View, settings, clock.Read()));
        if (judgement is not { Error: null, Decision: { Goals.IsEmpty: false } decision })
        {
            return await MakeAsync(change, change.Judge, cancellationToken);
        }

        return Start(call, change, decision, asked) is { } consultation
            ? await StepAsync(consultation, cancellationToken)
            : ServiceReply.Refused(HookError.Busy(change.Operation));
    }

    /// <summary>The caller of a pending change asks again.</summary>
    public Task<ServiceReply> ContinueAsync(ServiceConnection caller, long id, CancellationToken cancellationToken) =>
        Find(id) is { } consultation && ReferenceEquals(consultation.Call.Connection, caller)
            ? StepAsync(consultation, cancellationToken)
            : Task.FromResult(ServiceReply.Refused(new(ApiError.ObjectNotInPrerequisiteState, "the planned change is not pending any more", "Nothing was changed", "Try again")));

    /// <summary>A node has answered. False where nobody waits for it.</summary>
    public bool Answer(long id, long nodeId, bool agrees, string words) => Find(id) is { } consultation && consultation.Answer(nodeId, agrees, words);

    /// <summary>A caller's connection has ended.</summary>
    public void Left(ServiceConnection caller)
    {
        foreach (var consultation in _byGroup.Values.Where(c => ReferenceEquals(c.Call.Connection, caller)))
        {
            consultation.Abandon();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_byGroup.Values.Select(c => c.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private static OperationResult JudgeAndTell(PlannedChange change, IReadOnlyList<NodeView> passedOver, GroupChange turn)
    {
        var result = change.Judge(turn);
        if (result is { Error: null, Decision.Goals.IsEmpty: false })
        {
            turn.Announce($"Hook before_change of {string.Join(" and ", passedOver)} is left out for a {change.Operation}, as a user asked for", [.. passedOver]);
        }

        return result;
    }

    private static async Task<ServiceReply> MakeAsync(PlannedChange change, Func<GroupChange, OperationResult> judge, CancellationToken cancellationToken) =>
        await OperatorTurn.TakeAsync(change.Group, judge, change.IsVoid, cancellationToken);

    private Consultation? Find(long id) => _byGroup.Values.FirstOrDefault(c => c.Id == id);

    private Consultation? Start(PlannedCall call, PlannedChange change, Decision decision, IReadOnlyList<NodeView> asked)
    {
        lock (_starting)
        {
            if (_byGroup.TryGetValue(change.Group, out var earlier) && !earlier.IsAbandoned && !call.IsOfSameCaller(earlier.Call))
            {
                return null;
            }

            var consultation = new Consultation(++_lastId, change, decision, asked, call, notifyAsync, logger, clock.Time);
            _byGroup[change.Group] = consultation; // before anybody is asked who might answer
            consultation.Start(_ending.Token);
            return consultation;
        }
    }

    private async Task<ServiceReply> StepAsync(Consultation consultation, CancellationToken cancellationToken)
    {
        consultation.Await();
        if (!consultation.Outcome.IsCompleted)
        {
            await Task.WhenAny(consultation.Outcome, Task.Delay(s_step, clock.Time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();

            // Also where there is an outcome now: a caller that was cancelled while this request waited cannot say so, but does not ask again.
            return ReplyJson.Pending(consultation.Id);
        }

        // Whoever takes it out has it: a request that comes twice makes nothing twice.
        var change = consultation.Change;
        return !_byGroup.TryRemove(new(change.Group, consultation))
            ? await ContinueAsync(consultation.Call.Connection, consultation.Id, cancellationToken)
            : await consultation.Outcome is { } refusal
                ? ServiceReply.Refused(refusal)
                : await MakeAsync(change, c => JudgeAgain(consultation, c), cancellationToken);
    }

    private static OperationResult JudgeAgain(Consultation consultation, GroupChange turn)
    {
        var result = consultation.Change.Judge(turn);
        return result is { Error: null, Decision: { } now } && !now.Goals.SequenceEqual(consultation.AgreedTo.Goals)
            ? OperationResult.Refused(HookError.HasChanged(consultation.Change.Operation))
            : result;
    }
}
