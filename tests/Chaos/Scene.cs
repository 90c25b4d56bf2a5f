using PgAutoFailover.Chaos.Faults;
using PgAutoFailover.Harness;

namespace PgAutoFailover.Chaos;

/// <summary>One to three faults that begin and end at chosen moments. Afterwards nothing is wrong any more.</summary>
internal sealed class Scene
{
    /// <summary>Longer than every timeout of an impatient cluster, so that most faults are noticed and acted on.</summary>
    private const double LongestSeconds = 14;

    private readonly List<(TimeSpan At, Func<CancellationToken, Task> Act)> _acts = [];

    private Scene(IReadOnlyList<Fault> faults, Random chance)
    {
        Faults = faults;
        TimeSpan first = TimeSpan.Zero;
        foreach (Fault fault in faults)
        {
            // At once, a moment later, or while the consequences of the one before unfold.
            first += TimeSpan.FromSeconds(_acts.Count == 0 || chance.Next(3) == 0 ? 0 : chance.NextDouble() * (chance.Next(2) == 0 ? 1 : 8));
            _acts.Add((first, fault.BeginAsync));
            _acts.Add((first + TimeSpan.FromSeconds(chance.NextDouble() * (chance.Next(3) == 0 ? 1 : LongestSeconds)), fault.EndAsync));
        }

        _acts.Sort((a, b) => a.At.CompareTo(b.At));
    }

    internal IReadOnlyList<Fault> Faults { get; }

    /// <summary>As the table at the end counts it.</summary>
    internal string Kind => Faults is [var one] ? one.Kind : "several at once";

    internal static Scene Draw(Stage stage, bool cutsLinks)
    {
        FaultKind[] kinds = [.. Kills.All, .. Freezes.All, .. OperatorCommands.All, .. cutsLinks ? Partitions.All : []];
        var faults = new List<Fault>();
        int wanted = stage.Chance.Next(10) switch { < 5 => 1, < 9 => 2, _ => 3 };
        while (faults.Count < wanted)
        {
            Fault drawn = Pick(kinds, stage.Chance).Make(stage);
            if (!faults.Exists(f => f.Touches.Intersect(drawn.Touches).Any() || (f.IsPartition && drawn.IsPartition)))
            {
                faults.Add(drawn);
            }
        }

        return new Scene(faults, stage.Chance);
    }

    internal async Task PlayAsync(CancellationToken cancellationToken)
    {
        TimeSpan began = Clock.Now;
        foreach ((TimeSpan at, Func<CancellationToken, Task> act) in _acts)
        {
            TimeSpan wait = began + at - Clock.Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, cancellationToken);
            }

            await act(cancellationToken);
        }

        foreach (Fault fault in Faults)
        {
            await fault.MendAsync(cancellationToken);
        }
    }

    private static FaultKind Pick(FaultKind[] kinds, Random chance)
    {
        int left = chance.Next(kinds.Sum(k => k.Weight));
        return kinds.First(k => (left -= k.Weight) < 0);
    }
}
