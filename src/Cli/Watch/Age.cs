using System.Globalization;

namespace PgAutoFailover.Cli.Watch;

/// <summary>An interval in six characters at most, the two greatest units of it.</summary>
internal static class Age
{
    public static string Text(TimeSpan? interval) => interval switch
    {
        null => "-",
        // The monitor's clock was set back.
        { Ticks: < 0 } => "0s",
        { TotalMinutes: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s"),
        { TotalHours: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds:00}s"),
        { TotalDays: < 1 } age => string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h{age.Minutes:00}m"),
        { TotalDays: < 100 } age => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d{age.Hours:00}h"),
        { } age => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d"),
    };
}
