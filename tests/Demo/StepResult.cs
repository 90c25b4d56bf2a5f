using System.Globalization;

namespace PgAutoFailover.Demo;

/// <summary>What a step of the demo measured.</summary>
/// <param name="Title">What was done.</param>
/// <param name="LongestGap">The longest time between two acknowledged writes.</param>
/// <param name="Acknowledged">Rows acknowledged during the step.</param>
/// <param name="Missing">Rows acknowledged since the start of the demo that the primary does not have: must be none.</param>
/// <param name="Settled">Time until there were a primary and a secondary again, counted from the fault.</param>
/// <param name="SinceRestart">The same, counted from the start of the killed node, where one was killed.</param>
/// <param name="Primary">Who is primary afterwards.</param>
internal sealed record StepResult(
    string Title, TimeSpan LongestGap, int Acknowledged, int Missing, TimeSpan Settled, TimeSpan? SinceRestart, string Primary)
{
    internal string SettledText => SinceRestart is { } restart
        ? string.Create(CultureInfo.InvariantCulture, $"{Settled.TotalSeconds:0.0} s ({restart.TotalSeconds:0.0} s after its start)")
        : string.Create(CultureInfo.InvariantCulture, $"{Settled.TotalSeconds:0.0} s");
}
