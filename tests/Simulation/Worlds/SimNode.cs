using System.Globalization;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Simulation.Keepers;
using PgAutoFailover.Simulation.Servers;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>A data node: its host, its PostgreSQL, its keeper and the keeper's files.</summary>
internal sealed class SimNode
{
    public const int Port = 5432;
    private int _creations;

    public SimNode(SimGroup group, string name, NodePlan plan)
    {
        (Group, Name) = (group, name);
        Host = group.World.NewHost(name);
        Pg = new SimPostgres(this);
        Creation = new CreationOptions
        {
            FormationId = group.FormationId,
            Name = name,
            Host = name,
            Port = Port,
            DbName = "postgres",
            PgData = "/data",
            CandidatePriority = plan.Priority,
            ReplicationQuorum = plan.Quorum,
        };
    }

    public SimGroup Group { get; }

    public string Name { get; }

    public SimHost Host { get; }

    public SimPostgres Pg { get; }

    public World World => Group.World;

    public CreationOptions Creation { get; set; }

    /// <summary>The same, for a creation of its own: what it calls its registration must be the same whenever this story is told.</summary>
    public CreationOptions NextCreation() => Creation with { RegistrationId = string.Create(CultureInfo.InvariantCulture, $"{Name}#{++_creations}") };

    /// <summary>As the monitor has assigned it; 0 before.</summary>
    public long Id { get; set; }

    /// <summary>The keeper's state file.</summary>
    public KeeperState? State { get; set; }

    /// <summary>The keeper's init file.</summary>
    public InitRecord? Init { get; set; }

    public SimKeeper? Keeper { get; private set; }

    /// <summary>The next start of the keeper creates the node first.</summary>
    public bool IsToBeCreated { get; set; } = true;

    /// <summary>The node is meant to be a member: its keeper is started again when it dies.</summary>
    public bool IsWanted { get; set; }

    /// <summary>An operator has removed it by force: what it holds and does counts for nothing any more.</summary>
    public bool IsForcedOut { get; set; }

    /// <summary>Until when its keeper cannot be expected to have fenced it: it does not run, or has just begun a lease.</summary>
    public TimeSpan UnattendedUntil { get; private set; }

    /// <summary>The server that it had when another node took over, relying on a lease that no keeper kept here; whatever the settings become later.</summary>
    public PgInstance? Unfenced { get; set; }

    public static string StandbyName(long nodeId) => string.Create(CultureInfo.InvariantCulture, $"pgautofailover_standby_{nodeId}");

    public void StartKeeper()
    {
        if (Host.IsUp && IsWanted && Keeper is null)
        {
            World.Story.Tell(Name, $"pg_autoctl starts");
            Keeper = new SimKeeper(this);
            Attend();
            Keeper.Start();
        }
    }

    public void KillKeeper(bool hostIsGone = false)
    {
        if (Keeper is { } keeper)
        {
            World.Story.Tell(Name, $"pg_autoctl is killed");
            Keeper = null;
            Pg.Watcher = null;
            UnattendedUntil = TimeSpan.MaxValue;
            keeper.Kill(hostIsGone);
        }
    }

    /// <summary>It has ended by itself: the node was dropped.</summary>
    public void KeeperEnded()
    {
        Keeper?.Kill(hostIsGone: false);
        (Keeper, IsWanted, Pg.Watcher) = (null, false, null);
    }

    public void PowerOff()
    {
        World.Story.Tell(Name, $"the host loses power");
        KillKeeper(hostIsGone: true);
        Pg.Thaw();
        Pg.Instance?.Kill("power loss", hostIsGone: true);
        Host.PowerOff();
        World.Acknowledgers.Check(Group);
    }

    public void PowerOn()
    {
        if (!Host.IsUp)
        {
            World.Story.Tell(Name, $"the host boots");
            Host.Boot();
        }
    }

    public void FreezeKeeper()
    {
        World.Story.Tell(Name, $"the keeper is stopped (SIGSTOP)");
        UnattendedUntil = TimeSpan.MaxValue;
        Keeper?.Process.Freeze();
    }

    public void ThawKeeper()
    {
        World.Story.Tell(Name, $"the keeper goes on (SIGCONT)");
        if (Keeper is { } keeper)
        {
            keeper.Process.Thaw();
            Attend();
        }
    }

    public override string ToString() => Name;

    // A keeper that begins, or goes on, has a lease of its own to wait for.
    private void Attend() => UnattendedUntil = World.Now + World.Plan.NetworkPartitionTimeout + TimeSpan.FromSeconds(10);
}
