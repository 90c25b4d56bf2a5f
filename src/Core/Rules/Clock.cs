namespace PgAutoFailover.Core.Rules;

/// <summary>The monitor's monotonic clock at the moment of a decision.</summary>
/// <param name="Now">Time on that clock.</param>
/// <param name="StartedAt">When the monitor's service came up, on the same clock.</param>
public readonly record struct Clock(TimeSpan Now, TimeSpan StartedAt);
