using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Stories;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>How a run ended.</summary>
/// <param name="Violation">Null when nothing went wrong.</param>
/// <param name="Length">Simulated time.</param>
/// <param name="Turns">Turns of all processes.</param>
/// <param name="Writes">Writes that were acknowledged.</param>
internal sealed record RunResult(Violation? Violation, TimeSpan Length, long Turns, long Writes);

/// <summary>One story from beginning to end: a cluster is made, has trouble for a while, and comes to rest.</summary>
internal sealed class SimulationRun
{
    /// <summary>Time in which a cluster without faults has to be made.</summary>
    private static readonly TimeSpan s_creation = TimeSpan.FromMinutes(4);

    /// <summary>Time in which every group has to be well after faults have stopped.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromMinutes(6);

    /// <summary>How long it has to stay well.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(3);

    /// <summary>Nearly five times as many as the busiest of 2,000 stories needed.</summary>
    private const long MostTurnsInASecond = 25_000;

    private readonly World _world;
    private readonly FaultInjector _faults;
    private readonly Operator _operator;

    private SimulationRun(World world)
    {
        _world = world;
        _operator = new Operator(world);
        _faults = new FaultInjector(world, _operator.OnTrouble);
    }

    public static RunResult Run(ulong seed, WorldPlan plan, Story story) => Run(seed, plan, story, GroupRules.Decide);

    /// <summary>Runs a story, with other rules than Core's where the simulator itself is tested.</summary>
    public static RunResult Run(ulong seed, WorldPlan plan, Story story, Func<GroupView, MonitorSettings, Clock, Decision?> rules)
    {
        var world = new World(seed, plan, story, rules);
        new SimulationRun(world).Run();
        world.Scheduler.ThrowIfEscaped();
        return new RunResult(world.Violation, world.Now, world.Scheduler.Turns, world.Ledger.Count);
    }

    private void Run()
    {
        Begin();
        if (!ComeToRest(s_creation, "the cluster was not made"))
        {
            return;
        }

        _world.Story.Tell("world", $"---- trouble begins: {_world.Plan.Faults}");
        _faults.Start();
        _operator.Start();
        Pass(_world.Plan.Unrest);
        _faults.Stop();
        _operator.Stop();
        _world.Story.Tell("world", $"---- trouble is over");
        if (ComeToRest(s_recovery, "no rest after faults have stopped"))
        {
            CheckLedger();
        }
    }

    private void Begin()
    {
        _world.Monitor.StartService();
        Pass(TimeSpan.FromSeconds(1));
        foreach (var group in _world.Groups)
        {
            if (group.FormationId != "default")
            {
                _operator.Call("create_formation",
                    $"{{\"formation_id\":\"{group.FormationId}\",\"kind\":\"pgsql\",\"dbname\":\"postgres\",\"opt_secondary\":true,\"number_sync_standbys\":0}}");
            }

            foreach (var (node, plan) in group.Nodes.Zip(group.Plan.Nodes))
            {
                node.IsWanted = true;
                _world.Scheduler.After(TimeSpan.FromMilliseconds(200) + plan.Delay, node.Host.Kernel, static n => ((SimNode)n!).StartKeeper(), node);
            }

            group.StartClients();
        }
    }

    private bool ComeToRest(TimeSpan limit, string otherwise)
    {
        var end = _world.Now + limit;
        TimeSpan? since = null;
        string? missing = null;
        while (_world.Violation is null && _world.Now < end)
        {
            missing = _world.Groups.Select(RestCheck.WhatIsMissing).FirstOrDefault(m => m is not null);
            since = missing is null ? since ?? _world.Now : null;
            if (_world.Now - since >= s_calm)
            {
                return true;
            }

            Pass(TimeSpan.FromSeconds(1));
        }

        if (_world.Violation is null)
        {
            _world.Fail(ViolationKind.Liveness, $"{otherwise}: {missing} ({string.Join("; ", _world.Groups.Select(RestCheck.Describe))})");
        }

        return false;
    }

    private void CheckLedger()
    {
        foreach (var group in _world.Groups)
        {
            if (RestCheck.PrimaryOf(group) is { } primary)
            {
                _world.Ledger.CheckAtRest(primary);
            }
        }
    }

    private void Pass(TimeSpan time)
    {
        var end = _world.Now + time;
        while (_world.Violation is null && _world.Now < end)
        {
            var (before, next) = (_world.Scheduler.Turns, _world.Now + TimeSpan.FromSeconds(1));
            _world.Scheduler.Run((next < end ? next : end).Ticks);
            if (_world.Scheduler.Turns - before > MostTurnsInASecond)
            {
                _world.Fail(ViolationKind.Liveness, $"goes round in circles: {_world.Scheduler.Turns - before} turns within a second");
            }
        }
    }
}
