using PgAutoFailover.Simulation.Scheduling;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>
/// Breaks things at random times, and mends each after a while. When it stops, everything is mended: hosts are up, processes go on,
/// paths are whole, disks have room.
/// </summary>
internal sealed class FaultInjector
{
    private readonly World _world;
    private readonly SimProcess _process;
    private readonly List<Faults> _kinds;
    private readonly Dictionary<object, Action> _broken = [];
    private readonly Action<SimNode> _broke;
    private readonly Succession _succession;
    private bool _isOn;

    /// <param name="world">Where things break.</param>
    /// <param name="broke">Told of the node that something has just happened to.</param>
    public FaultInjector(World world, Action<SimNode> broke)
    {
        _broke = broke;
        (_world, _process) = (world, world.Outside.NewProcess("faults"));
        _succession = new Succession(world, _process, Cut, PowerLoss);
        _kinds = [.. Enum.GetValues<Faults>().Where(k => k is not (Faults.None or Faults.AtSteps or Faults.Operators or Faults.SlowNetwork or Faults.TableEdits or Faults.ForcedDrops)
            && world.Plan.Faults.HasFlag(k))];
    }

    private Chance Chance => _world.Chance;

    public void Start()
    {
        _isOn = true;
        if (_world.Plan.Faults.HasFlag(Faults.AtSteps))
        {
            (_world.FaultsAtSteps, _world.FaultAtStep) = (0.01, AtStep);
        }

        if (_kinds.Count > 0)
        {
            Next();
        }
    }

    /// <summary>Mends everything.</summary>
    public void Stop()
    {
        _isOn = false;
        _world.FaultsAtSteps = 0;
        foreach (var mend in _broken.Values.ToList())
        {
            mend();
        }

        _broken.Clear();
    }

    private void Next() => _world.Scheduler.After(Chance.Until(_world.Plan.FaultEvery), _process, static f => ((FaultInjector)f!).Break(), this);

    private void Break()
    {
        if (!_isOn)
        {
            return;
        }

        Break(Chance.In(_kinds));

        // Trouble seldom comes alone.
        while (Chance.Is(0.15))
        {
            Break(Chance.In(_kinds));
        }

        Next();
    }

    private void Break(Faults kind)
    {
        var node = Chance.In(_world.Nodes.ToList());
        switch (kind)
        {
            case Faults.KillPostgres:
                node.Pg.Instance?.Kill("killed");
                break;
            case Faults.KillKeeper:
                KillKeeper(node);
                break;
            case Faults.PowerLoss:
                PowerLoss(node, Some(3000, 90_000));
                break;
            case Faults.Partition:
            case Faults.OneWay:
                Partition(node, isOneWay: kind == Faults.OneWay);
                break;
            case Faults.Reset:
                _world.Story.Tell(node.Name, $"its connections to the monitor are reset");
                _world.Monitor.Reset(node.Host);
                break;
            case Faults.FreezeKeeper:
                FreezeKeeper(node);
                break;
            case Faults.FreezePostgres:
                FreezePostgres(node);
                break;
            case Faults.FreezeHost:
                FreezeKeeper(node);
                FreezePostgres(node);
                break;
            case Faults.ClockJump:
                node.Host.WallOffset = Chance.Span(-7_200_000, 7_200_000);
                _world.Story.Tell(node.Name, $"its wall clock is set {node.Host.WallOffset.TotalSeconds:F0} s off");
                break;
            case Faults.KillMonitor:
                KillMonitor();
                break;
            case Faults.MonitorDatabase:
                StopMonitorDatabase();
                break;
            case Faults.DiskFull:
                FillDisk(node);
                break;
            case Faults.StartFailure:
                PreventStart(node);
                break;
            case Faults.Succession:
                _succession.Begin(node.Group);
                break;
        }

        _broke(node);
    }

    private void AtStep(SimNode node, string point)
    {
        _world.Story.Tell(node.Name, $"at the point \"{point}\":");
        switch (Chance.Below(5))
        {
            case 0:
                node.Pg.Instance?.Kill("killed");
                break;
            case 1:
                PowerLoss(node, Some(3000, 90_000));
                break;
            case 2:
                FreezeKeeper(node);
                break;
            default:
                KillKeeper(node);
                break;
        }
    }

    private void KillKeeper(SimNode node)
    {
        node.KillKeeper();
        Mend(("keeper", node), Some(200, 40_000), node.StartKeeper);
    }

    private void PowerLoss(SimNode node, TimeSpan length)
    {
        if (!node.Host.IsUp)
        {
            return;
        }

        node.PowerOff();
        Mend(("power", node), length, () =>
        {
            node.PowerOn();
            node.StartKeeper();
        });
    }

    private void FreezeKeeper(SimNode node)
    {
        if (node.Keeper is { Process.IsFrozen: false } keeper)
        {
            node.FreezeKeeper();
            Mend(("frozen keeper", node), Some(500, 60_000), () =>
            {
                if (ReferenceEquals(node.Keeper, keeper))
                {
                    node.ThawKeeper();
                }
            });
        }
    }

    private void FreezePostgres(SimNode node)
    {
        if (node.Pg is { IsFrozen: false, Instance: not null })
        {
            _world.Story.Tell(node.Name, $"PostgreSQL is stopped (SIGSTOP)");
            node.Pg.Freeze();
            Mend(("frozen server", node), Some(500, 60_000), () =>
            {
                _world.Story.Tell(node.Name, $"PostgreSQL goes on (SIGCONT)");
                node.Pg.Thaw();
            });
        }
    }

    private void Partition(SimNode node, bool isOneWay)
    {
        var others = _world.Nodes.Where(n => n != node && n.Group == node.Group).Select(n => n.Host).Append(_world.Monitor.Host).ToList();
        var all = Chance.Is(0.4);
        foreach (var other in all ? others : [Chance.In(others)])
        {
            var (from, to) = Chance.Is(0.5) ? (node.Host, other) : (other, node.Host);
            Cut(from, to);
            if (!isOneWay)
            {
                Cut(to, from);
            }
        }
    }

    private void Cut(SimHost from, SimHost to)
    {
        if (_world.Network.IsCut(from, to))
        {
            return;
        }

        _world.Story.Tell("network", $"nothing from {from} reaches {to}");
        _world.Network.Cut(from, to);
        Mend(("path", from, to), Some(500, 90_000), () =>
        {
            _world.Story.Tell("network", $"{from} reaches {to} again");
            _world.Network.Heal(from, to);
        });
    }

    private void KillMonitor()
    {
        var monitor = _world.Monitor;
        if (Chance.Is(0.3) && monitor.Host.IsUp)
        {
            monitor.PowerOff();
        }
        else
        {
            monitor.KillService();
        }

        Mend("monitor", Some(100, 40_000), monitor.PowerOn);
    }

    private void StopMonitorDatabase()
    {
        _world.Monitor.StopDatabase();
        Mend("database", Some(100, 15_000), _world.Monitor.StartDatabase);
    }

    private void FillDisk(SimNode node)
    {
        _world.Story.Tell(node.Name, $"its disk is full");
        node.Host.DiskIsFull = true;
        Mend(("disk", node), Some(1000, 60_000), () =>
        {
            _world.Story.Tell(node.Name, $"its disk has room again");
            node.Host.DiskIsFull = false;
        });
    }

    private void PreventStart(SimNode node)
    {
        _world.Story.Tell(node.Name, $"PostgreSQL is killed and cannot start");
        node.Pg.CannotStart = true;
        node.Pg.Instance?.Kill("killed");
        Mend(("start", node), Some(1000, 60_000), () =>
        {
            _world.Story.Tell(node.Name, $"PostgreSQL could start again");
            node.Pg.CannotStart = false;
        });
    }

    // Most troubles are short, some are long.
    private TimeSpan Some(double leastMs, double mostMs) => Chance.Is(0.6) ? Chance.Span(leastMs, mostMs / 6) : Chance.Span(leastMs, mostMs);

    private void Mend(object what, TimeSpan after, Action mend)
    {
        _broken[what] = mend;
        _world.Scheduler.After(after, _process, _ =>
        {
            if (_broken.TryGetValue(what, out var due) && ReferenceEquals(due, mend))
            {
                _broken.Remove(what);
                mend();
            }
        });
    }
}
