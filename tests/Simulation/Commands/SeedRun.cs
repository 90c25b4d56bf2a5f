using System.Diagnostics;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Commands;

/// <summary>Runs stories of consecutive seeds on a few threads, each story on one of them.</summary>
internal sealed class SeedRun(long from, long count)
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();
    private readonly SortedDictionary<long, Violation> _violations = [];
    private long _taken;
    private volatile bool _isToStop;
    private long _done;
    private long _ticks;
    private long _writes;
    private long _turns;

    // A long run says that it goes on.
    private const int TellEvery = 10_000;

    public Func<GroupView, MonitorSettings, Clock, Decision?> Rules { get; init; } = GroupRules.Decide;

    /// <summary>Ends when safety was lost once.</summary>
    public bool StopsAtFirstSafety { get; init; }

    /// <summary>Told of each violation at once.</summary>
    public Action<string> Tell { get; init; } = Console.WriteLine;

    public IReadOnlyDictionary<long, Violation> Violations => _violations;

    public Violation? Worst => _violations.Values.OrderBy(v => v.Kind).FirstOrDefault();

    public string Summary
    {
        get
        {
            var hours = TimeSpan.FromTicks(_ticks).TotalHours;
            return $"{_done} stories, {hours:F1} simulated hours, {_turns} turns, {_writes} acknowledged writes in {_clock.Elapsed.TotalSeconds:F1} s "
                + $"({hours / _clock.Elapsed.TotalMinutes:F0} hours a minute); violations: {_violations.Count}"
                + string.Concat(_violations.Values.GroupBy(v => v.Kind).Select(g => $", {g.Key.ToString().ToLowerInvariant()} {g.Count()}"));
        }
    }

    public void Run(int threads)
    {
        _clock.Start();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        _clock.Stop();
    }

    private void Work()
    {
        while (Interlocked.Increment(ref _taken) is var taken && taken <= count && !_isToStop)
        {
            Note(from + taken - 1, RunOne((ulong)(from + taken - 1), new Story(isTold: false), Rules));
        }
    }

    /// <summary>Runs one; an exception is a violation, too.</summary>
    public static RunResult RunOne(ulong seed, Story story) => RunOne(seed, story, GroupRules.Decide);

    private static RunResult RunOne(ulong seed, Story story, Func<GroupView, MonitorSettings, Clock, Decision?> rules)
    {
        try
        {
            return SimulationRun.Run(seed, WorldPlan.FromSeed(seed), story, rules);
        }
        catch (Exception e)
        {
            return new RunResult(new Violation(ViolationKind.Crash, e.ToString(), default), default, 0, 0);
        }
    }

    private void Note(long seed, RunResult result)
    {
        lock (_lock)
        {
            _done++;
            _ticks += result.Length.Ticks;
            _writes += result.Writes;
            _turns += result.Turns;
            if (result.Violation is { } violation)
            {
                _violations[seed] = violation;
                _isToStop |= StopsAtFirstSafety && violation.Kind == ViolationKind.Safety;
                Tell($"seed {seed}: {violation.Kind} after {violation.At:mm\\:ss\\.fff}: {violation.What}");
            }

            if (_done % TellEvery == 0)
            {
                Tell($"{_done} stories in {_clock.Elapsed.TotalMinutes:F1} min");
            }
        }
    }
}
