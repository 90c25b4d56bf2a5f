using PgAutoFailover.Simulation.Scheduling;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>A machine: it is up or down, its disk may be full, its wall clock may be wrong.</summary>
internal sealed class SimHost(World world, string name, int index)
{
    public string Name { get; } = name;

    /// <summary>Its place in the network.</summary>
    public int Index { get; } = index;

    public World World => world;

    public bool IsUp { get; private set; } = true;

    public bool DiskIsFull { get; set; }

    public TimeSpan WallOffset { get; set; }

    /// <summary>What answers where no process listens. Another one after each boot.</summary>
    public SimProcess Kernel { get; private set; } = new(world.Scheduler, name);

    public SimProcess NewProcess(string program) => new(world.Scheduler, $"{Name} {program}");

    public SimTime TimeOf(SimProcess process) => new(process, () => WallOffset);

    public void PowerOff()
    {
        IsUp = false;
        Kernel.Kill();
    }

    public void Boot()
    {
        IsUp = true;
        Kernel = NewProcess("kernel");
    }

    public override string ToString() => Name;
}
