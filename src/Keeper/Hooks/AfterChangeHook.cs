using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>
/// The hook <c>after_change</c>: runs for each state that the node reaches, in their order, one at a time, beside everything else. How it ends is logged and
/// has no other consequence.
/// </summary>
/// <param name="settings">As they are now.</param>
/// <param name="place">The node, at the moment of a change.</param>
/// <param name="findPrimaryAsync">The group's primary, null where it is not known.</param>
public sealed class AfterChangeHook(
    Func<HookSettings> settings,
    Func<RoleChange, HookPlace> place,
    Func<HookPlace, CancellationToken, Task<HookNode?>> findPrimaryAsync,
    ILogger<AfterChangeHook> log,
    TimeProvider time) : IAsyncDisposable
{
    /// <summary>Changes that may wait for the hook's turn; one that comes on top is logged and left out.</summary>
    public const int MostWaiting = 100;

    private static readonly TimeSpan s_primaryLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private int _waiting;

    /// <summary>The node has reached a state. Does not wait.</summary>
    public void Tell(RoleChange change)
    {
        if (settings().AfterChange is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_waiting == MostWaiting)
            {
                log.HookLeftOut(change.From.ToWire(), change.To.ToWire(), MostWaiting);
                return;
            }

            _waiting++;
            _last = RunAsync(_last, place(change), change);
        }
    }

    /// <summary>Waits until the changes told so far have had their hook, but not for longer than one hook may take.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.WhenAny(_last, Task.Delay(settings().Timeout, time, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _last;
        _ending.Dispose();
    }

    private async Task RunAsync(Task previous, HookPlace where, RoleChange change)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            // It may have been taken out of the configuration meanwhile.
            if (settings() is { AfterChange: { } command } current)
            {
                var environment = HookEnvironment.AfterChange(where, change, await PrimaryAsync(where, change));
                log.HookBegins(HookEnvironment.After, $"{change.From.ToWire()} ➜ {change.To.ToWire()}");
                var end = await new HookRun(log, time).RunAsync(HookEnvironment.After, command, environment, current.Timeout, _ending.Token);
                if (!end.Succeeded)
                {
                    log.HookFailed(HookEnvironment.After, end.Words);
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // pg_autoctl stops.
        }
#pragma warning disable CA1031 // whatever goes wrong with a hook, the node goes on
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.HookFailed(HookEnvironment.After, exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<HookNode?> PrimaryAsync(HookPlace where, RoleChange change)
    {
        if (change.To.CanTakeWrites())
        {
            return where.Node;
        }

        try
        {
            return await findPrimaryAsync(where, _ending.Token).WaitAsync(s_primaryLimit, time, _ending.Token);
        }
        catch (Exception exception) when (exception is Monitor.MonitorException or TimeoutException)
        {
            return null;
        }
    }
}
