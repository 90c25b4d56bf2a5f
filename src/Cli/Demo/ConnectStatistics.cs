using System.Globalization;

namespace PgAutoFailover.Cli.Demo;

/// <summary>How long a client took to get a session with the host that takes writes, retries included.</summary>
internal sealed record ConnectTime(int Client, int Retries, long Microseconds);

/// <summary>The times of one client, or of all, summed up.</summary>
internal sealed record ConnectStatistics(string Client, int Connections, int Retries, double Least, double Most, double P95, double P99)
{
    /// <summary>One for each client in their order, then one for all together; none where nothing was measured.</summary>
    public static List<ConnectStatistics> Of(IReadOnlyCollection<ConnectTime> times)
    {
        var rows = times.GroupBy(t => t.Client).OrderBy(g => g.Key)
            .Select(g => Sum(string.Create(CultureInfo.InvariantCulture, $"Client {g.Key}"), [.. g])).ToList();
        if (rows.Count > 0)
        {
            rows.Add(Sum("All Clients Combined", times));
        }

        return rows;
    }

    /// <summary>The value below which that part of the sorted values lies, between two of them as far as needed (PostgreSQL's <c>percentile_cont</c>).</summary>
    public static double Percentile(IReadOnlyList<long> sorted, double part)
    {
        var place = part * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    private static ConnectStatistics Sum(string client, IReadOnlyCollection<ConnectTime> times)
    {
        var sorted = times.Select(t => t.Microseconds).Order().ToList();
        return new ConnectStatistics(
            client, sorted.Count, times.Sum(t => t.Retries), sorted[0], sorted[^1], Percentile(sorted, 0.95), Percentile(sorted, 0.99));
    }
}
