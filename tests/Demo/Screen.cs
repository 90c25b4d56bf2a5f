using System.Globalization;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using Spectre.Console;

namespace PgAutoFailover.Demo;

/// <summary>What the demo shows: lines as things happen, and tables. Plain text where the output is not a terminal.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    private TimeSpan _stepStarted;

    internal Screen()
    {
        if (Console.IsOutputRedirected)
        {
            _console.Profile.Width = 160;
        }
    }

    internal void Say(string text) => _console.MarkupLineInterpolated($"{text}");

    internal void Fail(string text) => _console.MarkupLineInterpolated($"[red]{text}[/]");

    internal void Begin(string title)
    {
        _stepStarted = Clock.Now;
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]{title}[/]");
    }

    internal void Note(TimeSpan at, string text) => Line(at, text);

    internal void Note(string text) => Line(Clock.Now, text);

    internal void Show(ClusterStatus status) => Line(status.At, status.Error is null ? Columns(status) : "the monitor cannot be read: " + status.Error);

    internal void Summarize(IReadOnlyCollection<StepResult> results, TimeSpan total)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns(
            new TableColumn("what happened"),
            new TableColumn("longest time between two\nacknowledged writes").RightAligned(),
            new TableColumn("acknowledged").RightAligned(),
            new TableColumn("missing").RightAligned(),
            new TableColumn("primary and secondary again").RightAligned(),
            new TableColumn("primary then"));
        foreach (StepResult result in results)
        {
            table.AddRow(
                Markup.Escape(result.Title),
                Milliseconds(result.LongestGap),
                result.Acknowledged.ToString(CultureInfo.InvariantCulture),
                result.Missing == 0 ? "[green]0[/]" : $"[red bold]{result.Missing}[/]",
                Markup.Escape(result.SettledText),
                result.Primary);
        }

        _console.WriteLine();
        _console.Write(table);
        _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"All of it took {total.TotalSeconds:0} s.");
    }

    internal static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:#,0} ms");

    private static string Columns(ClusterStatus status) => string.Join("   ", status.Nodes.Select(n =>
        $"{n.Name} {(n.IsSettled ? n.Reported : n.Reported + " ➜ " + n.Goal)}{(n.Health == 0 ? " (unhealthy)" : "")}".PadRight(42))).TrimEnd();

    private void Line(TimeSpan at, string text) => _console.MarkupLineInterpolated(
        CultureInfo.InvariantCulture, $"  [grey]{(at - _stepStarted).TotalSeconds,7:0.00} s[/]  {text}");
}
