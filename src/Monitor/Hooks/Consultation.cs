using System.Text.Json;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Hooks;

/// <summary>
/// Nodes are asked whether a planned change may begin. It goes on beside the group, whose turns do not wait for it, and ends with the first refusal, with the last
/// agreement, when a node does not answer in time, or when nobody waits for it any more. Whatever it comes to changes nothing by itself.
/// </summary>
internal sealed class Consultation
{
    /// <summary>Beyond what the node's hook may take: the question's way there and the answer's way back, with the end of the hook in between.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_repeat = TimeSpan.FromSeconds(1);

    /// <summary>Whoever waits says so every second. Silence for so long means that it has been cancelled.</summary>
    private static readonly TimeSpan s_callerLimit = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<NodeView> _asked;
    private readonly Func<string, CancellationToken, Task> _notifyAsync;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly string _payload;
    private readonly Lock _lock = new();
    private readonly HashSet<long> _agreed = [];
    private readonly TaskCompletionSource<ApiError?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastAwaited;
    private bool _callerHasLeft;

    /// <param name="agreedTo">What would be done as the group is now: what is agreed to.</param>
    /// <param name="call">The session that waits.</param>
    public Consultation(
        long id, PlannedChange change, Decision agreedTo, IReadOnlyList<NodeView> asked, PlannedCall call,
        Func<string, CancellationToken, Task> notifyAsync, ILogger log, TimeProvider time)
    {
        (Id, Change, AgreedTo, Call, _asked, _notifyAsync, _log, _time) = (id, change, agreedTo, call, asked, notifyAsync, log, time);
        _payload = JsonSerializer.Serialize(change.Question(id, asked), HookQuestionJson.Default.HookQuestion);
        _lastAwaited = time.GetTimestamp();
    }

    public long Id { get; }

    public PlannedChange Change { get; }

    public Decision AgreedTo { get; }

    public PlannedCall Call { get; }

    /// <summary>Ends when nobody is asked any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Null when all have agreed; else why the change is not to be.</summary>
    public Task<ApiError?> Outcome => _outcome.Task;

    /// <summary>The caller has left, or has not asked for the outcome for so long that it will not any more.</summary>
    public bool IsAbandoned => Volatile.Read(ref _callerHasLeft) || _time.GetElapsedTime(Interlocked.Read(ref _lastAwaited)) >= s_callerLimit;

    /// <summary>The caller goes on waiting.</summary>
    public void Await() => Interlocked.Exchange(ref _lastAwaited, _time.GetTimestamp());

    /// <summary>The caller has left.</summary>
    public void Abandon() => Volatile.Write(ref _callerHasLeft, true);

    /// <summary>A node has answered. False where it was not asked.</summary>
    public bool Answer(long nodeId, bool agrees, string words)
    {
        if (_asked.FirstOrDefault(n => n.Id == nodeId) is not { } node)
        {
            return false;
        }

        lock (_lock)
        {
            if (!agrees)
            {
                Refuse(node, "refuses it", words);
            }
            else if (_agreed.Add(nodeId) && _agreed.Count == _asked.Count)
            {
                _outcome.TrySetResult(null);
            }
        }

        if (_outcome.Task.IsCompleted)
        {
            _answered.TrySetResult();
        }

        return true;
    }

    /// <summary>Begins to ask. To be called once.</summary>
    public void Start(CancellationToken cancellationToken) => Running = RunAsync(cancellationToken);

    /// <summary>Asks until there is an outcome.</summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (!_outcome.Task.IsCompleted && !IsAbandoned)
        {
            await NotifyAsync(cancellationToken);
            await Task.WhenAny(_answered.Task, Task.Delay(s_repeat, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (Silent(_time.GetElapsedTime(started)) is var (node, why))
            {
                Refuse(node, "has not agreed to it", why);
            }
        }

        _outcome.TrySetResult(new(HookError.SqlState, "nobody waits for the answers of hooks any more"));
    }

    private (NodeView Node, string Why)? Silent(TimeSpan elapsed)
    {
        lock (_lock)
        {
            foreach (var node in _asked.Where(n => !_agreed.Contains(n.Id)))
            {
                if (Change.Group.View.Find(node.Id)?.Link != KeeperLink.Connected)
                {
                    return (node, "its keeper went away");
                }

                var limit = TimeSpan.FromSeconds(node.Evidence.BeforeChangeSeconds ?? 0) + s_grace;
                if (elapsed >= limit)
                {
                    return (node, $"there was no answer within {limit.TotalSeconds:F0} s");
                }
            }
        }

        return null;
    }

    private void Refuse(NodeView node, string what, string words)
    {
        if (_outcome.TrySetResult(HookError.Refused(Change.Operation, node, what, words)))
        {
            Log.HookRefused(_log, Change.Operation, node.ToString(), words);
        }
    }

    private async Task NotifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _notifyAsync(_payload, cancellationToken);
        }
        catch (StoreException e)
        {
            Log.CannotAsk(_log, Id, e.Message); // and tried again
        }
    }
}
