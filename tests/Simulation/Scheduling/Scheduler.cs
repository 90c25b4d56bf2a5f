namespace PgAutoFailover.Simulation.Scheduling;

/// <summary>
/// Virtual time and the one run queue of a simulation. What is ready runs in the order in which it became ready; time passes only when
/// nothing is. Everything happens on the thread that calls <see cref="Run"/>: a continuation that comes from another one has escaped,
/// and with it the determinism, so the run fails.
/// </summary>
internal sealed class Scheduler
{
    private readonly Queue<Turn> _ready = new();

    // The time in the upper half, the order in the lower: with the comparer of the type itself nothing is called for a comparison.
    private readonly PriorityQueue<Turn, UInt128> _later = new(1024);

    private readonly List<object> _kept = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _now;
    private ulong _order;
    private volatile string? _escape;

    /// <summary>Time since the world began, in ticks of 100 ns.</summary>
    public long Now
    {
        get
        {
            CheckThread();
            return _now;
        }
    }

    /// <summary>Ends the run after the present turn.</summary>
    public bool IsToStop { get; set; }

    /// <summary>Turns that have run.</summary>
    public long Turns { get; private set; }

    /// <summary>Told of an exception that nobody caught.</summary>
    public required Action<SimProcess, Exception> Broken { get; init; }

    /// <summary>Has a process run something as soon as what is ready already has run.</summary>
    public void Post(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (CheckThread(state))
        {
            _ready.Enqueue(new(process, callback, state));
        }
    }

    /// <summary>Has a process run something at a time.</summary>
    public void At(long due, SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (CheckThread())
        {
            _later.Enqueue(new(process, callback, state), new UInt128((ulong)Math.Max(due, _now), _order++));
        }
    }

    /// <summary>Has a process run something after a time.</summary>
    public void After(TimeSpan delay, SimProcess process, SendOrPostCallback callback, object? state = null) =>
        At(_now + delay.Ticks, process, callback, state);

    /// <summary>Runs until a moment, or until <see cref="IsToStop"/>.</summary>
    public void Run(long until)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            while (!IsToStop && Advance(until))
            {
                var turn = _ready.Dequeue();
                Turns++;
                Take(turn);
                ThrowIfEscaped();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Keeps something of a dead process from being finalized, which would happen on another thread.</summary>
    public void Keep(object something) => _kept.Add(something);

    /// <summary>Fails when something has run on another thread.</summary>
    public void ThrowIfEscaped()
    {
        if (_escape is { } escape)
        {
            throw new InvalidOperationException($"a continuation has escaped from the simulation's thread:\n{escape}");
        }
    }

    // Time passes here.
    private bool Advance(long until)
    {
        if (_ready.Count > 0)
        {
            return true;
        }

        while (_later.TryPeek(out var turn, out var due))
        {
            var at = (long)(ulong)(due >> 64);
            if (at > (_ready.Count > 0 ? _now : until))
            {
                break;
            }

            _later.Dequeue();
            if (turn.State is not ICancellable { IsCancelled: true })
            {
                _now = at;
                _ready.Enqueue(turn);
            }
        }

        if (_ready.Count > 0)
        {
            return true;
        }

        _now = Math.Max(_now, until);
        return false;
    }

    private void Take(Turn turn)
    {
        var process = turn.Process;
        if (process.Holds(turn))
        {
            return;
        }

        SynchronizationContext.SetSynchronizationContext(process);
        try
        {
            turn.Callback(turn.State);
        }
        catch (Exception e)
        {
            Broken(process, e);
        }
    }

    private bool CheckThread(object? state = null)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        // Not thrown here: on a thread of the pool nobody would catch it.
        _escape ??= $"{(state as Delegate)?.Target ?? state}\n{Environment.StackTrace}";
        return false;
    }
}

/// <summary>State of a turn that may have become needless before its time has come.</summary>
internal interface ICancellable
{
    bool IsCancelled { get; }
}

/// <summary>Something that a process is to run.</summary>
internal readonly record struct Turn(SimProcess Process, SendOrPostCallback Callback, object? State);
