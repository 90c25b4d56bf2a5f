using System.Globalization;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Demo;

/// <summary>What a run has measured, as two tables: each client's times, and how all of them are spread.</summary>
internal static class DemoReport
{
    private const int BarWidth = 45;
    private const string LeastTitle = "Min Connect Time (ms)";

    public static void Write(TextWriter writer, IReadOnlyCollection<ConnectTime> times)
    {
        WriteStatistics(writer, ConnectStatistics.Of(times));
        WriteHistogram(writer, HistogramBar.Of(times));
    }

    private static void WriteStatistics(TextWriter writer, List<ConnectStatistics> rows) => PsqlTable.Write(
        writer,
        [
            ("Client", Alignment.Left), ("Connections", Alignment.Right), ("Retries", Alignment.Right), (LeastTitle, Alignment.Right),
            ("max", Alignment.Right), ("p95", Alignment.Right), ("p99", Alignment.Right),
        ],
        rows.ConvertAll(r => (string[])[r.Client, Text(r.Connections), Text(r.Retries), Milliseconds(r.Least), Milliseconds(r.Most), Milliseconds(r.P95), Milliseconds(r.P99)]));

    private static void WriteHistogram(TextWriter writer, List<HistogramBar> bars)
    {
        var highest = bars.Select(b => b.Count).DefaultIfEmpty(1).Max();
        PsqlTable.Write(
            writer,
            [(LeastTitle, Alignment.Right), ("max", Alignment.Right), ("freq", Alignment.Right), ("bar", Alignment.Ragged)],
            bars.ConvertAll(b => (string[])[Milliseconds(b.Least), Milliseconds(b.Most), Text(b.Count), b.Draw(highest, BarWidth)]));
    }

    private static string Milliseconds(double microseconds) => (microseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
