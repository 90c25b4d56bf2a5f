using System.Globalization;

namespace PgAutoFailover.Chaos;

/// <param name="Length">For how long new faults begin.</param>
/// <param name="Seed">Which story is told: which faults, when, of whom.</param>
/// <param name="Writers">Applications that write at the same time; as many read.</param>
internal sealed record ChaosOptions(TimeSpan Length, int Seed, int Writers)
{
    internal const string Usage = """
        usage: ./build.sh chaos [--minutes M] [--seed N] [--writers N]

          --minutes M   for how long new faults begin (default 10)
          --seed N      which story is told (default: another one each time; it is printed)
          --writers N   applications that write at the same time, and as many that read (default 3)

        Exit code: 0 all is well, 1 the run itself broke, 2 wrong usage, 3 safety was lost, 4 the group did not come to rest.
        Partitions need root.
        """;

    internal static ChaosOptions? Parse(string[] args)
    {
        var options = new ChaosOptions(TimeSpan.FromMinutes(10), Random.Shared.Next(1, 1_000_000), Writers: 3);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || value < 0)
            {
                return null;
            }

            switch (args[i])
            {
                case "--minutes":
                    options = options with { Length = TimeSpan.FromMinutes(value) };
                    break;
                case "--seed":
                    options = options with { Seed = (int)value };
                    break;
                case "--writers":
                    options = options with { Writers = (int)value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
