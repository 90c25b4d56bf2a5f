using System.Diagnostics.CodeAnalysis;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What an inquiry came to: a value, or the reason why there is none.</summary>
internal sealed record Reply<T>(T? Value, Exception? Error);

/// <summary>
/// Something that the loop has asked and does not wait for: at most one at a time, whose end wakes the loop. The loop never awaits
/// anything but its signal, so that nothing that hangs can keep it from fencing the node.
/// </summary>
internal sealed class Inquiry<T>(Signal signal, TimeProvider time)
    where T : class
{
    private Task _task = Task.CompletedTask;
    private Reply<T>? _reply;

    /// <summary>From the start until the reply is taken.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>When the one that runs, or ran last, was started.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Asks. Nothing must be running.</summary>
    public void Start(Func<Task<T>> ask)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("one inquiry at a time");
        }

        (IsRunning, StartedAt) = (true, time.GetTimestamp());
        _task = RunAsync(ask);
    }

    /// <summary>Takes the reply where it has arrived.</summary>
    public bool TryTake([NotNullWhen(true)] out Reply<T>? reply)
    {
        reply = Interlocked.Exchange(ref _reply, null);
        IsRunning &= reply is null;
        return reply is not null;
    }

    /// <summary>Waits for what runs, whatever it comes to.</summary>
    public Task EndAsync() => _task;

    private async Task RunAsync(Func<Task<T>> ask)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Reply<T> reply;
        try
        {
            reply = new(await ask(), Error: null);
        }
        catch (Exception e)
        {
            reply = new(Value: null, e);
        }

        Volatile.Write(ref _reply, reply);
        signal.Set();
    }
}
