using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Monitor.Settings;

/// <summary>What groups are judged by: the settings in force, and Core's rules.</summary>
internal sealed class SettingsSource
{
    private MonitorSettings _current = MonitorSettings.Default;

    public MonitorSettings Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>Another set of rules only in tests, which switch one off to see that it is missed.</summary>
    public Func<GroupView, MonitorSettings, Clock, Decision?> Rules { get; init; } = GroupRules.Decide;
}
