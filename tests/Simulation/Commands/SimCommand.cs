using System.Diagnostics;
using System.Globalization;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Commands;

/// <summary>Simulations from the command line: many seeds, or the whole story of one.</summary>
internal static class SimCommand
{
    private const string Usage = """
        usage: ./build.sh sim [--seeds N] [--from S] [--threads N]   run N stories (default 1000), from seed S on (default 1)
               ./build.sh sim --replay SEED                           tell the story of one seed
               ./build.sh sim --quiet HOURS [--nodes N]               measure: a cluster that nothing happens to
               ./build.sh sim --mutations SEEDS                       switch off one safety rule after the other: each must be missed
               ./build.sh sim --conditions SEEDS                      leave out every condition in turn: which are missed?

        Exit code: 0 all is well, 1 the product broke, 2 wrong usage, 3 safety was lost, 4 a group did not come to rest.
        """;

    public static int Run(IReadOnlyList<string> args)
    {
        var options = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not ("--seeds" or "--from" or "--threads" or "--replay" or "--quiet" or "--nodes" or "--mutations" or "--conditions")
                || i + 1 == args.Count || !long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var value))
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            options[args[i]] = value;
        }

        var threads = (int)options.GetValueOrDefault("--threads", Environment.ProcessorCount);
        return options.TryGetValue("--replay", out var seed) ? Replay((ulong)seed)
            : options.TryGetValue("--mutations", out var most) ? Mutate(Mutation.All, most, threads)
            : options.TryGetValue("--conditions", out most) ? Mutate(Mutation.EveryCondition, most, threads)
            : options.TryGetValue("--quiet", out var hours) ? Measure(TimeSpan.FromHours(hours), (int)options.GetValueOrDefault("--nodes", 2))
            : RunMany(options.GetValueOrDefault("--from", 1), options.GetValueOrDefault("--seeds", 1000), threads);
    }

    private static int Replay(ulong seed)
    {
        var story = new Story(isTold: true);
        var result = SeedRun.RunOne(seed, story);
        Console.Write(story);
        Console.WriteLine(result.Violation is { } violation ? $"seed {seed}: {violation.Kind} after {violation.At}: {violation.What}" : $"seed {seed}: all is well");
        return ExitCode(result.Violation);
    }

    private static int Measure(TimeSpan length, int nodes)
    {
        var clock = Stopwatch.StartNew();
        var result = SimulationRun.Run(1, WorldPlan.Quiet(nodes, length), new Story(isTold: false));
        Console.WriteLine($"{result.Length.TotalHours:F1} simulated hours of {nodes} nodes in {clock.Elapsed.TotalSeconds:F1} s: "
            + $"{result.Length.TotalHours / clock.Elapsed.TotalMinutes:F0} hours a minute, {result.Turns} turns, {result.Writes} writes");
        return ExitCode(result.Violation);
    }

    private static int Mutate(IEnumerable<Mutation> mutations, long most, int threads)
    {
        var missed = 0;
        foreach (var mutation in mutations)
        {
            var found = MutationSearch.Find(mutation, 1, most, threads);
            missed += found is null ? 1 : 0;
            Console.WriteLine($"without {mutation}: {(found is { } story ? $"seed {story.Seed}: {story.What}" : "NOTHING FOUND")}");
        }

        return missed == 0 ? 0 : 3;
    }

    private static int RunMany(long from, long count, int threads)
    {
        var run = new SeedRun(from, count);
        run.Run(threads);
        Console.WriteLine(run.Summary);
        return ExitCode(run.Worst);
    }

    private static int ExitCode(Violation? violation) => violation?.Kind switch
    {
        null => 0,
        ViolationKind.Crash => 1,
        ViolationKind.Safety => 3,
        _ => 4,
    };
}
