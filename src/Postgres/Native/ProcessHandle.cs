using System.Runtime.InteropServices;

namespace PgAutoFailover.Postgres.Native;

/// <summary>
/// A process of this machine, whoever started it, held by a pidfd: its end is seen at once, and a signal can never reach another
/// process that was given the same pid later.
/// </summary>
internal sealed class ProcessHandle
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _pidfd;
    private bool _closed;

    private ProcessHandle(int pid, int pidfd)
    {
        Pid = pid;
        _pidfd = pidfd;
    }

    public int Pid { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited => _exited.Task;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Null when there is no such process (any more).</summary>
    public static ProcessHandle? TryOpen(int pid)
    {
        var pidfd = Libc.PidfdOpen(pid);
        if (pidfd < 0)
        {
            return null;
        }

        var handle = new ProcessHandle(pid, pidfd);

        // A blocked thread costs no processor time. It ends with the process it watches, and does not keep ours alive.
        new Thread(handle.Watch, maxStackSize: 128 * 1024) { IsBackground = true, Name = $"watch {pid}" }.Start();
        return handle;
    }

    /// <summary>Sends a signal; does nothing when the process has ended.</summary>
    public void Signal(int signal)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _ = Libc.PidfdSendSignal(_pidfd, signal);
            }
        }
    }

    /// <summary>Waits for its end: true when it ended, false when the time was over first.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Exited.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Watch()
    {
        const int Interrupted = 4;
        var poll = new Libc.PollDescriptor { Descriptor = _pidfd, Events = Libc.PollIn };
        while (Libc.Poll(ref poll, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // A signal of ours came between; wait on.
        }

        lock (_lock)
        {
            _closed = true;
            _ = Libc.Close(_pidfd);

            InheritedChildren.TakeNoteOfEnd(Pid);
        }

        _exited.SetResult();
    }
}
