using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>PostgreSQL on one host: the data directory, and the postmaster that runs on it, if one does.</summary>
internal sealed class SimPostgres(SimNode node)
{
    /// <summary>Told when the postmaster came up or ended: by the keeper that runs.</summary>
    public Action<PgInstance>? Watcher { get; set; }

    public DataDirectory? Data { get; set; }

    public PgInstance? Instance { get; private set; }

    /// <summary>A note beside the data directory: it was being rewritten.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>The operating system does not let it start.</summary>
    public bool CannotStart { get; set; }

    public bool IsFrozen { get; private set; }

    /// <summary>A postmaster on the data directory.</summary>
    public PgInstance Launch()
    {
        Instance = new PgInstance(node, Data!); // whoever launches has looked
        if (IsFrozen)
        {
            Instance.Process.Freeze();
        }

        return Instance;
    }

    public void Changed()
    {
        if (Instance is { } instance)
        {
            Watcher?.Invoke(instance);
        }
    }

    /// <summary>The postmaster is gone.</summary>
    public void Ended(PgInstance instance)
    {
        if (ReferenceEquals(instance, Instance))
        {
            Instance = null;
            Watcher?.Invoke(instance);
            node.World.Acknowledgers.Check(node.Group);
        }
    }

    /// <summary>A connection arrives at the port: answered by the server when it gets to it, or refused.</summary>
    public void OnSession(Action<PgInstance?> handle)
    {
        if (Instance is { } instance)
        {
            node.World.Scheduler.Post(instance.Process, static s =>
            {
                var (handle, instance) = ((Action<PgInstance?>, PgInstance))s!;
                handle(instance);
            }, (handle, instance));
        }
        else
        {
            handle(null);
        }
    }

    public void Freeze()
    {
        IsFrozen = true;
        Instance?.Process.Freeze();
    }

    public void Thaw()
    {
        IsFrozen = false;
        Instance?.Process.Thaw();
    }
}
