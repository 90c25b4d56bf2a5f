using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>
/// A running postmaster with all its processes: recovery, commits, walsenders, a walreceiver. What it knows and has not flushed dies
/// with it.
/// </summary>
internal sealed class PgInstance
{
    private readonly SimNode _node;

    public PgInstance(SimNode node, DataDirectory data)
    {
        (_node, Data) = (node, data);
        Process = node.Host.NewProcess("postgres");
        Commits = new Commits(node, this);
        Senders = new WalSenders(node, this);
        Receiver = new WalReceiving(node, this);
        Recover();
    }

    public SimProcess Process { get; }

    public DataDirectory Data { get; }

    public PostgresPhase Phase { get; private set; } = PostgresPhase.Starting;

    public bool InRecovery { get; private set; }

    public Commits Commits { get; }

    public WalSenders Senders { get; }

    public WalReceiving Receiver { get; }

    /// <summary>Told when the server ends a session, or is gone.</summary>
    public List<Action> Sessions { get; } = [];

    /// <summary>Takes writes now.</summary>
    public bool TakesWrites => Phase == PostgresPhase.Ready && !InRecovery;

    private World World => _node.World;

    /// <summary>Reads the configuration files again, some milliseconds later.</summary>
    public void Reload() => After(World.Chance.Span(1, 12), () =>
    {
        if (!Process.IsDead && Phase is PostgresPhase.Ready or PostgresPhase.Stopping)
        {
            Load();
        }
    });

    /// <summary>Leaves recovery, which takes a moment.</summary>
    public void Promote() => After(World.Chance.Span(5, World.Chance.Is(0.1) ? 1500 : 80), () =>
    {
        if (!InRecovery || Phase != PostgresPhase.Ready)
        {
            return;
        }

        Receiver.End("promotion");
        Senders.EndAll();
        Data.Branch = new WalBranch(Data.Branch.Timeline + 1, Data.Branch, Data.Flushed, _node.Name);
        AppendCheckpoint();
        Data.StandbySignal = false;
        InRecovery = false;
        Data.State = ClusterState.InProduction;
        World.Story.Tell(_node.Name, $"PostgreSQL is a primary now, on timeline {Data.Branch.Timeline} from {Data.Branch.LsnAt(Data.Branch.Fork)}");
        World.Acknowledgers.Check(_node.Group);

        // Others rewind by what the control file says, and that is the old timeline until a checkpoint.
        After(World.Chance.Span(20, 3000), () => Data.ControlTimeline = Data.Branch.Timeline);
    });

    /// <summary>Begins a fast stop: sessions end, a primary writes its checkpoint and hands over what its standbys lack.</summary>
    public void StopFast()
    {
        if (Phase == PostgresPhase.Stopping)
        {
            return;
        }

        var wasPrimary = TakesWrites;
        Phase = PostgresPhase.Stopping;
        EndSessions();
        Commits.Forget();
        Receiver.End("shutdown");
        After(World.Chance.Span(5, World.Chance.Is(0.1) ? 3000 : 150), () =>
        {
            if (wasPrimary)
            {
                AppendCheckpoint();
                Data.State = ClusterState.ShutDown;
                Data.ControlTimeline = Data.Branch.Timeline;
                Senders.Send();
                EndWhenHandedOver(TimeSpan.FromSeconds(6));
            }
            else
            {
                (Data.State, Data.MinRecovery) = (InRecovery ? ClusterState.ShutDownInRecovery : Data.State, Data.Flushed);
                End("shut down");
            }
        });
    }

    /// <summary>Ends at once, as a crash does.</summary>
    public void Kill(string why, bool hostIsGone = false)
    {
        if (Process.IsDead)
        {
            return;
        }

        if (Data.State == ClusterState.InArchiveRecovery)
        {
            Data.MinRecovery = Math.Max(Data.MinRecovery, World.Chance.Between(Data.MinRecovery, Math.Max(Data.MinRecovery, Data.Flushed)));
        }

        End(why, hostIsGone);
    }

    /// <summary>A client writes. Whether it is acknowledged shows later.</summary>
    public void Write()
    {
        if (_node.Host.DiskIsFull)
        {
            Kill("PANIC: could not write to file: No space left on device");
            return;
        }

        Commits.Write(World.Chance.Is(0.02) ? World.Chance.Between(1, 4) << 20 : World.Chance.Between(100, 8000));
    }

    /// <summary>Writes and flushes a checkpoint record.</summary>
    public void AppendCheckpoint()
    {
        Data.Checkpoint = Data.Branch.Count;
        Data.Branch.Append(120);
        Data.Flushed = Data.Branch.Count;
    }

    public PostgresObservation Observe()
    {
        if (Phase != PostgresPhase.Ready)
        {
            return new PostgresObservation { Phase = Phase };
        }

        return new PostgresObservation
        {
            Phase = Phase,
            InRecovery = InRecovery,
            Timeline = Data.Branch.Timeline,
            Lsn = Data.End,
            SystemIdentifier = Data.SystemIdentifier,
            VersionNum = 170000,
            SynchronousStandbyNames = Commits.SyncNames,
            WalSenders = Senders.Observe(),
            WalReceiver = Receiver.Observe(),
        };
    }

    private void Recover()
    {
        var chance = World.Chance;
        var crashed = Data.State is ClusterState.InProduction or ClusterState.InArchiveRecovery;
        After(crashed ? chance.Span(30, chance.Is(0.15) ? 8000 : 900) : chance.Span(20, 250), () =>
        {
            if (_node.Host.DiskIsFull)
            {
                Kill("FATAL: could not write lock file: No space left on device");
                return;
            }

            InRecovery = Data.StandbySignal;
            if (InRecovery)
            {
                (Data.State, Data.Checkpoint) = (ClusterState.InArchiveRecovery, Math.Min(Data.Checkpoint, Data.Flushed));
            }
            else
            {
                StartAsPrimary(crashed);
            }

            Phase = PostgresPhase.Ready;
            Load();
            World.Story.Tell(_node.Name, $"PostgreSQL accepts sessions as a {(InRecovery ? "standby" : "primary")}, at {Data.End} on timeline {Data.Branch.Timeline}");
            if (!InRecovery)
            {
                World.Acknowledgers.Check(_node.Group);
            }

            _node.Pg.Changed();
        });
    }

    // A copy that is started without standby.signal goes on as a second primary of the same timeline.
    private void StartAsPrimary(bool crashed)
    {
        if (Data.Branch.Writer != _node.Name || Data.Branch.Count != Data.Flushed)
        {
            Data.Branch = new WalBranch(Data.Branch.Timeline, Data.Branch, Data.Flushed, _node.Name);
            World.Story.Tell(_node.Name, $"PostgreSQL writes timeline {Data.Branch.Timeline} from {Data.End}, which it did not write so far");
        }

        if (crashed)
        {
            AppendCheckpoint();
        }

        Data.State = ClusterState.InProduction;
    }

    private void Load()
    {
        Commits.SetSync(Data.SyncNames);
        Receiver.Follow(Data.StandbySignal ? Data.Upstream : null);
    }

    private void EndWhenHandedOver(TimeSpan patience)
    {
        if (Senders.AllHaveAll || patience <= TimeSpan.Zero)
        {
            End("shut down");
            return;
        }

        var step = TimeSpan.FromMilliseconds(20);
        After(step, () => EndWhenHandedOver(patience - step));
    }

    private void End(string why, bool hostIsGone = false)
    {
        World.Story.Tell(_node.Name, $"PostgreSQL has ended: {why}");
        if (!InRecovery && ReferenceEquals(Data.Branch.Writer, _node.Name))
        {
            Data.Branch.Truncate(Data.Flushed);
        }

        Phase = PostgresPhase.Down;
        Process.Kill();
        if (!hostIsGone)
        {
            EndSessions();
            Senders.EndAll();
            Receiver.End(why);
        }

        _node.Pg.Ended(this);
    }

    private void EndSessions()
    {
        var ended = Sessions.ToArray();
        Sessions.Clear();
        foreach (var session in ended)
        {
            session();
        }
    }

    private void After(TimeSpan delay, Action action) => World.Scheduler.After(delay, Process, static a => ((Action)a!)(), action);
}
